; smulhi64: the upper half of the signed 128-bit product.
(set-logic QF_BV)
(set-info :kernel "int64_t smulhi64(int64_t a, int64_t b)")
(set-info :instructions 1000)
(declare-const a (_ BitVec 64))
(declare-const b (_ BitVec 64))
(declare-const result (_ BitVec 64))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result
     ((_ extract 127 64) (bvmul ((_ sign_extend 64) a) ((_ sign_extend 64) b)))))
