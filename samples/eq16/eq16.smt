; eq16: 1 when two blocks of 16 bytes are equal, else 0.
(set-logic QF_ABV)
(set-info :kernel "int eq16(const uint8_t a[16], const uint8_t b[16])")
(set-info :instructions 1000)
(declare-const a (Array (_ BitVec 64) (_ BitVec 8)))
(declare-const b (Array (_ BitVec 64) (_ BitVec 8)))
(declare-const result (_ BitVec 32))
(define-fun same ((i (_ BitVec 64))) Bool (= (select a i) (select b i)))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result
     (ite (and (same #x0000000000000000) (same #x0000000000000001)
           (same #x0000000000000002) (same #x0000000000000003)
           (same #x0000000000000004) (same #x0000000000000005)
           (same #x0000000000000006) (same #x0000000000000007)
           (same #x0000000000000008) (same #x0000000000000009)
           (same #x000000000000000a) (same #x000000000000000b)
           (same #x000000000000000c) (same #x000000000000000d)
           (same #x000000000000000e) (same #x000000000000000f))
          #x00000001
          #x00000000)))
