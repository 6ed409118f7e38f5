; mulround16: the product of eight pairs of Q15 numbers, rounded to Q15, halves up.
; -1 times -1 would be 1, which Q15 has not: it saturates.
(set-logic QF_ABV)
(set-info :kernel "void mulround16(int16_t dst[8], const int16_t src[8])")
(set-info :instructions 1000)
(declare-const dst (Array (_ BitVec 64) (_ BitVec 16)))
(declare-const dst.out (Array (_ BitVec 64) (_ BitVec 16)))
(declare-const src (Array (_ BitVec 64) (_ BitVec 16)))
; a/2^15 * b/2^15 = ab/2^30; in units of 1/2^15 that is the floor of ab/2^15 + 1/2.
(define-fun saturated ((x (_ BitVec 33))) (_ BitVec 16)
  (ite (bvsgt x (_ bv32767 33)) #x7fff
    (ite (bvslt x (bvneg (_ bv32768 33))) #x8000 ((_ extract 15 0) x))))
(define-fun product ((a (_ BitVec 16)) (b (_ BitVec 16))) (_ BitVec 16)
  (let ((p ((_ sign_extend 1) (bvmul ((_ sign_extend 16) a) ((_ sign_extend 16) b)))))
    (saturated (bvashr (bvadd p (_ bv16384 33)) (_ bv15 33)))))
(define-fun lane ((i (_ BitVec 64))) Bool
  (= (select dst.out i) (product (select dst i) (select src i))))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (and (lane #x0000000000000000) (lane #x0000000000000001) (lane #x0000000000000002)
       (lane #x0000000000000003) (lane #x0000000000000004) (lane #x0000000000000005)
       (lane #x0000000000000006) (lane #x0000000000000007)))
