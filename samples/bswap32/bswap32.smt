; bswap32: the bytes of x in reverse order.
(set-logic QF_BV)
(set-info :kernel "uint32_t bswap32(uint32_t x)")
(set-info :instructions 1000)
(declare-const x (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result
     (concat
       (concat ((_ extract 7 0) x) ((_ extract 15 8) x))
       (concat ((_ extract 23 16) x) ((_ extract 31 24) x)))))
