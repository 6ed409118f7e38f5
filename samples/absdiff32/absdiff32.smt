; absdiff32: the distance of two signed words, which always fits an unsigned word.
(set-logic QF_BV)
(set-info :kernel "uint32_t absdiff32(int32_t a, int32_t b)")
(set-info :instructions 1000)
(declare-const a (_ BitVec 32))
(declare-const b (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun difference () (_ BitVec 33) (bvsub ((_ sign_extend 1) a) ((_ sign_extend 1) b)))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= ((_ zero_extend 1) result)
     (ite (= ((_ extract 32 32) difference) #b1) (bvneg difference) difference)))
