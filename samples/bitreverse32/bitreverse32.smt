; bitreverse32: bit i of x becomes bit 31 - i.
(set-logic QF_BV)
(set-info :kernel "uint32_t bitreverse32(uint32_t x)")
(set-info :instructions 1000)
(declare-const x (_ BitVec 32))
(declare-const result (_ BitVec 32))
; The eight bits from bit i upwards, in reverse order.
(define-fun reversed ((v (_ BitVec 8))) (_ BitVec 8)
  (concat
    (concat
      (concat ((_ extract 0 0) v) ((_ extract 1 1) v))
      (concat ((_ extract 2 2) v) ((_ extract 3 3) v)))
    (concat
      (concat ((_ extract 4 4) v) ((_ extract 5 5) v))
      (concat ((_ extract 6 6) v) ((_ extract 7 7) v)))))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result
     (concat
       (concat (reversed ((_ extract 7 0) x)) (reversed ((_ extract 15 8) x)))
       (concat (reversed ((_ extract 23 16) x)) (reversed ((_ extract 31 24) x))))))
