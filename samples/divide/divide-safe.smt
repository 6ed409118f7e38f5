; divide-safe: a / b where C defines it: b is not 0, and the quotient fits.
(set-logic QF_BV)
(set-info :kernel "int32_t divide(int32_t a, int32_t b)")
(set-info :instructions 1000)
(declare-const a (_ BitVec 32))
(declare-const b (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun requires () Bool
  (and (distinct b #x00000000)
       (not (and (= a #x80000000) (= b #xffffffff)))))
(define-fun ensures () Bool (= result (bvsdiv a b)))
