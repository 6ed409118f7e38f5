; shl128: x shifted to the left by n, n below 128.
(set-logic QF_BV)
(set-info :kernel "unsigned __int128 shl128(unsigned __int128 x, uint32_t n)")
(set-info :instructions 1000)
(declare-const x (_ BitVec 128))
(declare-const n (_ BitVec 32))
(declare-const result (_ BitVec 128))
(define-fun requires () Bool (bvult n #x00000080))
(define-fun ensures () Bool (= result (bvshl x ((_ zero_extend 96) n))))
