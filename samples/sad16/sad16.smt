; sad16: the sum of the absolute differences of sixteen unsigned bytes (motion estimation).
(set-logic QF_ABV)
(set-info :kernel "uint32_t sad16(const uint8_t a[16], const uint8_t b[16])")
(set-info :instructions 1000)
(declare-const a (Array (_ BitVec 64) (_ BitVec 8)))
(declare-const b (Array (_ BitVec 64) (_ BitVec 8)))
(declare-const result (_ BitVec 32))
(define-fun distance ((i (_ BitVec 64))) (_ BitVec 32)
  (let ((x (select a i)) (y (select b i)))
    ((_ zero_extend 24) (ite (bvult x y) (bvsub y x) (bvsub x y)))))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= result
    (bvadd
      (distance #x0000000000000000) (distance #x0000000000000001)
      (distance #x0000000000000002) (distance #x0000000000000003)
      (distance #x0000000000000004) (distance #x0000000000000005)
      (distance #x0000000000000006) (distance #x0000000000000007)
      (distance #x0000000000000008) (distance #x0000000000000009)
      (distance #x000000000000000a) (distance #x000000000000000b)
      (distance #x000000000000000c) (distance #x000000000000000d)
      (distance #x000000000000000e) (distance #x000000000000000f))))
