; mulhi64: the upper half of the unsigned 128-bit product.
(set-logic QF_BV)
(set-info :kernel "uint64_t mulhi64(uint64_t a, uint64_t b)")
(set-info :instructions 1000)
(declare-const a (_ BitVec 64))
(declare-const b (_ BitVec 64))
(declare-const result (_ BitVec 64))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result
     ((_ extract 127 64) (bvmul ((_ zero_extend 64) a) ((_ zero_extend 64) b)))))
