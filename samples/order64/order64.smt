; order64: the order of a and b as memcmp and qsort tell it: only the result's sign is promised.
(set-logic QF_BV)
(set-info :kernel "int order64(uint64_t a, uint64_t b)")
(set-info :instructions 1000)
(declare-const a (_ BitVec 64))
(declare-const b (_ BitVec 64))
(declare-const result (_ BitVec 32))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (and (= (bvult a b) (bvslt result #x00000000))
       (= (bvugt a b) (bvsgt result #x00000000))))
