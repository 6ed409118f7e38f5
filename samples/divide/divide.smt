; divide: a / b for any b but 0, rounded towards 0; the minimum divided by -1 wraps to itself. ARM64's
; sdiv does just that. x86-64's idiv faults on the minimum by -1, so it needs a guard.
(set-logic QF_BV)
(set-info :kernel "int32_t divide(int32_t a, int32_t b)")
(set-info :instructions 1000)
(declare-const a (_ BitVec 32))
(declare-const b (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun requires () Bool (distinct b #x00000000))
(define-fun ensures () Bool (= result (bvsdiv a b)))
