; div10: x / 10. Compilers multiply by a reciprocal and shift.
(set-logic QF_BV)
(set-info :kernel "uint16_t div10(uint16_t x)")
(set-info :instructions 1000)
(declare-const x (_ BitVec 16))
(declare-const result (_ BitVec 16))
(define-fun requires () Bool true)
(define-fun ensures () Bool (= result (bvudiv x #x000a)))
