; clamp: the signed word of lo..hi that is nearest to x. It promises nothing when lo > hi.
(set-logic QF_BV)
(set-info :kernel "int32_t clamp(int32_t x, int32_t lo, int32_t hi)")
(declare-const x (_ BitVec 32))
(declare-const lo (_ BitVec 32))
(declare-const hi (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun requires () Bool (bvsle lo hi))
(define-fun ensures () Bool
  (and (bvsle lo result)
       (bvsle result hi)
       (=> (and (bvsle lo x) (bvsle x hi)) (= result x))
       (=> (bvslt x lo) (= result lo))
       (=> (bvslt hi x) (= result hi))))
