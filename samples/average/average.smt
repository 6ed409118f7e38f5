; average: (a + b) / 2 rounded down, without losing the sum's 33rd bit.
(set-logic QF_BV)
(set-info :kernel "uint32_t average(uint32_t a, uint32_t b)")
(set-info :instructions 1000)
(declare-const a (_ BitVec 32))
(declare-const b (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= ((_ zero_extend 1) result)
     (bvlshr (bvadd ((_ zero_extend 1) a) ((_ zero_extend 1) b)) ((_ zero_extend 1) #x00000001))))
