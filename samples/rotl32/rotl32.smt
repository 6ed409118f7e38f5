; rotl32: x rotated to the left by n modulo 32, for every n.
(set-logic QF_BV)
(set-info :kernel "uint32_t rotl32(uint32_t x, uint32_t n)")
(set-info :instructions 1000)
(declare-const x (_ BitVec 32))
(declare-const n (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun count () (_ BitVec 32) (bvurem n #x00000020))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result (bvor (bvshl x count) (bvlshr x (bvsub #x00000020 count)))))
