; addsat8: adds sixteen unsigned bytes to sixteen others; a sum above 255 becomes 255.
; The buffers may overlap: what is added is what they held at entry.
(set-logic QF_ABV)
(set-info :kernel "void addsat8(uint8_t dst[16], const uint8_t src[16])")
(set-info :instructions 1000)
(declare-const dst (Array (_ BitVec 64) (_ BitVec 8)))
(declare-const dst.out (Array (_ BitVec 64) (_ BitVec 8)))
(declare-const src (Array (_ BitVec 64) (_ BitVec 8)))
; Nine bits hold any sum.
(define-fun saturated ((a (_ BitVec 8)) (b (_ BitVec 8))) (_ BitVec 8)
  (let ((sum (bvadd ((_ zero_extend 1) a) ((_ zero_extend 1) b))))
    (ite (bvugt sum (_ bv255 9)) #xff ((_ extract 7 0) sum))))
(define-fun lane ((i (_ BitVec 64))) Bool
  (= (select dst.out i) (saturated (select dst i) (select src i))))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (and (lane #x0000000000000000) (lane #x0000000000000001) (lane #x0000000000000002)
       (lane #x0000000000000003) (lane #x0000000000000004) (lane #x0000000000000005)
       (lane #x0000000000000006) (lane #x0000000000000007) (lane #x0000000000000008)
       (lane #x0000000000000009) (lane #x000000000000000a) (lane #x000000000000000b)
       (lane #x000000000000000c) (lane #x000000000000000d) (lane #x000000000000000e)
       (lane #x000000000000000f)))
