; sort2r: two signed words sorted in registers, as inline assembly does it. (arm64: a fragment
; binds registers, so each ISA has its own specification.)
(set-logic QF_BV)
(set-info :fragment "in: a=w0, b=w1; out: lo=w2, hi=w3; clobbers: flags")
(set-info :instructions 1000)
(declare-const a (_ BitVec 32))
(declare-const b (_ BitVec 32))
(declare-const lo (_ BitVec 32))
(declare-const hi (_ BitVec 32))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (and (= lo (ite (bvsle a b) a b))
       (= hi (ite (bvsle a b) b a))))
