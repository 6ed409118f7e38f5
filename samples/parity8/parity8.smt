; parity8: 1 when an odd number of x's bits is set, else 0.
(set-logic QF_BV)
(set-info :kernel "int parity8(uint8_t x)")
(set-info :instructions 1000)
(declare-const x (_ BitVec 8))
(declare-const result (_ BitVec 32))
; The halves of x folded onto each other, until one bit is left.
(define-fun four () (_ BitVec 4) (bvxor ((_ extract 7 4) x) ((_ extract 3 0) x)))
(define-fun two () (_ BitVec 2) (bvxor ((_ extract 3 2) four) ((_ extract 1 0) four)))
(define-fun one () (_ BitVec 1) (bvxor ((_ extract 1 1) two) ((_ extract 0 0) two)))
(define-fun requires () Bool true)
(define-fun ensures () Bool (= result ((_ zero_extend 31) one)))
