import MachineModel
import Terms

/// Elements into and out of vectors, and 128-bit halves (Intel SDM, volume 2, PINSRB, PINSRW, PEXTRB,
/// PEXTRW, EXTRACTPS, VINSERTF128, VINSERTI128, VEXTRACTF128, VEXTRACTI128). In 64-bit mode VEX.W does
/// not matter to the forms for bytes and words, by their pages' notes.
extension Tables {
  static let vectorElements: [Entry] = [
    Entry(
      insertElement("PINSRB: insert a byte", of: 8), insertRows("pinsrb", "r32/m8", "3A 20", "WIG")),
    Entry(
      insertElement("PINSRW: insert a word", of: 16),
      [
        Row("pinsrw xmm1, r32/m16, imm8", "66 0F C4 /r ib", "SSE2"),
        Row("vpinsrw xmm1, xmm2, r32/m16, imm8", "VEX.128.66.0F.WIG C4 /r ib", "AVX"),
      ]),
    Entry(
      insertElement("PINSRD: insert a doubleword", of: 32),
      insertRows("pinsrd", "r/m32", "3A 22", "W0")),
    Entry(
      insertElement("PINSRQ: insert a quadword", of: 64),
      insertRows("pinsrq", "r/m64", "3A 22", "W1")),
    Entry(
      extract("PEXTRB: extract a byte", of: 8), extractRows("pextrb", "r32/m8", "3A 14", "WIG")),
    Entry(
      extract("PEXTRW: extract a word", of: 16),
      [
        Row("pextrw r32, xmm1, imm8", "66 0F C5 /r ib", "SSE2"),
        Row("vpextrw r32, xmm1, imm8", "VEX.128.66.0F.WIG C5 /r ib", "AVX"),
      ] + extractRows("pextrw", "r32/m16", "3A 15", "WIG")),
    Entry(
      extract("PEXTRD: extract a doubleword", of: 32),
      extractRows("pextrd", "r/m32", "3A 16", "W0")),
    Entry(
      extract("PEXTRQ: extract a quadword", of: 64), extractRows("pextrq", "r/m64", "3A 16", "W1")),
    Entry(
      extract("EXTRACTPS: extract a doubleword", of: 32),
      extractRows("extractps", "r/m32", "3A 17", "WIG")),
    Entry(
      insertHalf,
      halfRows("vinsertf128 ymm1, ymm2, xmm3/m128, imm8", "18", "AVX")
        + halfRows("vinserti128 ymm1, ymm2, xmm3/m128, imm8", "38", "AVX2")),
    Entry(
      extract("VEXTRACTF128, VEXTRACTI128: extract 128 bits", of: 128),
      halfRows("vextractf128 xmm1/m128, ymm2, imm8", "19", "AVX")
        + halfRows("vextracti128 xmm1/m128, ymm2, imm8", "39", "AVX2")),
  ]

  /// The immediate's low bits are the place; of a register the low bits are taken.
  private static func insertElement(_ title: String, of width: Int) -> Family {
    vectorFamily(title) { instruction, state in
      let first = instruction.form.isLegacy ? 0 : 1
      var lanes = state.terms.lanes(state[instruction[first]], of: width)
      lanes[instruction.control & (lanes.count - 1)] = state.low(width, instruction, first + 1)
      state[instruction[0]] = state.terms.joined(lanes)
    }
  }

  private static func insertRows(
    _ mnemonic: String, _ source: String, _ opcode: String, _ wide: String
  ) -> [Row] {
    let map = opcode.split(separator: " ")
    return [
      Row(
        "\(mnemonic) xmm1, \(source), imm8",
        "66 \(wide == "W1" ? "REX.W " : "")0F \(opcode) /r ib", "SSE4_1"),
      Row(
        "v\(mnemonic) xmm1, xmm2, \(source), imm8",
        "VEX.128.66.0F\(map[0]).\(wide) \(map[1]) /r ib",
        "AVX"),
    ]
  }

  /// The immediate's low bits are the place; a register gets zeros above.
  private static func extract(_ title: String, of width: Int) -> Family {
    vectorFamily(title) { instruction, state in
      let lanes = state.terms.lanes(state[instruction[1]], of: width)
      let element = lanes[instruction.control & (lanes.count - 1)]
      state[instruction[0]] = state.terms.zeroExtend(element, to: instruction.width)
    }
  }

  private static func extractRows(
    _ mnemonic: String, _ target: String, _ opcode: String, _ wide: String
  ) -> [Row] {
    let map = opcode.split(separator: " ")
    return [
      Row(
        "\(mnemonic) \(target), xmm1, imm8",
        "66 \(wide == "W1" ? "REX.W " : "")0F \(opcode) /r ib", "SSE4_1"),
      Row(
        "v\(mnemonic) \(target), xmm1, imm8", "VEX.128.66.0F\(map[0]).\(wide) \(map[1]) /r ib",
        "AVX"),
    ]
  }

  private static let insertHalf = vectorFamily("VINSERTF128, VINSERTI128: insert 128 bits") {
    instruction, state in
    var lanes = state.terms.lanes(state[instruction[1]], of: 128)
    lanes[instruction.control & 1] = state.source(instruction, 2)
    state[instruction[0]] = state.terms.joined(lanes)
  }

  private static func halfRows(_ syntax: String, _ opcode: String, _ feature: String) -> [Row] {
    [Row(syntax, "VEX.256.66.0F3A.W0 \(opcode) /r ib", feature)]
  }
}
