; nextpow2: the smallest power of two that is at least x; 0 for x = 0 and where it needs 33 bits.
(set-logic QF_BV)
(set-info :kernel "uint32_t nextpow2(uint32_t x)")
(set-info :instructions 1000)
(declare-const x (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun power-of-two ((v (_ BitVec 32))) Bool
  (and (distinct v #x00000000)
       (= (bvand v (bvsub v #x00000001)) #x00000000)))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (ite (or (= x #x00000000) (bvugt x #x80000000))
       (= result #x00000000)
       (and (power-of-two result)
            (bvuge result x)
            (bvult (bvlshr result #x00000001) x))))
