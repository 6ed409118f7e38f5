; sort3: sorts three signed words in place.
; The result ascends, and every value stands in it as often as before (a permutation, ties included).
(set-logic QF_ABV)
(set-info :kernel "void sort3(int32_t p[3])")
(set-info :instructions 1000)
(declare-const p (Array (_ BitVec 64) (_ BitVec 32)))
(declare-const p.out (Array (_ BitVec 64) (_ BitVec 32)))
(define-fun in ((i (_ BitVec 64))) (_ BitVec 32) (select p i))
(define-fun out ((i (_ BitVec 64))) (_ BitVec 32) (select p.out i))
(define-fun one-if ((same Bool)) (_ BitVec 2) (ite same #b01 #b00))
; How often v stands among x, y and z.
(define-fun count ((v (_ BitVec 32)) (x (_ BitVec 32)) (y (_ BitVec 32)) (z (_ BitVec 32))) (_ BitVec 2)
  (bvadd (one-if (= v x)) (bvadd (one-if (= v y)) (one-if (= v z)))))
(define-fun kept ((v (_ BitVec 32))) Bool
  (= (count v (in #x0000000000000000) (in #x0000000000000001) (in #x0000000000000002))
     (count v (out #x0000000000000000) (out #x0000000000000001) (out #x0000000000000002))))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (and (bvsle (out #x0000000000000000) (out #x0000000000000001))
       (bvsle (out #x0000000000000001) (out #x0000000000000002))
       (kept (in #x0000000000000000))
       (kept (in #x0000000000000001))
       (kept (in #x0000000000000002))))
