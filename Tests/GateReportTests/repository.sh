#!/bin/sh
# Makes a repository whose kernels come out in every way and whose files, symbols and sources have
# the names that an adversary would give them.
#
#   sh Tests/GateReportTests/repository.sh FOLDER
set -eu

samples=$(cd "$(dirname "$0")/../../samples" && pwd)
mkdir -p "$1/kernels"
cd "$1"
name='<img src=x onerror=alert(1)>|`*@all%0A'
cp "$samples/abs32/abs32.smt" "$samples/find/find.smt" "$samples/sort3/sort3.smt" kernels
cp "$samples/abs32/abs32.x86-64.hand.o" kernels/right.o
cp "$samples/find/find.arm64.wrong-last.o" "$samples/find/wrong-last.c" kernels
cp "$samples/sort3/sort3.x86-64.wrong-tie.o" "$samples/sort3/wrong-tie.c" kernels
cp "$samples/abs32/abs32.x86-64.wrong-narrow.o" "kernels/$name.o"
printf '\177ELF and nothing more' > kernels/damaged.o

# Wrong code from a source with such a name, in a function with such a name.
cat > "kernels/$name.c" <<'C'
int abs32(int x) {
  return x < 0 ? -x : x + (x == 77);  // <script>alert(2)</script>
}
C
(cd kernels && gcc -g -O1 -c -o symbol.o "$name.c")
objcopy --redefine-sym "abs32=<script>alert(3)</script>" kernels/symbol.o

# The same, with sources outside of the repository and hidden ones: their text is not to be shown.
echo 'the secret' > kernels/.secret.c
echo 'the secret' > ../secret.c
printf '.file 1 ".secret.c"\n.file 2 "../../secret.c"\n.text\n.globl abs32\n' > kernels/hidden.s
printf '.type abs32,@function\nabs32:\n.loc 1 1\nmov %%edi, %%eax\n.loc 2 1\nret\n' >> kernels/hidden.s
# An accent makes no other character of the dot.
echo 'the secret' > "kernels/.$(printf '\314\201')secret.c"
printf '.file 3 ".\314\201secret.c"\n.loc 3 1\nnop\n.size abs32, .-abs32\n' >> kernels/hidden.s
(cd kernels && gcc -g0 -c -o hidden.o hidden.s)

# CPUID, which no table has.
printf '\017\242\303' > kernels/unsupported.bin
# The factors of a number: no solver finds them soon.
printf '\110\211\370\110\017\257\306\303' > kernels/slow.bin
cat > kernels/slow.smt <<'S'
(set-logic QF_BV)
(set-info :kernel "uint64_t product(uint64_t x, uint64_t y)")
(declare-const x (_ BitVec 64))
(declare-const y (_ BitVec 64))
(declare-const result (_ BitVec 64))
(define-fun small ((v (_ BitVec 64))) Bool
  (and (bvugt v (_ bv1 64)) (bvult v (_ bv4294967296 64))))
(define-fun requires () Bool (and (small x) (small y)))
(define-fun ensures () Bool (not (= result (_ bv17653589022688564307 64))))
S
sed 's/requires () Bool true/requires () Bool false/' kernels/abs32.smt > kernels/vacuous.smt

# The name is put in; a backquote in the text itself is escaped for the shell.
cat > binverify.yml <<Y
version: 1
defaults: {timeout: 20}
kernels:
  - {code: kernels/right.o, specification: kernels/abs32.smt}
  - {code: kernels/find.arm64.wrong-last.o, specification: kernels/find.smt}
  - {code: kernels/sort3.x86-64.wrong-tie.o, specification: kernels/sort3.smt}
  - name: hostile-file
    code: 'kernels/$name.o'
    specification: kernels/abs32.smt
  - name: hostile-symbol
    code: kernels/symbol.o
    symbol: <script>alert(3)</script>
    specification: kernels/abs32.smt
  - {code: kernels/hidden.o, specification: kernels/abs32.smt}
  - name: different
    code: kernels/symbol.o
    reference: kernels/right.o
    prototype: int32_t abs32(int32_t x)
  - {code: kernels/unsupported.bin, isa: x86-64, specification: kernels/abs32.smt}
  - {code: kernels/damaged.o, specification: kernels/abs32.smt}
  - {name: missing, code: kernels/right.o, specification: 'kernels/<b>|\`*_none.smt'}
  - {name: vacuous, code: kernels/right.o, specification: kernels/vacuous.smt}
  - {code: kernels/slow.bin, isa: x86-64, specification: kernels/slow.smt, timeout: 0.2}
  - {name: warned, code: kernels/slow.bin, isa: x86-64, specification: kernels/slow.smt, timeout: 0.2, inconclusive: warn}
Y
