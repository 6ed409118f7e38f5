; crc32c: a word added to a CRC-32C (Castagnoli's polynomial, reflected), least significant bit first.
(set-logic QF_BV)
(set-info :kernel "uint32_t crc32c(uint32_t crc, uint32_t word)")
(declare-const crc (_ BitVec 32))
(declare-const word (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun step ((c (_ BitVec 32))) (_ BitVec 32)
  (bvxor (bvlshr c #x00000001)
         (ite (= ((_ extract 0 0) c) #b1) #x82f63b78 #x00000000)))
(define-fun steps-4 ((c (_ BitVec 32))) (_ BitVec 32) (step (step (step (step c)))))
(define-fun byte-steps ((c (_ BitVec 32))) (_ BitVec 32) (steps-4 (steps-4 c)))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result (byte-steps (byte-steps (byte-steps (byte-steps (bvxor crc word)))))))
