; sum: the sum of n words, modulo 2^32, for n up to 8.
(set-logic QF_ABV)
(set-info :kernel "uint32_t sum(size_t n, const uint32_t p[n])")
(set-info :instructions 1000)
(declare-const n (_ BitVec 64))
(declare-const p (Array (_ BitVec 64) (_ BitVec 32)))
(declare-const result (_ BitVec 32))
; Element i, or nothing when the buffer ends before it.
(define-fun term ((i (_ BitVec 64))) (_ BitVec 32) (ite (bvult i n) (select p i) #x00000000))
(define-fun requires () Bool (bvule n #x0000000000000008))
(define-fun ensures () Bool
  (= result (bvadd
    (term #x0000000000000000) (term #x0000000000000001)
    (term #x0000000000000002) (term #x0000000000000003)
    (term #x0000000000000004) (term #x0000000000000005)
    (term #x0000000000000006) (term #x0000000000000007))))
