; popcount32: how many of x's 32 bits are set.
(set-logic QF_BV)
(set-info :kernel "uint32_t popcount32(uint32_t x)")
(set-info :instructions 1000)
(declare-const x (_ BitVec 32))
(declare-const result (_ BitVec 32))
; Bit i of x, as a word.
(define-fun bit ((i (_ BitVec 32))) (_ BitVec 32)
  ((_ zero_extend 31) ((_ extract 0 0) (bvlshr x i))))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result (bvadd
    (bit #x00000000) (bit #x00000001) (bit #x00000002) (bit #x00000003)
    (bit #x00000004) (bit #x00000005) (bit #x00000006) (bit #x00000007)
    (bit #x00000008) (bit #x00000009) (bit #x0000000a) (bit #x0000000b)
    (bit #x0000000c) (bit #x0000000d) (bit #x0000000e) (bit #x0000000f)
    (bit #x00000010) (bit #x00000011) (bit #x00000012) (bit #x00000013)
    (bit #x00000014) (bit #x00000015) (bit #x00000016) (bit #x00000017)
    (bit #x00000018) (bit #x00000019) (bit #x0000001a) (bit #x0000001b)
    (bit #x0000001c) (bit #x0000001d) (bit #x0000001e) (bit #x0000001f))))
