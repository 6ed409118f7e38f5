; satadd32u: a + b, or the greatest unsigned word where the sum does not fit.
(set-logic QF_BV)
(set-info :kernel "uint32_t satadd32u(uint32_t a, uint32_t b)")
(set-info :instructions 1000)
(declare-const a (_ BitVec 32))
(declare-const b (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun sum () (_ BitVec 33) (bvadd ((_ zero_extend 1) a) ((_ zero_extend 1) b)))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result (ite (= ((_ extract 32 32) sum) #b1) #xffffffff ((_ extract 31 0) sum))))
