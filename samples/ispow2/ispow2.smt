; ispow2: whether exactly one bit of x is set. A bool is 8 bits, 0 or 1.
(set-logic QF_BV)
(set-info :kernel "bool ispow2(uint32_t x)")
(set-info :instructions 1000)
(declare-const x (_ BitVec 32))
(declare-const result (_ BitVec 8))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result
     (ite (and (distinct x #x00000000)
               (= (bvand x (bvsub x #x00000001)) #x00000000))
          #x01
          #x00)))
