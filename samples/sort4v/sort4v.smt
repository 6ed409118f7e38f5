; sort4v: sorts four signed words in place.
; The result ascends, and every value stands in it as often as before (a permutation, ties included).
(set-logic QF_ABV)
(set-info :kernel "void sort4v(int32_t p[4])")
(set-info :instructions 1000)
(declare-const p (Array (_ BitVec 64) (_ BitVec 32)))
(declare-const p.out (Array (_ BitVec 64) (_ BitVec 32)))
(define-fun one-if ((same Bool)) (_ BitVec 3) (ite same #b001 #b000))
; How often v stands among the first four elements of q.
(define-fun count ((v (_ BitVec 32)) (q (Array (_ BitVec 64) (_ BitVec 32)))) (_ BitVec 3)
  (bvadd (bvadd (one-if (= v (select q #x0000000000000000)))
                (one-if (= v (select q #x0000000000000001))))
         (bvadd (one-if (= v (select q #x0000000000000002)))
                (one-if (= v (select q #x0000000000000003))))))
(define-fun kept ((i (_ BitVec 64))) Bool
  (= (count (select p i) p) (count (select p i) p.out)))
(define-fun ascends ((i (_ BitVec 64)) (j (_ BitVec 64))) Bool
  (bvsle (select p.out i) (select p.out j)))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (and (ascends #x0000000000000000 #x0000000000000001)
       (ascends #x0000000000000001 #x0000000000000002)
       (ascends #x0000000000000002 #x0000000000000003)
       (kept #x0000000000000000)
       (kept #x0000000000000001)
       (kept #x0000000000000002)
       (kept #x0000000000000003)))
