; aesround: one round of AES (FIPS 197, 5.1): SubBytes, ShiftRows, MixColumns, AddRoundKey.
; Byte 4 * column + row of the buffer is the standard's s[row, column].
(set-logic QF_ABV)
(set-info :kernel "void aesround(uint8_t state[restrict 16], const uint8_t key[restrict 16])")
(set-info :instructions 1000)
(declare-const state (Array (_ BitVec 64) (_ BitVec 8)))
(declare-const state.out (Array (_ BitVec 64) (_ BitVec 8)))
(declare-const key (Array (_ BitVec 64) (_ BitVec 8)))
(define-fun among-4 ((n (_ BitVec 2)) (a (_ BitVec 8)) (b (_ BitVec 8)) (c (_ BitVec 8)) (d (_ BitVec 8))) (_ BitVec 8)
  (ite (= ((_ extract 1 1) n) #b1)
       (ite (= ((_ extract 0 0) n) #b1) d c)
       (ite (= ((_ extract 0 0) n) #b1) b a)))
(define-fun among-16 ((n (_ BitVec 4))
    (e0 (_ BitVec 8)) (e1 (_ BitVec 8)) (e2 (_ BitVec 8)) (e3 (_ BitVec 8))
    (e4 (_ BitVec 8)) (e5 (_ BitVec 8)) (e6 (_ BitVec 8)) (e7 (_ BitVec 8))
    (e8 (_ BitVec 8)) (e9 (_ BitVec 8)) (e10 (_ BitVec 8)) (e11 (_ BitVec 8))
    (e12 (_ BitVec 8)) (e13 (_ BitVec 8)) (e14 (_ BitVec 8)) (e15 (_ BitVec 8))) (_ BitVec 8)
  (let ((low ((_ extract 1 0) n)))
    (among-4 ((_ extract 3 2) n)
      (among-4 low e0 e1 e2 e3) (among-4 low e4 e5 e6 e7)
      (among-4 low e8 e9 e10 e11) (among-4 low e12 e13 e14 e15))))
; The S-box; a row for each upper half, a column for each lower half of the byte.
(define-fun box ((high (_ BitVec 4)) (low (_ BitVec 4))) (_ BitVec 8)
  (among-16 high
    (among-16 low #x63 #x7c #x77 #x7b #xf2 #x6b #x6f #xc5
                  #x30 #x01 #x67 #x2b #xfe #xd7 #xab #x76)
    (among-16 low #xca #x82 #xc9 #x7d #xfa #x59 #x47 #xf0
                  #xad #xd4 #xa2 #xaf #x9c #xa4 #x72 #xc0)
    (among-16 low #xb7 #xfd #x93 #x26 #x36 #x3f #xf7 #xcc
                  #x34 #xa5 #xe5 #xf1 #x71 #xd8 #x31 #x15)
    (among-16 low #x04 #xc7 #x23 #xc3 #x18 #x96 #x05 #x9a
                  #x07 #x12 #x80 #xe2 #xeb #x27 #xb2 #x75)
    (among-16 low #x09 #x83 #x2c #x1a #x1b #x6e #x5a #xa0
                  #x52 #x3b #xd6 #xb3 #x29 #xe3 #x2f #x84)
    (among-16 low #x53 #xd1 #x00 #xed #x20 #xfc #xb1 #x5b
                  #x6a #xcb #xbe #x39 #x4a #x4c #x58 #xcf)
    (among-16 low #xd0 #xef #xaa #xfb #x43 #x4d #x33 #x85
                  #x45 #xf9 #x02 #x7f #x50 #x3c #x9f #xa8)
    (among-16 low #x51 #xa3 #x40 #x8f #x92 #x9d #x38 #xf5
                  #xbc #xb6 #xda #x21 #x10 #xff #xf3 #xd2)
    (among-16 low #xcd #x0c #x13 #xec #x5f #x97 #x44 #x17
                  #xc4 #xa7 #x7e #x3d #x64 #x5d #x19 #x73)
    (among-16 low #x60 #x81 #x4f #xdc #x22 #x2a #x90 #x88
                  #x46 #xee #xb8 #x14 #xde #x5e #x0b #xdb)
    (among-16 low #xe0 #x32 #x3a #x0a #x49 #x06 #x24 #x5c
                  #xc2 #xd3 #xac #x62 #x91 #x95 #xe4 #x79)
    (among-16 low #xe7 #xc8 #x37 #x6d #x8d #xd5 #x4e #xa9
                  #x6c #x56 #xf4 #xea #x65 #x7a #xae #x08)
    (among-16 low #xba #x78 #x25 #x2e #x1c #xa6 #xb4 #xc6
                  #xe8 #xdd #x74 #x1f #x4b #xbd #x8b #x8a)
    (among-16 low #x70 #x3e #xb5 #x66 #x48 #x03 #xf6 #x0e
                  #x61 #x35 #x57 #xb9 #x86 #xc1 #x1d #x9e)
    (among-16 low #xe1 #xf8 #x98 #x11 #x69 #xd9 #x8e #x94
                  #x9b #x1e #x87 #xe9 #xce #x55 #x28 #xdf)
    (among-16 low #x8c #xa1 #x89 #x0d #xbf #xe6 #x42 #x68
                  #x41 #x99 #x2d #x0f #xb0 #x54 #xbb #x16)))
(define-fun substituted ((i (_ BitVec 64))) (_ BitVec 8)
  (let ((v (select state i))) (box ((_ extract 7 4) v) ((_ extract 3 0) v))))
(define-fun twice ((v (_ BitVec 8))) (_ BitVec 8)
  (bvxor (bvshl v #x01) (ite (= ((_ extract 7 7) v) #b1) #x1b #x00)))
(define-fun thrice ((v (_ BitVec 8))) (_ BitVec 8) (bvxor (twice v) v))
(define-fun is ((i (_ BitVec 64)) (v (_ BitVec 8))) Bool
  (= (select state.out i) (bvxor v (select key i))))
; A column of the result from the four bytes that ShiftRows brings into it.
(define-fun column ((t0 (_ BitVec 64)) (t1 (_ BitVec 64)) (t2 (_ BitVec 64)) (t3 (_ BitVec 64))
                    (f0 (_ BitVec 64)) (f1 (_ BitVec 64)) (f2 (_ BitVec 64)) (f3 (_ BitVec 64))) Bool
  (let ((a (substituted f0)) (b (substituted f1)) (c (substituted f2)) (d (substituted f3)))
    (and (is t0 (bvxor (twice a) (thrice b) c d))
         (is t1 (bvxor a (twice b) (thrice c) d))
         (is t2 (bvxor a b (twice c) (thrice d)))
         (is t3 (bvxor (thrice a) b c (twice d))))))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (and
    (column #x0000000000000000 #x0000000000000001
            #x0000000000000002 #x0000000000000003
            #x0000000000000000 #x0000000000000005
            #x000000000000000a #x000000000000000f)
    (column #x0000000000000004 #x0000000000000005
            #x0000000000000006 #x0000000000000007
            #x0000000000000004 #x0000000000000009
            #x000000000000000e #x0000000000000003)
    (column #x0000000000000008 #x0000000000000009
            #x000000000000000a #x000000000000000b
            #x0000000000000008 #x000000000000000d
            #x0000000000000002 #x0000000000000007)
    (column #x000000000000000c #x000000000000000d
            #x000000000000000e #x000000000000000f
            #x000000000000000c #x0000000000000001
            #x0000000000000006 #x000000000000000b)))
