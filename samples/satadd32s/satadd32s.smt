; satadd32s: a + b, or the nearer end of the signed words where the sum does not fit.
(set-logic QF_BV)
(set-info :kernel "int32_t satadd32s(int32_t a, int32_t b)")
(set-info :instructions 1000)
(declare-const a (_ BitVec 32))
(declare-const b (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun sum () (_ BitVec 33) (bvadd ((_ sign_extend 1) a) ((_ sign_extend 1) b)))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= ((_ sign_extend 1) result)
     (ite (bvslt sum ((_ sign_extend 1) #x80000000)) ((_ sign_extend 1) #x80000000)
     (ite (bvsgt sum ((_ sign_extend 1) #x7fffffff)) ((_ sign_extend 1) #x7fffffff)
          sum))))
