; transpose4: transposes a matrix of four by four words in place.
(set-logic QF_ABV)
(set-info :kernel "void transpose4(uint32_t m[16])")
(set-info :instructions 1000)
(declare-const m (Array (_ BitVec 64) (_ BitVec 32)))
(declare-const m.out (Array (_ BitVec 64) (_ BitVec 32)))
; Row r, column c afterwards is row c, column r before.
(define-fun moved ((to (_ BitVec 64)) (from (_ BitVec 64))) Bool (= (select m.out to) (select m from)))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (and (moved #x0000000000000000 #x0000000000000000) (moved #x0000000000000001 #x0000000000000004)
       (moved #x0000000000000002 #x0000000000000008) (moved #x0000000000000003 #x000000000000000c)
       (moved #x0000000000000004 #x0000000000000001) (moved #x0000000000000005 #x0000000000000005)
       (moved #x0000000000000006 #x0000000000000009) (moved #x0000000000000007 #x000000000000000d)
       (moved #x0000000000000008 #x0000000000000002) (moved #x0000000000000009 #x0000000000000006)
       (moved #x000000000000000a #x000000000000000a) (moved #x000000000000000b #x000000000000000e)
       (moved #x000000000000000c #x0000000000000003) (moved #x000000000000000d #x0000000000000007)
       (moved #x000000000000000e #x000000000000000b) (moved #x000000000000000f #x000000000000000f)))
