; add128p: the sum of two 128-bit integers in memory, low limb first. The three buffers may overlap in
; any way: the sum is that of what a and b held at entry.
(set-logic QF_ABV)
(set-info :kernel "void add128p(uint64_t r[2], const uint64_t a[2], const uint64_t b[2])")
(set-info :instructions 1000)
(declare-const r (Array (_ BitVec 64) (_ BitVec 64)))
(declare-const r.out (Array (_ BitVec 64) (_ BitVec 64)))
(declare-const a (Array (_ BitVec 64) (_ BitVec 64)))
(declare-const b (Array (_ BitVec 64) (_ BitVec 64)))
(define-fun wide ((q (Array (_ BitVec 64) (_ BitVec 64)))) (_ BitVec 128)
  (concat (select q #x0000000000000001) (select q #x0000000000000000)))
(define-fun requires () Bool true)
(define-fun ensures () Bool
  (= (wide r.out) (bvadd (wide a) (wide b))))
