; crc32b: one byte added to a CRC-32; the code looks nibbles up in a table of 16 words.
; Bit by bit: shift right, and subtract the reflected polynomial when a one falls out.
(set-logic QF_BV)
(set-info :kernel "uint32_t crc32b(uint32_t crc, uint8_t byte)")
(set-info :instructions 1000)
(declare-const crc (_ BitVec 32))
(declare-const byte (_ BitVec 8))
(declare-const result (_ BitVec 32))
(define-fun step ((c (_ BitVec 32))) (_ BitVec 32)
  (bvxor (bvlshr c #x00000001)
         (ite (= ((_ extract 0 0) c) #b1) #xedb88320 #x00000000)))
(define-fun steps-4 ((c (_ BitVec 32))) (_ BitVec 32) (step (step (step (step c)))))
(define-fun byte-steps ((c (_ BitVec 32))) (_ BitVec 32) (steps-4 (steps-4 c)))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result (byte-steps (bvxor crc ((_ zero_extend 24) byte)))))
