; hmax8: the greatest of eight signed halfwords: none is greater, and it is one of them.
(set-logic QF_ABV)
(set-info :kernel "int16_t hmax8(const int16_t p[8])")
(set-info :instructions 1000)
(declare-const p (Array (_ BitVec 64) (_ BitVec 16)))
(declare-const result (_ BitVec 16))
(define-fun bounded ((i (_ BitVec 64))) Bool (bvsle (select p i) result))
(define-fun met ((i (_ BitVec 64))) Bool (= (select p i) result))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (and
    (bounded #x0000000000000000) (bounded #x0000000000000001)
    (bounded #x0000000000000002) (bounded #x0000000000000003)
    (bounded #x0000000000000004) (bounded #x0000000000000005)
    (bounded #x0000000000000006) (bounded #x0000000000000007)
    (or (met #x0000000000000000) (met #x0000000000000001)
        (met #x0000000000000002) (met #x0000000000000003)
        (met #x0000000000000004) (met #x0000000000000005)
        (met #x0000000000000006) (met #x0000000000000007))))
