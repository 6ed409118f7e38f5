import Testing

/// Instructions on general registers and memory: counts, indices, flags and conditions.
struct ScalarPitfalls {
  private static let zero = "#x0000000000000000"
  private static let words = "uint16_t f(uint16_t x, uint16_t y)"
  private static let bytes = "uint8_t f(uint8_t x, uint8_t y)"

  private static func bits(_ high: Int, _ low: Int, _ value: String) -> String {
    "((_ extract \(high) \(low)) \(value))"
  }

  private static func isBit(_ condition: String) -> String {
    "(= result (ite \(condition) #x01 #x00))"
  }

  /// SHLD and SHRD mask the count to 5 bits for words too, which is more than they have.
  static let doubleShifts: [Kernel] = [
    Kernel(
      "SHRD of 16 bits by 16 is the source", .x86, words,
      "mov eax, edi; mov ecx, 16; shrd ax, si, cl; ret", holds: ["(= result y)"],
      fails: ["(= result x)"]),
    Kernel(
      "SHLD of 16 bits by 16 is the source", .x86, words, "mov eax, edi; shld ax, si, 16; ret",
      holds: ["(= result y)"], fails: ["(= result x)"]),
    Kernel(
      "SHRD of 16 bits by more than 16", .x86, words,
      "mov eax, edi; mov ecx, 17; shrd ax, si, cl; ret", verdict: .refuted(.independence)),
    Kernel(
      "SHRD of 16 bits takes the count modulo 32", .x86, words,
      "mov eax, edi; mov ecx, 36; shrd ax, si, cl; ret",
      holds: ["(= result (concat \(bits(3, 0, "y")) \(bits(15, 4, "x"))))"],
      fails: ["(= result (bvlshr y #x0004))"]),
    Kernel(
      "SHRD fills up with the source's low bits", .x86, words, "mov eax, edi; shrd ax, si, 4; ret",
      holds: ["(= result (concat \(bits(3, 0, "y")) \(bits(15, 4, "x"))))"],
      fails: ["(= result (concat \(bits(15, 12, "y")) \(bits(15, 4, "x"))))"]),
    Kernel(
      "a masked count of 0 changes no flag of SHLD", .x86, "uint8_t f(uint32_t x)",
      "mov ecx, 32; mov eax, 5; cmp edi, edi; shld eax, edi, cl; setz al; ret",
      holds: ["(= result #x01)"], fails: ["(= result #x00)"]),
  ]

  private static let product = "(bvmul (concat #x00 x) (concat #x00 y))"
  private static let signedProduct = "(bvmul ((_ sign_extend 8) x) ((_ sign_extend 8) y))"
  private static let overflow = "mov al, 0x7f; add al, 1; "

  /// What a product's flags and its upper half are.
  static let products: [Kernel] = [
    Kernel(
      "CF after MUL is that the upper half is not zero", .x86, bytes,
      "mov eax, edi; mul sil; setc al; ret", holds: [isBit("(bvugt \(product) #x00ff)")],
      fails: [isBit("(distinct \(signedProduct) ((_ sign_extend 8) (bvmul x y)))")]),
    Kernel(
      "OF after MUL is its CF", .x86, bytes, "mov eax, edi; mul sil; seto al; ret",
      holds: [isBit("(bvugt \(product) #x00ff)")],
      fails: [isBit("(bvugt \(product) #x007f)"), isBit("false")]),
    Kernel(
      "MUL of bytes leaves DX alone", .x86, "uint8_t f(uint8_t x, uint8_t y, uint8_t z)",
      "mov eax, edi; mul sil; mov eax, edx; ret", holds: ["(= result z)"],
      fails: ["(= result \(bits(15, 8, product)))"]),
    Kernel(
      "POPCNT clears OF and SF", .x86, "uint8_t f(uint32_t x)",
      overflow + "popcnt ecx, edi; seto al; sets cl; or al, cl; ret", holds: ["(= result #x00)"],
      fails: ["(= result #x01)"]),
    Kernel(
      "two undefined flags are two unknowns", .x86, "uint8_t f(uint32_t x)",
      "imul eax, edi, 3; setz al; imul ecx, edi, 3; setz cl; sub al, cl; ret",
      fails: ["(= result #x00)"], verdict: .refuted(.independence)),
  ]

  private static let three = "uint32_t f(uint32_t x, uint32_t y, uint32_t z)"
  private static let flag = "uint8_t f(uint32_t x, uint32_t y, uint32_t z)"
  private static let exchange = "mov eax, edi; cmpxchg esi, edx; "
  private static let cleared = "push rbx; mov ebx, esi; mov ecx, esi; xor eax, eax; xor edx, edx; "

  /// Operands that are one register, and what CMPXCHG compares, writes and leaves alone.
  static let exchanges: [Kernel] = [
    Kernel(
      "CMPXCHG's CF is of the accumulator minus the destination", .x86, flag,
      exchange + "setb al; ret", holds: [isBit("(bvult x y)")],
      fails: [isBit("(bvult y x)"), isBit("(bvult x z)")]),
    Kernel(
      "CMPXCHG's ZF", .x86, flag, exchange + "setz al; ret", holds: [isBit("(= x y)")],
      fails: [isBit("(= x z)")]),
    Kernel(
      "CMPXCHG's SF and OF", .x86, flag, exchange + "setl al; ret", holds: [isBit("(bvslt x y)")],
      fails: [isBit("(bvslt (bvsub x y) #x00000000)")]),
    Kernel(
      "CMPXCHG8B changes no flag but ZF", .x86, "uint8_t f(uint64_t p[1], uint32_t x)",
      cleared + "stc; cmpxchg8b qword ptr [rdi]; setc al; pop rbx; ret", holds: [isBit("true")],
      fails: [isBit("(distinct (select p \(zero)) \(zero))")]),
    Kernel(
      "CMPXCHG loads the accumulator", .x86, three, exchange + "ret", holds: ["(= result y)"],
      fails: ["(= result x)"]),
    Kernel(
      "CMPXCHG of the accumulator with itself exchanges", .x86, three,
      "mov eax, edi; cmpxchg eax, esi; ret", holds: ["(= result y)"], fails: ["(= result x)"]),
    Kernel(
      "CMPXCHG that exchanges keeps the accumulator's upper half", .x86,
      "uint64_t f(uint64_t x, uint32_t y, uint32_t z)", "mov rax, rdi; cmpxchg esi, edx; ret",
      requires: "(= \(bits(31, 0, "x")) y)", holds: ["(= result x)"],
      fails: ["(= result (concat #x00000000 y))"]),
    Kernel(
      "CMPXCHG that does not exchange may clear an upper half", .x86,
      "uint64_t f(uint32_t x, uint64_t y, uint32_t z)", exchange + "mov rax, rsi; ret",
      requires: "(distinct x \(bits(31, 0, "y")))", verdict: .refuted(.independence)),
    Kernel(
      "CMPXCHG writes what it does not change", .x86,
      "void f(const uint32_t p[1], uint32_t x, uint32_t y)",
      "mov eax, esi; cmpxchg dword ptr [rdi], edx; ret",
      requires: "(distinct x (select p \(zero)))", verdict: .refuted(.memory)),
    Kernel(
      "XADD of a register with itself doubles it", .x86, three, "mov eax, edi; xadd eax, eax; ret",
      holds: ["(= result (bvadd x x))"], fails: ["(= result x)"]),
    Kernel(
      "XCHG of a register with itself clears the upper half", .x86, "uint64_t f(uint64_t x)",
      "xchg edi, edi; mov rax, rdi; ret",
      holds: ["(= result (concat #x00000000 \(bits(31, 0, "x"))))"], fails: ["(= result x)"]),
  ]

  private static let two = "void f(uint32_t p[2], uint32_t i)"
  private static let first = "(select p \(zero))"
  private static let second = "(select p #x0000000000000001)"
  private static let firstAfter = "(select p.out \(zero))"
  private static let secondAfter = "(select p.out #x0000000000000001)"
  private static let bit = "(bvshl #x00000001 (bvand i #x0000001f))"
  private static let inSecond = "(and (bvuge i #x00000020) (bvult i #x00000040))"

  /// A register is a signed index into a string of bits, which begins before the operand.
  static let bitStrings: [Kernel] = [
    Kernel(
      "BTS reaches beyond its operand", .x86, "void f(uint32_t p[1], uint32_t i)",
      "bts dword ptr [rdi], esi; ret", verdict: .refuted(.memory)),
    Kernel(
      "BTS within its operand", .x86, "void f(uint32_t p[1], uint32_t i)",
      "bts dword ptr [rdi], esi; ret", requires: "(bvult i #x00000020)",
      holds: ["(= \(firstAfter) (bvor \(first) \(bit)))"], fails: ["(= \(firstAfter) \(first))"]),
    Kernel(
      "BTS of a bit of the next element", .x86, two, "bts dword ptr [rdi], esi; ret",
      requires: inSecond,
      holds: ["(= \(secondAfter) (bvor \(second) \(bit)))", "(= \(firstAfter) \(first))"],
      fails: ["(= \(firstAfter) (bvor \(first) \(bit)))", "(= \(secondAfter) \(second))"]),
    Kernel(
      "BTR of a bit of the next element", .x86, two, "btr dword ptr [rdi], esi; ret",
      requires: inSecond, holds: ["(= \(secondAfter) (bvand \(second) (bvnot \(bit))))"],
      fails: ["(= \(firstAfter) (bvand \(first) (bvnot \(bit))))"]),
    Kernel(
      "BTC with a negative index", .x86, two, "btc dword ptr [rdi + 4], esi; ret",
      requires: "(= i #xffffffff)",
      holds: ["(= \(firstAfter) (bvxor \(first) #x80000000))", "(= \(secondAfter) \(second))"],
      fails: ["(= \(secondAfter) (bvxor \(second) #x80000000))"]),
    Kernel(
      "BT's index has its operand's width", .x86, "uint8_t f(const uint16_t p[2], uint32_t i)",
      "bt word ptr [rdi + 2], si; setc al; ret", requires: "(= i #x0001ffff)",
      holds: [isBit("(= \(bits(15, 15, first)) #b1)")],
      fails: [isBit("(= \(bits(15, 15, second)) #b1)")]),
    Kernel(
      "BTS of a register takes the index modulo its width", .x86,
      "uint32_t f(uint32_t x, uint32_t i)", "mov eax, edi; bts eax, esi; ret",
      holds: ["(= result (bvor x \(bit)))"], fails: ["(= result (bvor x (bvshl #x00000001 i)))"]),
    Kernel(
      "BTS by an immediate stays in its operand", .x86, two, "bts dword ptr [rdi], 33; ret",
      holds: ["(= \(firstAfter) (bvor \(first) #x00000002))", "(= \(secondAfter) \(second))"],
      fails: ["(= \(secondAfter) (bvor \(second) #x00000002))"]),
  ]

  private static let difference = "(bvsub x y)"
  private static let isFive = "(= x #x0000000000000005)"

  private static func isOne(_ condition: String) -> String {
    "(= result (ite \(condition) #x0000000000000001 #x0000000000000000))"
  }

  /// CCMP under a condition, whose meaning after a comparison of `x` and `y` is given.
  private static func compares(_ condition: String, if meaning: String) -> Kernel {
    Kernel(
      "CCMP under \(condition)", .arm64, "uint64_t f(uint64_t x, uint64_t y)",
      "cmp x0, x1; ccmp x0, #5, #4, \(condition); cset x0, eq; ret",
      holds: [isOne("(=> \(meaning) \(isFive))")],
      fails: [isOne(isFive), isOne("(and \(meaning) \(isFive))")])
  }

  /// CCMP and CCMN compare if their condition holds, and else take their immediate as the flags.
  static let conditions: [Kernel] = [
    compares("eq", if: "(= x y)"), compares("ne", if: "(distinct x y)"),
    compares("hs", if: "(bvuge x y)"), compares("lo", if: "(bvult x y)"),
    compares("mi", if: "(bvslt \(difference) \(zero))"),
    compares("pl", if: "(bvsge \(difference) \(zero))"),
    compares("vs", if: "(distinct (bvslt x y) (bvslt \(difference) \(zero)))"),
    compares("vc", if: "(= (bvslt x y) (bvslt \(difference) \(zero)))"),
    compares("hi", if: "(bvugt x y)"), compares("ls", if: "(bvule x y)"),
    compares("ge", if: "(bvsge x y)"), compares("lt", if: "(bvslt x y)"),
    compares("gt", if: "(bvsgt x y)"), compares("le", if: "(bvsle x y)"),
    Kernel(
      "CCMP under AL compares", .arm64, "uint64_t f(uint64_t x, uint64_t y)",
      "cmp x0, x1; ccmp x0, #5, #4, al; cset x0, eq; ret", holds: [isOne(isFive)],
      fails: [isOne("true")]),
    Kernel(
      "CCMN under a false condition takes C too", .arm64, "uint64_t f(uint64_t x, uint64_t y)",
      "cmp x0, x0; ccmn x0, x1, #2, ne; cset x0, hs; ret", holds: [isOne("true")],
      fails: [isOne("(bvult (bvadd x y) x)"), isOne("false")]),
    Kernel(
      "CCMP of W registers compares lower halves", .arm64, "uint64_t f(uint64_t x, uint64_t y)",
      "cmp x0, x0; ccmp w0, w1, #0, eq; cset x0, eq; ret",
      holds: [isOne("(= \(bits(31, 0, "x")) \(bits(31, 0, "y")))")], fails: [isOne("(= x y)")]),
  ]

  @Suite struct Tests {
    /// A count of more bits than the operand has.
    @Test(arguments: ScalarPitfalls.doubleShifts)
    func doubleShifts(_ kernel: Kernel) throws { try kernel.check() }

    /// A multiplication's flags are not a comparison's.
    @Test(arguments: ScalarPitfalls.products)
    func products(_ kernel: Kernel) throws { try kernel.check() }

    /// An exchange reads all its operands before it writes one.
    @Test(arguments: ScalarPitfalls.exchanges)
    func exchanges(_ kernel: Kernel) throws { try kernel.check() }

    /// A bit's index may reach outside the operand.
    @Test(arguments: ScalarPitfalls.bitStrings)
    func bitStrings(_ kernel: Kernel) throws { try kernel.check() }

    /// A conditional comparison may compare nothing.
    @Test(arguments: ScalarPitfalls.conditions)
    func conditions(_ kernel: Kernel) throws { try kernel.check() }
  }
}
