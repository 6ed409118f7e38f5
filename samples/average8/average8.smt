; average8: (a + b + 1) / 2 of two bytes, rounded up. The arguments' registers hold garbage above bit 7.
(set-logic QF_BV)
(set-info :kernel "uint8_t average8(uint8_t a, uint8_t b)")
(set-info :instructions 1000)
(declare-const a (_ BitVec 8))
(declare-const b (_ BitVec 8))
(declare-const result (_ BitVec 8))
(define-fun wide ((v (_ BitVec 8))) (_ BitVec 16) ((_ zero_extend 8) v))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= (wide result) (bvlshr (bvadd (wide a) (wide b) #x0001) #x0001)))
