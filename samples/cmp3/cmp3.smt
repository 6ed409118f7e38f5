; cmp3: -1, 0 or 1 as a is less than, equal to or greater than b.
(set-logic QF_BV)
(set-info :kernel "int cmp3(int64_t a, int64_t b)")
(set-info :instructions 1000)
(declare-const a (_ BitVec 64))
(declare-const b (_ BitVec 64))
(declare-const result (_ BitVec 32))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result (ite (bvslt a b) #xffffffff (ite (= a b) #x00000000 #x00000001))))
