import Testing

/// Prefixes of x86-64 that are repeated, void or part of the opcode, and the polynomials of checksums.
struct PrefixPitfalls {
  private static func bits(_ high: Int, _ low: Int, _ value: String) -> String {
    "((_ extract \(high) \(low)) \(value))"
  }

  private static let byte = "uint32_t f(uint8_t x)"
  private static let castagnoli = "(= result #xf26b8303)"
  private static let ethernet = "(= result #x77073096)"

  /// Which polynomial a checksum has, and that neither end inverts it; seen at the byte 1.
  static let checksums: [Kernel] = [
    Kernel(
      "CRC32 of x86-64 is Castagnoli's", .x86, byte, "xor eax, eax; crc32 eax, dil; ret",
      requires: "(= x #x01)", holds: [castagnoli], fails: [ethernet, "(= result #x0d947cfc)"]),
    Kernel(
      "CRC32C of ARM64 is Castagnoli's", .arm64, byte, "crc32cb w0, wzr, w0; ret",
      requires: "(= x #x01)", holds: [castagnoli], fails: [ethernet]),
    Kernel(
      "CRC32 of ARM64 is Ethernet's", .arm64, byte, "crc32b w0, wzr, w0; ret",
      requires: "(= x #x01)", holds: [ethernet], fails: [castagnoli, "(= result #x88f8cf69)"]),
    Kernel(
      "CRC32 clears the upper half", .x86, "uint64_t f(uint64_t x, uint8_t y)",
      "mov rax, rdi; crc32 rax, sil; ret", holds: ["(= \(bits(63, 32, "result")) #x00000000)"],
      fails: ["(= \(bits(63, 32, "result")) \(bits(63, 32, "x")))"]),
  ]

  private static let first = "(select p #x0000000000000000)"
  private static let vectors = "__m128i f(__m128i x, __m128i y)"
  private static let movesSingle = "(= result (concat \(bits(127, 32, "x")) \(bits(31, 0, "y"))))"
  private static let movesDouble = "(= result (concat \(bits(127, 64, "x")) \(bits(63, 0, "y"))))"

  /// Prefixes that are repeated, that nobody asked for, or that are part of the opcode.
  static let prefixes: [Kernel] = [
    Kernel(
      "F2 0F 38 F0 is CRC32", .x86, "uint32_t f(const uint8_t p[4])",
      "xor eax, eax; .byte 0xF2,0x0F,0x38,0xF0,0x07; ret", requires: "(= \(first) #x01)",
      holds: [castagnoli], fails: ["(= \(bits(31, 24, "result")) #x01)"]),
    Kernel(
      "0F 38 F0 is MOVBE", .x86, "uint32_t f(const uint8_t p[4])",
      ".byte 0x0F,0x38,0xF0,0x07; ret", holds: ["(= \(bits(31, 24, "result")) \(first))"],
      fails: ["(= \(bits(7, 0, "result")) \(first))"]),
    Kernel(
      "66 F2 0F 38 F1 takes 16 bits", .x86, "uint32_t f(uint32_t x)",
      "xor eax, eax; .byte 0x66,0xF2,0x0F,0x38,0xF1,0xC7; ret", requires: "(= x #x00010000)",
      holds: ["(= result #x00000000)"], fails: ["(= result #x13a29877)"]),
    Kernel(
      "F3 66 0F BC is TZCNT of 16 bits", .x86, "uint16_t f(uint32_t x)",
      ".byte 0xF3,0x66,0x0F,0xBC,0xC7; ret", requires: "(= x #x00010000)",
      holds: ["(= result #x0010)"], fails: ["(= result #x0000)"]),
    Kernel(
      "66 twice is 66", .x86, "uint64_t f(uint64_t x)",
      "mov rax, rdi; .byte 0x66,0x66,0x05,0x0A,0; ret",
      holds: ["(= result (concat \(bits(63, 16, "x")) (bvadd \(bits(15, 0, "x")) #x000a)))"],
      fails: ["(= result (concat #x00000000 (bvadd \(bits(31, 0, "x")) #x0000000a)))"]),
    Kernel(
      "F3 wins over 66 before it", .x86, vectors, ".byte 0x66,0xF3,0x0F,0x10,0xC1; ret",
      holds: [movesSingle], fails: ["(= result y)"]),
    Kernel(
      "F3 wins over 66 after it", .x86, vectors, ".byte 0xF3,0x66,0x0F,0x10,0xC1; ret",
      holds: [movesSingle], fails: ["(= result y)"]),
    Kernel(
      "F3 wins over F2 before it", .x86, vectors, ".byte 0xF2,0xF3,0x0F,0x10,0xC1; ret",
      holds: [movesSingle], fails: [movesDouble]),
    Kernel(
      "F2 wins over F3 before it", .x86, vectors, ".byte 0xF3,0xF2,0x0F,0x10,0xC1; ret",
      holds: [movesDouble], fails: [movesSingle]),
    Kernel(
      "REX.W after 66 widens", .x86, "__m128i f(uint64_t x)", ".byte 0x66,0x48,0x0F,0x6E,0xC7; ret",
      holds: ["(= result ((_ zero_extend 64) x))"],
      fails: ["(= result ((_ zero_extend 96) \(bits(31, 0, "x"))))"]),
    Kernel(
      "prefixes that MOV does not know are void", .x86, "uint64_t f(uint64_t x)",
      ".byte 0x2E,0x67,0xF3,0x48,0x89,0xF8; ret", holds: ["(= result x)"],
      fails: ["(= result (concat #x00000000 \(bits(31, 0, "x"))))"]),
    Kernel(
      "a REX before F3 is void", .x86, "uint64_t f(uint64_t x)",
      ".byte 0x48,0xF3,0x0F,0xBC,0xC7; ret", verdict: .unsupported),
    Kernel(
      "a REX before another is void", .x86, "uint64_t f(uint64_t x)",
      ".byte 0x48,0x40,0x89,0xF8; ret", verdict: .unsupported),
  ]

  @Suite struct Tests {
    /// There are two polynomials, and each instruction has one.
    @Test(arguments: PrefixPitfalls.checksums)
    func checksums(_ kernel: Kernel) throws { try kernel.check() }

    /// A prefix means what its place and the opcode say.
    @Test(arguments: PrefixPitfalls.prefixes)
    func prefixes(_ kernel: Kernel) throws { try kernel.check() }
  }
}
