; prefixxor: bit i of the result is the exclusive or of the bits 0 to i of x (which bits are within quotes).
(set-logic QF_BV)
(set-info :kernel "uint64_t prefixxor(uint64_t x)")
(declare-const x (_ BitVec 64))
(declare-const result (_ BitVec 64))
; The exclusive or of a bit and the 1, 3, 7 ... 63 bits below it.
(define-fun below-2 () (_ BitVec 64) (bvxor x (bvshl x #x0000000000000001)))
(define-fun below-4 () (_ BitVec 64) (bvxor below-2 (bvshl below-2 #x0000000000000002)))
(define-fun below-8 () (_ BitVec 64) (bvxor below-4 (bvshl below-4 #x0000000000000004)))
(define-fun below-16 () (_ BitVec 64) (bvxor below-8 (bvshl below-8 #x0000000000000008)))
(define-fun below-32 () (_ BitVec 64) (bvxor below-16 (bvshl below-16 #x0000000000000010)))
(define-fun below-64 () (_ BitVec 64) (bvxor below-32 (bvshl below-32 #x0000000000000020)))
(define-fun requires () Bool true)
(define-fun ensures () Bool (= result below-64))
