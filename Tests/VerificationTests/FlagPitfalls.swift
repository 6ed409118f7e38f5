import Testing

/// Flags: what changes them, and what leaves them undefined.
struct FlagPitfalls {
  static let x86: [Kernel] = [
    Kernel(
      "AF is undefined after AND", .x86, "uint8_t f(uint32_t x)",
      "and edi, 1; lahf; mov al, ah; ret", verdict: .refuted(.independence)),
    Kernel(
      "AF is defined after ADD", .x86, "uint8_t f(uint8_t x)",
      "add dil, 1; lahf; mov al, ah; and al, 0x10; ret",
      holds: ["(= result (ite (= ((_ extract 3 0) x) #xf) #x10 #x00))"]),
    Kernel(
      "ZF is undefined after IMUL", .x86, "uint8_t f(uint32_t x)",
      "imul eax, edi, 3; setz al; ret", verdict: .refuted(.independence)),
    Kernel(
      "CF after IMUL is signed overflow", .x86, "uint8_t f(int8_t x, int8_t y)",
      "mov eax, edi; imul sil; setc al; ret",
      holds: [
        """
        (= result (ite (= (bvmul ((_ sign_extend 8) x) ((_ sign_extend 8) y))
                          ((_ sign_extend 8) (bvmul x y))) #x00 #x01))
        """
      ],
      fails: [
        "(= result (ite (= ((_ extract 15 8) (bvmul (concat #x00 x) (concat #x00 y))) #x00) #x00 #x01))"
      ]),
    Kernel(
      "SF is undefined after MUL", .x86, "uint8_t f(uint32_t x)",
      "mov eax, edi; mul esi; sets al; ret", verdict: .refuted(.independence)),
    Kernel(
      "CF is undefined after DIV", .x86, "uint8_t f(uint32_t x)",
      "mov eax, edi; xor edx, edx; mov ecx, 3; div ecx; setc al; ret",
      verdict: .refuted(.independence)),
    Kernel(
      "INC keeps CF", .x86, "uint8_t f(uint32_t x)", "stc; inc edi; setc al; ret",
      holds: ["(= result #x01)"], fails: ["(= result (ite (= x #xffffffff) #x01 #x00))"]),
    Kernel(
      "DEC keeps CF", .x86, "uint8_t f(uint32_t x)", "clc; dec edi; setc al; ret",
      holds: ["(= result #x00)"], fails: ["(= result (ite (= x #x00000000) #x01 #x00))"]),
    Kernel(
      "NEG's CF", .x86, "uint8_t f(uint32_t x)", "neg edi; setc al; ret",
      holds: ["(= result (ite (= x #x00000000) #x00 #x01))"], fails: ["(= result #x01)"]),
    Kernel(
      "NOT changes no flag", .x86, "uint8_t f(uint32_t x)", "cmp edi, edi; not edi; setz al; ret",
      holds: ["(= result #x01)"]),
    Kernel(
      "POPCNT clears CF", .x86, "uint8_t f(uint32_t x)", "stc; popcnt eax, edi; setc al; ret",
      holds: ["(= result #x00)"], fails: ["(= result #x01)"]),
    Kernel(
      "BLSI's CF is that the source is not zero", .x86, "uint8_t f(uint32_t x)",
      "blsi eax, edi; setc al; ret", holds: ["(= result (ite (= x #x00000000) #x00 #x01))"],
      fails: ["(= result (ite (= x #x00000000) #x01 #x00))"]),
    Kernel(
      "BLSR's CF is that the source is zero", .x86, "uint8_t f(uint32_t x)",
      "blsr eax, edi; setc al; ret", holds: ["(= result (ite (= x #x00000000) #x01 #x00))"],
      fails: ["(= result (ite (= x #x00000000) #x00 #x01))"]),
    Kernel(
      "BZHI with a large index", .x86, "uint32_t f(uint32_t x, uint32_t y)",
      "bzhi eax, edi, esi; ret", requires: "(= y #x00000040)", holds: ["(= result x)"],
      fails: ["(= result #x00000000)"]),
    Kernel(
      "BZHI's index has 8 bits", .x86, "uint32_t f(uint32_t x, uint32_t y)",
      "bzhi eax, edi, esi; ret", requires: "(= y #x00000104)",
      holds: ["(= result (bvand x #x0000000f))"], fails: ["(= result x)"]),
    Kernel(
      "BSR of zero leaves its target", .x86, "uint64_t f(uint64_t x)",
      "mov eax, 127; bsr rax, rdi; xor eax, 63; ret",
      holds: ["(= (= x #x0000000000000000) (= result #x0000000000000040))"],
      fails: ["(bvult result #x0000000000000040)"]),
    Kernel(
      "BSF of zero leaves the lower half of its target", .x86, "uint32_t f(uint32_t x)",
      "mov eax, 32; bsf eax, edi; ret",
      holds: ["(= (= x #x00000000) (= result #x00000020))"]),
    Kernel(
      "BSF of zero may clear the upper half of its target", .x86, "uint64_t f(uint32_t x)",
      "mov rax, -1; bsf eax, edi; shr rax, 32; ret", requires: "(= x #x00000000)",
      verdict: .refuted(.independence)),
    Kernel(
      "SF is undefined after BSF", .x86, "uint8_t f(uint32_t x)", "bsf eax, edi; sets al; ret",
      verdict: .refuted(.independence)),
    Kernel(
      "LEA changes no flag", .x86, "uint8_t f(uint64_t x)",
      "cmp edi, edi; lea rax, [rdi - 1]; setz al; ret", holds: ["(= result #x01)"]),
    Kernel(
      "flags at entry are anything", .x86, "uint8_t f(void)", "setc al; ret",
      verdict: .refuted(.independence)),
    Kernel(
      "a branch on an undefined flag", .x86, "uint32_t f(uint32_t x)",
      "xor eax, eax; shl edi, 2; jno end; inc eax; end: ret", verdict: .refuted(.independence)),
    Kernel(
      "a branch on an undefined flag whose ways agree", .x86, "uint32_t f(uint32_t x)",
      "shl edi, 2; jno other; mov eax, 7; ret; other: mov eax, 7; ret",
      holds: ["(= result #x00000007)"]),
    Kernel(
      "a loop on an undefined flag need not end", .x86, "uint32_t f(uint32_t x)",
      "mov eax, 1; again: shl edi, 2; jo again; ret", verdict: .notProved),
  ]

  private static func flag(_ condition: String) -> String {
    "(= result (ite \(condition) #x0000000000000001 #x0000000000000000))"
  }

  static let arm64: [Kernel] = [
    Kernel(
      "TST clears C", .arm64, "uint64_t f(uint64_t x)", "cmp x0, x0; tst x0, x0; cset x0, cs; ret",
      holds: [flag("false")], fails: [flag("true")]),
    Kernel(
      "BICS clears V", .arm64, "uint64_t f(uint64_t x)",
      "mov x1, #0x8000000000000000; subs x2, x1, #1; bics x3, x0, x0; cset x0, vs; ret",
      holds: [flag("false")], fails: [flag("true")]),
    Kernel(
      "a comparison's carry is no borrow", .arm64, "uint64_t f(uint64_t x, uint64_t y)",
      "cmp x0, x1; cset x0, cs; ret", holds: [flag("(bvuge x y)")], fails: [flag("(bvult x y)")]),
    Kernel(
      "CCMP whose condition is false takes the immediate", .arm64,
      "uint64_t f(uint64_t x, uint64_t y)", "cmp x0, x0; ccmp x0, x1, #4, ne; cset x0, eq; ret",
      holds: [flag("true")], fails: [flag("(= x y)")]),
    Kernel(
      "CCMP whose condition is true compares", .arm64,
      "uint64_t f(uint64_t x, uint64_t y)", "cmp x0, x0; ccmp x0, x1, #4, eq; cset x0, eq; ret",
      holds: [flag("(= x y)")], fails: [flag("true")]),
    Kernel(
      "SBCS of W registers borrows at 32 bits", .arm64, "uint64_t f(uint64_t x, uint64_t y)",
      "cmp x0, x0; sbcs w2, w0, w1; cset x0, cc; ret",
      holds: [flag("(bvult ((_ extract 31 0) x) ((_ extract 31 0) y))")],
      fails: [flag("(bvult x y)")]),
    Kernel(
      "NGCS of W registers", .arm64, "uint64_t f(uint64_t x)",
      "cmp x0, x0; ngcs w1, w0; cset x0, cs; ret",
      holds: [flag("(= ((_ extract 31 0) x) #x00000000)")],
      fails: [flag("(= x #x0000000000000000)")]),
    Kernel(
      "the condition NV is always", .arm64, "uint64_t f(uint64_t x)",
      ".byte 0x4F,0x00,0x00,0x54; mov x0, #0; ret", holds: ["(= result x)"],
      fails: ["(= result #x0000000000000000)"]),
    Kernel(
      "flags at entry are anything", .arm64, "uint64_t f(void)", "cset x0, eq; ret",
      verdict: .refuted(.independence)),
  ]
}
