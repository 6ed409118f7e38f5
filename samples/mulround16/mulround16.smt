; mulround16: the product of eight pairs of Q15 numbers, rounded to Q15, halves up.
; -1 times -1 would be 1, which Q15 has not: it saturates. No other product gives the minimum,
; whose bits are inverted.
(set-logic QF_ABV)
(set-info :kernel "void mulround16(int16_t dst[8], const int16_t src[8])")
(declare-const dst (Array (_ BitVec 64) (_ BitVec 16)))
(declare-const dst.out (Array (_ BitVec 64) (_ BitVec 16)))
(declare-const src (Array (_ BitVec 64) (_ BitVec 16)))
(define-fun product ((a (_ BitVec 16)) (b (_ BitVec 16))) (_ BitVec 16)
  (let ((p (bvmul ((_ sign_extend 16) a) ((_ sign_extend 16) b))))
    (let ((rounded ((_ extract 30 15) (bvadd p #x00004000))))
      (bvxor rounded ((_ sign_extend 15) (ite (= rounded #x8000) #b1 #b0))))))
(define-fun lane ((i (_ BitVec 64))) Bool
  (= (select dst.out i) (product (select dst i) (select src i))))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (and (lane #x0000000000000000) (lane #x0000000000000001) (lane #x0000000000000002)
       (lane #x0000000000000003) (lane #x0000000000000004) (lane #x0000000000000005)
       (lane #x0000000000000006) (lane #x0000000000000007)))
