import Testing

/// Parts of registers: which is read, which is written, and what becomes of the rest.
struct RegisterPitfalls {
  private static let one = "uint64_t f(uint64_t x)"
  private static let vectors = "__m128i f(__m128i a, __m128i b)"
  private static let word = "__m128i f(__m128i a, const uint32_t p[1])"
  private static let double = "__m128i f(__m128i a, const uint64_t p[1])"
  private static let loaded = "(select p #x0000000000000000)"

  private static func bits(_ high: Int, _ low: Int, _ value: String) -> String {
    "((_ extract \(high) \(low)) \(value))"
  }

  private static func x(_ high: Int, _ low: Int) -> String { bits(high, low, "x") }
  private static func a(_ high: Int, _ low: Int) -> String { bits(high, low, "a") }
  private static func b(_ high: Int, _ low: Int) -> String { bits(high, low, "b") }

  private static let secondCleared = "(= result (concat \(x(63, 16)) #x00 \(x(7, 0))))"
  private static let firstCleared = "(= result (concat \(x(63, 8)) #x00))"
  private static let secondSum = "(bvadd \(x(15, 8)) \(x(7, 0)))"

  /// BH, CH and DH are bits 15 to 8, unless there is a REX prefix.
  static let highBytes: [Kernel] = [
    Kernel(
      "CH is bits 15 to 8", .x86, one, "mov rcx, rdi; mov ch, 0; mov rax, rcx; ret",
      holds: [secondCleared], fails: [firstCleared]),
    Kernel(
      "BH is bits 15 to 8", .x86, one,
      "push rbx; mov rbx, rdi; mov bh, 0; mov rax, rbx; pop rbx; ret",
      holds: [secondCleared], fails: [firstCleared]),
    Kernel(
      "DH is read from bits 15 to 8", .x86, one, "mov rdx, rdi; movzx eax, dh; ret",
      holds: ["(= result (concat #x00000000000000 \(x(15, 8))))"],
      fails: ["(= result (concat #x00000000000000 \(x(7, 0))))"]),
    Kernel(
      "a sum in DH does not carry on", .x86, one, "mov rdx, rdi; add dh, dl; mov rax, rdx; ret",
      holds: ["(= result (concat \(x(63, 16)) \(secondSum) \(x(7, 0))))"],
      fails: ["(= result (bvadd x (concat #x000000000000 \(x(7, 0)) #x00)))"]),
    Kernel(
      "the carry out of CH", .x86, "uint8_t f(uint64_t x)",
      "mov rcx, rdi; add ch, 1; setc al; ret",
      holds: ["(= result (ite (= \(x(15, 8)) #xff) #x01 #x00))"],
      fails: ["(= result (ite (= \(x(7, 0)) #xff) #x01 #x00))"]),
    Kernel(
      "the parity of CH is that of its own bits", .x86, "uint8_t f(uint64_t x)",
      "mov rcx, rdi; test ch, ch; setp al; ret", requires: "(= \(x(15, 0)) #x0100)",
      holds: ["(= result #x00)"], fails: ["(= result #x01)"]),
    Kernel(
      "the parity of a word is that of its lowest byte", .x86, "uint8_t f(uint64_t x)",
      "test di, di; setp al; ret", requires: "(= \(x(15, 0)) #x0100)",
      holds: ["(= result #x01)"], fails: ["(= result #x00)"]),
    Kernel(
      "with a REX prefix DH is SIL", .x86, "uint64_t f(uint64_t y, uint64_t x)",
      ".byte 0x40,0xB6,0x00; mov rax, rsi; ret", holds: [firstCleared], fails: ["(= result x)"]),
    Kernel(
      "without a REX prefix SIL is DH", .x86, "uint64_t f(uint64_t y, uint64_t x)",
      ".byte 0xB6,0x00; mov rax, rsi; ret", holds: ["(= result x)"], fails: [firstCleared]),
    Kernel(
      "XCHG of a register's two bytes", .x86, one, "mov rax, rdi; xchg al, ah; ret",
      holds: ["(= result (concat \(x(63, 16)) \(x(7, 0)) \(x(15, 8))))"],
      fails: ["(= result (concat \(x(63, 16)) \(x(7, 0)) \(x(7, 0))))"]),
    Kernel(
      "XADD of a register's two bytes", .x86, one, "mov rax, rdi; xadd al, ah; ret",
      holds: ["(= result (concat \(x(63, 16)) \(x(7, 0)) \(secondSum)))"],
      fails: ["(= result (concat \(x(63, 16)) \(x(15, 8)) \(secondSum)))"]),
  ]

  /// A move into a part of a vector register keeps or clears the rest, which its operands decide.
  static let vectorParts: [Kernel] = [
    Kernel(
      "MOVSS between registers keeps the rest", .x86, vectors, "movss xmm0, xmm1; ret",
      holds: ["(= result (concat \(a(127, 32)) \(b(31, 0))))"],
      fails: ["(= result ((_ zero_extend 96) \(b(31, 0))))"]),
    Kernel(
      "MOVSS from memory clears the rest", .x86, word, "movss xmm0, dword ptr [rdi]; ret",
      holds: ["(= result ((_ zero_extend 96) \(loaded)))"],
      fails: ["(= result (concat \(a(127, 32)) \(loaded)))"]),
    Kernel(
      "MOVSD between registers keeps the rest", .x86, vectors, "movsd xmm0, xmm1; ret",
      holds: ["(= result (concat \(a(127, 64)) \(b(63, 0))))"],
      fails: ["(= result ((_ zero_extend 64) \(b(63, 0))))"]),
    Kernel(
      "MOVSD from memory clears the rest", .x86, double, "movsd xmm0, qword ptr [rdi]; ret",
      holds: ["(= result ((_ zero_extend 64) \(loaded)))"],
      fails: ["(= result (concat \(a(127, 64)) \(loaded)))"]),
    Kernel(
      "MOVQ between registers clears the rest", .x86, vectors, "movq xmm0, xmm1; ret",
      holds: ["(= result ((_ zero_extend 64) \(b(63, 0))))"],
      fails: ["(= result (concat \(a(127, 64)) \(b(63, 0))))"]),
    Kernel(
      "MOVLPS from memory keeps the rest", .x86, double, "movlps xmm0, qword ptr [rdi]; ret",
      holds: ["(= result (concat \(a(127, 64)) \(loaded)))"],
      fails: ["(= result ((_ zero_extend 64) \(loaded)))"]),
    Kernel(
      "VMOVSS takes the rest from its second operand", .x86,
      "__m128i f(__m128i c, __m128i a, __m128i b)", "vmovss xmm0, xmm1, xmm2; ret",
      holds: ["(= result (concat \(a(127, 32)) \(b(31, 0))))"],
      fails: ["(= result (concat \(bits(127, 32, "c")) \(b(31, 0))))"]),
    Kernel(
      "a form of 64 bits clears the upper half", .arm64,
      "uint8x16_t f(uint8x16_t a, uint8x16_t b)", "orr v0.8b, v0.8b, v1.8b; ret",
      holds: ["(= result ((_ zero_extend 64) (bvor \(a(63, 0)) \(b(63, 0)))))"],
      fails: ["(= result (concat \(a(127, 64)) (bvor \(a(63, 0)) \(b(63, 0)))))"]),
    Kernel(
      "a scalar clears the rest", .arm64, "uint8x16_t f(uint8x16_t a, uint8x16_t b)",
      "sqadd b0, b0, b1; ret", holds: ["(= \(bits(127, 8, "result")) (_ bv0 120))"],
      fails: ["(= \(bits(127, 8, "result")) \(a(127, 8)))"]),
    Kernel(
      "a narrow load clears the rest", .arm64, "uint8x16_t f(uint8x16_t a, const uint32_t p[1])",
      "ldr s0, [x0]; ret", holds: ["(= result ((_ zero_extend 96) \(loaded)))"],
      fails: ["(= result (concat \(a(127, 32)) \(loaded)))"]),
    Kernel(
      "a load of a lane keeps the rest", .arm64, "uint8x16_t f(uint8x16_t a, const uint32_t p[1])",
      "ld1 { v0.s }[0], [x0]; ret", holds: ["(= result (concat \(a(127, 32)) \(loaded)))"],
      fails: ["(= result ((_ zero_extend 96) \(loaded)))"]),
    Kernel(
      "FMOV to a D register clears the upper half", .arm64,
      "uint8x16_t f(uint8x16_t a, uint64_t x)", "fmov d0, x0; ret",
      holds: ["(= result ((_ zero_extend 64) x))"], fails: ["(= result (concat \(a(127, 64)) x))"]),
    Kernel(
      "FMOV to an upper half keeps the lower", .arm64, "uint8x16_t f(uint8x16_t a, uint64_t x)",
      "fmov v0.d[1], x0; ret", holds: ["(= result (concat x \(a(63, 0))))"],
      fails: ["(= result (concat x #x0000000000000000))"]),
    Kernel(
      "XTN clears the upper half", .arm64, "uint8x16_t f(uint8x16_t a, uint8x16_t b)",
      "xtn v0.8b, v1.8h; ret", holds: ["(= \(bits(127, 64, "result")) (_ bv0 64))"],
      fails: ["(= \(bits(127, 64, "result")) \(a(127, 64)))"]),
    Kernel(
      "XTN2 keeps the lower half", .arm64, "uint8x16_t f(uint8x16_t a, uint8x16_t b)",
      "xtn2 v0.16b, v1.8h; ret", holds: ["(= \(bits(63, 0, "result")) \(a(63, 0)))"],
      fails: ["(= \(bits(63, 0, "result")) (_ bv0 64))"]),
  ]

  /// The lower halves of v8 to v15 are the caller's, and no other vector registers are.
  static let calleeSaved: [Kernel] =
    (8...15).flatMap { number in
      [
        Kernel(
          "d\(number) is the caller's", .arm64, "void f(uint64_t x)",
          "mov v\(number).b[7], w0; ret", verdict: .refuted(.abi)),
        Kernel(
          "the upper half of v\(number) is free", .arm64, "void f(uint64_t x)",
          "mov v\(number).d[1], x0; ret", verdict: .proved),
        Kernel(
          "d\(number) is restored", .arm64, "uint64_t f(uint64_t x)",
          "str d\(number), [sp, #-16]!; fmov d\(number), x0; fmov x0, d\(number);"
            + "ldr d\(number), [sp], #16; ret", holds: ["(= result x)"]),
      ]
    } + [
      Kernel(
        "s8 is not all of d8", .arm64, "void f(uint64_t x)",
        "str s8, [sp, #-16]!; fmov d8, x0; ldr s8, [sp], #16; ret", verdict: .refuted(.abi)),
      Kernel(
        "the other vector registers are free", .arm64, "void f(uint64_t x)",
        "fmov d0, x0; fmov d7, x0; fmov d16, x0; fmov d31, x0; ret", verdict: .proved),
      Kernel(
        "all vector registers are free", .x86, "void f(void)",
        "pxor xmm6, xmm6; pxor xmm15, xmm15; ret", verdict: .proved),
    ]

  /// Modes that a caller relies on are nothing that code can change.
  static let modes: [Kernel] = [
    Kernel(
      "LDMXCSR", .x86, "void f(const uint32_t p[1])", ".byte 0x0F,0xAE,0x17; ret",
      verdict: .unsupported),
    Kernel(
      "VLDMXCSR", .x86, "void f(const uint32_t p[1])", ".byte 0xC5,0xF8,0xAE,0x17; ret",
      verdict: .unsupported),
    Kernel(
      "MSR of FPCR", .arm64, "void f(uint64_t x)", ".byte 0x00,0x44,0x1B,0xD5; ret",
      verdict: .unsupported),
  ]

  @Suite struct Tests {
    /// A second byte is not a first byte.
    @Test(arguments: RegisterPitfalls.highBytes)
    func highBytes(_ kernel: Kernel) throws { try kernel.check() }

    /// What is not written of a vector register is kept or cleared, by the operands.
    @Test(arguments: RegisterPitfalls.vectorParts)
    func vectorParts(_ kernel: Kernel) throws { try kernel.check() }

    /// Half of eight vector registers is the caller's.
    @Test(arguments: RegisterPitfalls.calleeSaved)
    func calleeSaved(_ kernel: Kernel) throws { try kernel.check() }

    /// Modes of floating point stay what they are.
    @Test(arguments: RegisterPitfalls.modes)
    func modes(_ kernel: Kernel) throws { try kernel.check() }
  }
}
