; base64: sixteen characters of RFC 4648's base 64 for the first twelve of sixteen bytes.
; Three bytes are four groups of six bits, the highest first; each is a letter of the alphabet.
(set-logic QF_ABV)
(set-info :kernel "void base64(uint8_t text[restrict 16], const uint8_t data[restrict 16])")
(set-info :instructions 1000)
(declare-const text (Array (_ BitVec 64) (_ BitVec 8)))
(declare-const text.out (Array (_ BitVec 64) (_ BitVec 8)))
(declare-const data (Array (_ BitVec 64) (_ BitVec 8)))
(define-fun letter ((n (_ BitVec 6))) (_ BitVec 8)
  (let ((v ((_ zero_extend 2) n)))
    (ite (bvult v #x1a) (bvadd v #x41)              ; A to Z
      (ite (bvult v #x34) (bvadd (bvsub v #x1a) #x61) ; a to z
        (ite (bvult v #x3e) (bvadd (bvsub v #x34) #x30) ; 0 to 9
          (ite (= v #x3e) #x2b #x2f))))))             ; + and /
(define-fun group ((t0 (_ BitVec 64)) (t1 (_ BitVec 64)) (t2 (_ BitVec 64)) (t3 (_ BitVec 64))
                   (d0 (_ BitVec 64)) (d1 (_ BitVec 64)) (d2 (_ BitVec 64))) Bool
  (let ((x (select data d0)) (y (select data d1)) (z (select data d2)))
    (and (= (select text.out t0) (letter ((_ extract 7 2) x)))
         (= (select text.out t1) (letter (concat ((_ extract 1 0) x) ((_ extract 7 4) y))))
         (= (select text.out t2) (letter (concat ((_ extract 3 0) y) ((_ extract 7 6) z))))
         (= (select text.out t3) (letter ((_ extract 5 0) z))))))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (and
    (group #x0000000000000000 #x0000000000000001 #x0000000000000002 #x0000000000000003
           #x0000000000000000 #x0000000000000001 #x0000000000000002)
    (group #x0000000000000004 #x0000000000000005 #x0000000000000006 #x0000000000000007
           #x0000000000000003 #x0000000000000004 #x0000000000000005)
    (group #x0000000000000008 #x0000000000000009 #x000000000000000a #x000000000000000b
           #x0000000000000006 #x0000000000000007 #x0000000000000008)
    (group #x000000000000000c #x000000000000000d #x000000000000000e #x000000000000000f
           #x0000000000000009 #x000000000000000a #x000000000000000b)))
