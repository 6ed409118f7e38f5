; abs32: the absolute value; the minimum stays as it is, as two's complement wraps.
(set-logic QF_BV)
(set-info :kernel "int32_t abs32(int32_t x)")
(set-info :instructions 1000)
(declare-const x (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result (ite (bvslt x #x00000000) (bvneg x) x)))
