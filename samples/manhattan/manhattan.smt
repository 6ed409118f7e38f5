; manhattan: |ax - bx| + |ay - by| of unsigned coordinates, modulo 2^32. The code calls a local function.
(set-logic QF_BV)
(set-info :kernel "uint32_t manhattan(uint32_t ax, uint32_t ay, uint32_t bx, uint32_t by)")
(set-info :instructions 1000)
(declare-const ax (_ BitVec 32))
(declare-const ay (_ BitVec 32))
(declare-const bx (_ BitVec 32))
(declare-const by (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun distance ((u (_ BitVec 32)) (v (_ BitVec 32))) (_ BitVec 32)
  (ite (bvult u v) (bvsub v u) (bvsub u v)))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result (bvadd (distance ax bx) (distance ay by))))
