; add128: the sum of two 128-bit integers, each in two registers.
(set-logic QF_BV)
(set-info :kernel "unsigned __int128 add128(unsigned __int128 a, unsigned __int128 b)")
(set-info :instructions 1000)
(declare-const a (_ BitVec 128))
(declare-const b (_ BitVec 128))
(declare-const result (_ BitVec 128))
(define-fun requires () Bool true)
(define-fun ensures () Bool (= result (bvadd a b)))
