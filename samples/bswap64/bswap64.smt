; bswap64: the bytes of x in reverse order.
(set-logic QF_BV)
(set-info :kernel "uint64_t bswap64(uint64_t x)")
(set-info :instructions 1000)
(declare-const x (_ BitVec 64))
(declare-const result (_ BitVec 64))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result
     (concat
       (concat
         (concat ((_ extract 7 0) x) ((_ extract 15 8) x))
         (concat ((_ extract 23 16) x) ((_ extract 31 24) x)))
       (concat
         (concat ((_ extract 39 32) x) ((_ extract 47 40) x))
         (concat ((_ extract 55 48) x) ((_ extract 63 56) x))))))
