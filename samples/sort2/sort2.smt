; sort2: sorts two signed words in place.
(set-logic QF_ABV)
(set-info :kernel "void sort2(int32_t p[2])")
(declare-const p (Array (_ BitVec 64) (_ BitVec 32)))
(declare-const p.out (Array (_ BitVec 64) (_ BitVec 32)))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (let ((a (select p #x0000000000000000))
        (b (select p #x0000000000000001))
        (lo (select p.out #x0000000000000000))
        (hi (select p.out #x0000000000000001)))
    (and (bvsle lo hi)
         (or (and (= lo a) (= hi b))
             (and (= lo b) (= hi a))))))
