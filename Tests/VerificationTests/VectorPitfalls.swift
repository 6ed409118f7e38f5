import Testing

/// Lanes of vectors: counts of shifts, flags, selections, and saturation.
struct VectorPitfalls {
  private static let two = "__m128i f(__m128i a, __m128i b)"
  private static let wide = "__m256i f(__m256i a, __m256i b)"
  private static let neon = "uint8x16_t f(uint8x16_t a, uint8x16_t b)"
  private static let test = "uint8_t f(__m128i a, __m128i b)"
  private static let allClear = "(= result (_ bv0 128))"

  private static func bits(_ high: Int, _ low: Int, _ value: String) -> String {
    "((_ extract \(high) \(low)) \(value))"
  }

  private static func a(_ high: Int, _ low: Int) -> String { bits(high, low, "a") }
  private static func b(_ high: Int, _ low: Int) -> String { bits(high, low, "b") }

  /// That a value is the result's bits from `high` down to `low`.
  private static func gives(_ high: Int, _ low: Int, _ value: String) -> String {
    "(= \(bits(high, low, "result")) \(value))"
  }

  private static func isBit(_ condition: String) -> String {
    "(= result (ite \(condition) #x01 #x00))"
  }

  private static let masked64 = "(bvand \(b(63, 0)) (_ bv63 64))"
  private static let masked32 = "(bvand \(b(31, 0)) #x0000001f)"

  /// SSE's shifts take one count for all lanes, all of its low 64 bits, and do not mask it.
  static let counts: [Kernel] = [
    Kernel(
      "a large count of PSLLQ gives zero", .x86, two, "psllq xmm0, xmm1; ret",
      holds: [gives(63, 0, "(bvshl \(a(63, 0)) \(b(63, 0)))")],
      fails: [gives(63, 0, "(bvshl \(a(63, 0)) \(masked64))")]),
    Kernel(
      "a large count of PSRAD gives the sign", .x86, two, "psrad xmm0, xmm1; ret",
      requires: "(bvuge \(b(63, 0)) (_ bv32 64))",
      holds: [gives(31, 0, "(bvashr \(a(31, 0)) #x0000001f)")],
      fails: [gives(31, 0, "#x00000000"), gives(31, 0, "(bvashr \(a(31, 0)) \(masked32))")]),
    Kernel(
      "a count has 64 bits and not a lane's", .x86, two, "pslld xmm0, xmm1; ret",
      requires: "(= \(b(63, 0)) #x0000000100000001)", holds: [allClear],
      fails: [gives(31, 0, "(bvshl \(a(31, 0)) #x00000001)")]),
    Kernel(
      "a count has 64 bits and not 128", .x86, two, "psrlw xmm0, xmm1; ret",
      requires: "(= b #x00000000000000010000000000000004)",
      holds: [gives(127, 112, "(bvlshr \(a(127, 112)) #x0004)")], fails: [allClear]),
    Kernel(
      "all lanes have one count", .x86, two, "psrlq xmm0, xmm1; ret",
      holds: [gives(127, 64, "(bvlshr \(a(127, 64)) \(b(63, 0)))")],
      fails: [gives(127, 64, "(bvlshr \(a(127, 64)) \(b(127, 64)))")]),
    Kernel(
      "each lane of VPSRLVQ has its own count", .x86, two, "vpsrlvq xmm0, xmm0, xmm1; ret",
      holds: [gives(127, 64, "(bvlshr \(a(127, 64)) \(b(127, 64)))")],
      fails: [gives(127, 64, "(bvlshr \(a(127, 64)) \(b(63, 0)))")]),
    Kernel(
      "an immediate count is not masked", .x86, two, "psrlw xmm0, 17; ret", holds: [allClear],
      fails: [gives(15, 0, "(bvlshr \(a(15, 0)) #x0001)")]),
    Kernel(
      "a large immediate count of PSRAW gives the sign", .x86, two, "psraw xmm0, 17; ret",
      holds: [gives(15, 0, "(bvashr \(a(15, 0)) #x000f)")],
      fails: [gives(15, 0, "(bvashr \(a(15, 0)) #x0001)"), gives(15, 0, "#x0000")]),
    Kernel(
      "PSLLDQ by more than 15 bytes", .x86, two, "pslldq xmm0, 17; ret", holds: [allClear],
      fails: ["(= result (bvshl a (_ bv8 128)))"]),
    Kernel(
      "VPSLLDQ shifts each half", .x86, wide, "vpslldq ymm0, ymm0, 8; ret",
      holds: [gives(191, 128, "(_ bv0 64)")], fails: [gives(191, 128, a(127, 64))]),
    Kernel(
      "USHL's count is a signed byte", .arm64, neon, "ushl v0.2d, v0.2d, v1.2d; ret",
      requires: "(= \(b(63, 0)) #x00000000000001ff)",
      holds: [gives(63, 0, "(bvlshr \(a(63, 0)) (_ bv1 64))")],
      fails: [gives(63, 0, "(_ bv0 64)"), gives(63, 0, "(bvshl \(a(63, 0)) (_ bv63 64))")]),
    Kernel(
      "a large count of SSHL to the right gives the sign", .arm64, neon,
      "sshl v0.2d, v0.2d, v1.2d; ret", requires: "(= \(b(63, 0)) #x0000000000000080)",
      holds: [gives(63, 0, "(bvashr \(a(63, 0)) (_ bv63 64))")],
      fails: [gives(63, 0, "(_ bv0 64)"), gives(63, 0, a(63, 0))]),
  ]

  private static let overflow = "mov al, 0x7f; add al, 1; ptest xmm0, xmm1; "
  private static let hasNoneInCommon = "(= (bvand a b) (_ bv0 128))"

  /// PTEST's ZF is about what both have, its CF about what only the second has.
  static let flags: [Kernel] = [
    Kernel(
      "PTEST's CF is of the first operand's complement", .x86, test,
      "ptest xmm0, xmm1; setc al; ret", holds: [isBit("(= (bvand b (bvnot a)) (_ bv0 128))")],
      fails: [isBit("(= (bvand a (bvnot b)) (_ bv0 128))"), isBit("false")]),
    Kernel(
      "PTEST's ZF is of the conjunction", .x86, test, "ptest xmm0, xmm1; setz al; ret",
      holds: [isBit(hasNoneInCommon)], fails: [isBit("(= a b)")]),
    Kernel(
      "PTEST clears OF", .x86, test, overflow + "seto al; ret", holds: [isBit("false")],
      fails: [isBit("true")]),
    Kernel(
      "PTEST clears SF and AF", .x86, test, overflow + "lahf; mov al, ah; and al, 0x90; ret",
      holds: ["(= result #x00)"], fails: ["(= result #x90)"]),
    Kernel(
      "VPTEST of XMM registers ignores the upper halves", .x86,
      "uint8_t f(__m256i a, __m256i b)", "vptest xmm0, xmm1; setz al; ret",
      holds: [isBit("(= \(bits(127, 0, "(bvand a b)")) (_ bv0 128))")],
      fails: [isBit("(= (bvand a b) (_ bv0 256))")]),
  ]

  /// Bytes that are selected by an index or an offset which may be out of range.
  static let selections: [Kernel] = [
    Kernel(
      "PSHUFB's bit 7 gives zero", .x86, two, "pshufb xmm0, xmm1; ret",
      requires: "(= \(b(7, 0)) #x8f)", holds: [gives(7, 0, "#x00")],
      fails: [gives(7, 0, a(127, 120))]),
    Kernel(
      "PSHUFB ignores bits 6 to 4", .x86, two, "pshufb xmm0, xmm1; ret",
      requires: "(= \(b(7, 0)) #x7f)", holds: [gives(7, 0, a(127, 120))],
      fails: [gives(7, 0, "#x00")]),
    Kernel(
      "VPSHUFB selects within its half", .x86, wide, "vpshufb ymm0, ymm0, ymm1; ret",
      requires: "(= \(b(135, 128)) #x01)", holds: [gives(135, 128, a(143, 136))],
      fails: [gives(135, 128, a(15, 8))]),
    Kernel(
      "PALIGNR's low bytes are the second operand's", .x86, two, "palignr xmm0, xmm1, 4; ret",
      holds: ["(= result (concat \(a(31, 0)) \(b(127, 32))))"],
      fails: ["(= result (concat \(b(31, 0)) \(a(127, 32))))"]),
    Kernel(
      "PALIGNR by more than 16", .x86, two, "palignr xmm0, xmm1, 20; ret",
      holds: ["(= result (bvlshr a (_ bv32 128)))"],
      fails: ["(= result (concat \(a(31, 0)) \(b(127, 32))))", allClear]),
    Kernel(
      "PALIGNR by more than 32", .x86, two, "palignr xmm0, xmm1, 36; ret", holds: [allClear],
      fails: ["(= result (concat \(a(31, 0)) \(b(127, 32))))"]),
    Kernel(
      "VPALIGNR aligns within its halves", .x86, wide, "vpalignr ymm0, ymm0, ymm1, 4; ret",
      holds: [gives(127, 96, a(31, 0))], fails: [gives(127, 96, b(159, 128))]),
    Kernel(
      "TBL beyond the table gives zero", .arm64, neon, "tbl v0.16b, { v0.16b }, v1.16b; ret",
      requires: "(= \(b(7, 0)) #x1f)", holds: [gives(7, 0, "#x00")],
      fails: [gives(7, 0, a(127, 120))]),
    Kernel(
      "TBX beyond the table keeps", .arm64, neon, "tbx v0.16b, { v1.16b }, v1.16b; ret",
      requires: "(= \(b(7, 0)) #x10)", holds: [gives(7, 0, a(7, 0))],
      fails: [gives(7, 0, "#x00")]),
  ]

  private static let sum = "(bvadd \(a(7, 0)) \(b(7, 0)))"
  private static let signedSum =
    "(bvadd ((_ sign_extend 8) \(a(7, 0))) ((_ sign_extend 8) \(b(7, 0))))"
  private static let unsignedSum = "(bvadd (concat #x00 \(a(7, 0))) (concat #x00 \(b(7, 0))))"
  private static let difference = "(bvsub \(a(7, 0)) \(b(7, 0)))"
  private static let noBorrow = "(ite (bvult \(a(7, 0)) \(b(7, 0))) #x00 \(difference))"
  private static let upTo255 = "(ite (bvugt \(a(15, 0)) #x00ff) #xff \(a(7, 0)))"

  /// The nearest signed and the nearest unsigned byte of a signed word.
  private static func signed(_ word: String) -> String {
    "(ite (bvslt \(word) #xff80) #x80 (ite (bvsgt \(word) #x007f) #x7f \(bits(7, 0, word))))"
  }
  private static func unsigned(_ word: String) -> String {
    "(ite (bvslt \(word) #x0000) #x00 (ite (bvsgt \(word) #x00ff) #xff \(bits(7, 0, word))))"
  }

  /// What does not fit becomes the nearest that does: the signs of source and target decide which.
  static let saturation: [Kernel] = [
    Kernel(
      "PADDUSB ends at 255", .x86, two, "paddusb xmm0, xmm1; ret",
      holds: [gives(7, 0, unsigned(unsignedSum))],
      fails: [gives(7, 0, sum), gives(7, 0, signed(signedSum))]),
    Kernel(
      "PADDSB ends at 127 and -128", .x86, two, "paddsb xmm0, xmm1; ret",
      holds: [gives(7, 0, signed(signedSum))],
      fails: [gives(7, 0, sum), gives(7, 0, unsigned(unsignedSum))]),
    Kernel(
      "PSUBUSB ends at 0", .x86, two, "psubusb xmm0, xmm1; ret", holds: [gives(7, 0, noBorrow)],
      fails: [gives(7, 0, difference)]),
    Kernel(
      "PACKUSWB reads signed words", .x86, two, "packuswb xmm0, xmm1; ret",
      holds: [gives(7, 0, unsigned(a(15, 0)))],
      fails: [gives(7, 0, upTo255), gives(7, 0, a(7, 0)), gives(7, 0, signed(a(15, 0)))]),
    Kernel(
      "PACKSSWB ends at 127 and -128", .x86, two, "packsswb xmm0, xmm1; ret",
      holds: [gives(7, 0, signed(a(15, 0)))],
      fails: [gives(7, 0, unsigned(a(15, 0))), gives(7, 0, a(7, 0))]),
    Kernel(
      "PACKUSWB does not interleave", .x86, two, "packuswb xmm0, xmm1; ret",
      holds: [gives(71, 64, unsigned(b(15, 0))), gives(15, 8, unsigned(a(31, 16)))],
      fails: [gives(15, 8, unsigned(b(15, 0)))]),
    Kernel(
      "VPACKUSWB packs within its halves", .x86, wide, "vpackuswb ymm0, ymm0, ymm1; ret",
      holds: [gives(71, 64, unsigned(b(15, 0)))],
      fails: [gives(71, 64, unsigned(a(143, 128)))]),
    Kernel(
      "SQADD ends at 127 and -128", .arm64, neon, "sqadd v0.16b, v0.16b, v1.16b; ret",
      holds: [gives(7, 0, signed(signedSum))],
      fails: [gives(7, 0, sum), gives(7, 0, unsigned(unsignedSum))]),
    Kernel(
      "UQSUB ends at 0", .arm64, neon, "uqsub v0.16b, v0.16b, v1.16b; ret",
      holds: [gives(7, 0, noBorrow)], fails: [gives(7, 0, difference)]),
    Kernel(
      "SQXTN ends at 127 and -128", .arm64, neon, "sqxtn v0.8b, v0.8h; ret",
      holds: [gives(7, 0, signed(a(15, 0)))],
      fails: [gives(7, 0, a(7, 0)), gives(7, 0, unsigned(a(15, 0)))]),
    Kernel(
      "SQXTUN reads signed words", .arm64, neon, "sqxtun v0.8b, v0.8h; ret",
      holds: [gives(7, 0, unsigned(a(15, 0)))], fails: [gives(7, 0, upTo255)]),
    Kernel(
      "UQXTN reads unsigned words", .arm64, neon, "uqxtn v0.8b, v0.8h; ret",
      holds: [gives(7, 0, upTo255)], fails: [gives(7, 0, unsigned(a(15, 0)))]),
    Kernel(
      "SQNEG of the minimum", .arm64, neon, "sqneg v0.16b, v0.16b; ret",
      requires: "(= \(a(7, 0)) #x80)", holds: [gives(7, 0, "#x7f")], fails: [gives(7, 0, "#x80")]),
    Kernel(
      "ABS of the minimum does not saturate", .arm64, neon, "abs v0.16b, v0.16b; ret",
      requires: "(= \(a(7, 0)) #x80)", holds: [gives(7, 0, "#x80")], fails: [gives(7, 0, "#x7f")]),
  ]

  @Suite struct Tests {
    /// Counts of vector shifts are not masked.
    @Test(arguments: VectorPitfalls.counts)
    func counts(_ kernel: Kernel) throws { try kernel.check() }

    /// PTEST's CF complements its first operand.
    @Test(arguments: VectorPitfalls.flags)
    func flags(_ kernel: Kernel) throws { try kernel.check() }

    /// An index or an offset out of range gives zero or keeps, by the instruction.
    @Test(arguments: VectorPitfalls.selections)
    func selections(_ kernel: Kernel) throws { try kernel.check() }

    /// Lanes saturate, with the sign that the instruction says.
    @Test(arguments: VectorPitfalls.saturation)
    func saturation(_ kernel: Kernel) throws { try kernel.check() }
  }
}
