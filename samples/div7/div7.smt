; div7: x / 7. The reciprocal needs 33 bits: compilers add what does not fit.
(set-logic QF_BV)
(set-info :kernel "uint32_t div7(uint32_t x)")
(set-info :instructions 1000)
(declare-const x (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun requires () Bool true)
(define-fun ensures () Bool (= result (bvudiv x #x00000007)))
