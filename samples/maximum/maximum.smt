; maximum: the greatest of n signed words, n from 1 to 4.
(set-logic QF_ABV)
(set-info :kernel "int32_t maximum(size_t n, const int32_t p[n])")
(set-info :instructions 1000)
(declare-const n (_ BitVec 64))
(declare-const p (Array (_ BitVec 64) (_ BitVec 32)))
(declare-const result (_ BitVec 32))
(define-fun below ((i (_ BitVec 64))) Bool
  (=> (bvult i n) (bvsle (select p i) result)))
(define-fun hit ((i (_ BitVec 64))) Bool
  (and (bvult i n) (= (select p i) result)))
(define-fun requires () Bool
  (and (bvule #x0000000000000001 n) (bvule n #x0000000000000004)))
(define-fun ensures () Bool
  (and (below #x0000000000000000) (below #x0000000000000001)
       (below #x0000000000000002) (below #x0000000000000003)
       (or (hit #x0000000000000000) (hit #x0000000000000001)
           (hit #x0000000000000002) (hit #x0000000000000003))))
