; find: the index of the first of n bytes that equals key, or n when there is none; n up to 8.
(set-logic QF_ABV)
(set-info :kernel "size_t find(size_t n, const uint8_t p[n], uint8_t key)")
(set-info :instructions 1000)
(declare-const n (_ BitVec 64))
(declare-const p (Array (_ BitVec 64) (_ BitVec 8)))
(declare-const key (_ BitVec 8))
(declare-const result (_ BitVec 64))
; Index i when the key stands there, else what comes later.
(define-fun first ((i (_ BitVec 64)) (later (_ BitVec 64))) (_ BitVec 64)
  (ite (and (bvult i n) (= (select p i) key)) i later))
(define-fun requires () Bool (bvule n #x0000000000000008))
(define-fun ensures () Bool
  (= result
   (first #x0000000000000000
   (first #x0000000000000001
   (first #x0000000000000002
   (first #x0000000000000003
   (first #x0000000000000004
   (first #x0000000000000005
   (first #x0000000000000006
   (first #x0000000000000007
   n))))))))))
