; min32: the smaller of two signed words.
(set-logic QF_BV)
(set-info :kernel "int32_t min32(int32_t a, int32_t b)")
(set-info :instructions 1000)
(declare-const a (_ BitVec 32))
(declare-const b (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result (ite (bvslt a b) a b)))
