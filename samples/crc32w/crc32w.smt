; crc32w: one 32-bit word added to a CRC-32 (the reflected polynomial of IEEE 802.3), bit by bit.
; Bit by bit: shift right, and subtract the reflected polynomial when a one falls out.
(set-logic QF_BV)
(set-info :kernel "uint32_t crc32w(uint32_t crc, uint32_t word)")
(set-info :instructions 1000)
(declare-const crc (_ BitVec 32))
(declare-const word (_ BitVec 32))
(declare-const result (_ BitVec 32))
(define-fun step ((c (_ BitVec 32))) (_ BitVec 32)
  (bvxor (bvlshr c #x00000001)
         (ite (= ((_ extract 0 0) c) #b1) #xedb88320 #x00000000)))
(define-fun steps-4 ((c (_ BitVec 32))) (_ BitVec 32) (step (step (step (step c)))))
(define-fun byte-steps ((c (_ BitVec 32))) (_ BitVec 32) (steps-4 (steps-4 c)))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result (byte-steps (byte-steps (byte-steps (byte-steps (bvxor crc word)))))))
