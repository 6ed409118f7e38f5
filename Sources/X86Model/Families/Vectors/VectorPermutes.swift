import MachineModel
import Terms

/// Permutes across 128 bits and broadcasts (Intel SDM, volume 2, VPERM2F128, VPERM2I128, VPERMD, VPERMPS,
/// VPERMQ, VPERMPD, VBROADCAST, VPBROADCAST).
extension Tables {
  static let vectorPermutes: [Entry] = [
    Entry(
      permuteHalves,
      [
        Row("vperm2f128 ymm1, ymm2, ymm3/m256, imm8", "VEX.256.66.0F3A.W0 06 /r ib", "AVX"),
        Row("vperm2i128 ymm1, ymm2, ymm3/m256, imm8", "VEX.256.66.0F3A.W0 46 /r ib", "AVX2"),
      ]),
    Entry(
      permuteElements,
      [
        Row("vpermd ymm1, ymm2, ymm3/m256", "VEX.256.66.0F38.W0 36 /r", "AVX2"),
        Row(
          "vpermd ymm1 {k1}{z}, ymm2, ymm3/m256/m32bcst", "EVEX.256.66.0F38.W0 36 /r",
          "AVX512VL AVX512F"),
        Row(
          "vpermd zmm1 {k1}{z}, zmm2, zmm3/m512/m32bcst", "EVEX.512.66.0F38.W0 36 /r", "AVX512F"),
        Row("vpermps ymm1, ymm2, ymm3/m256", "VEX.256.66.0F38.W0 16 /r", "AVX2"),
      ]),
    Entry(
      permuteQuadwords,
      [
        Row("vpermq ymm1, ymm2/m256, imm8", "VEX.256.66.0F3A.W1 00 /r ib", "AVX2"),
        Row("vpermpd ymm1, ymm2/m256, imm8", "VEX.256.66.0F3A.W1 01 /r ib", "AVX2"),
      ]),
    Entry(
      broadcast("VBROADCASTSS, VPBROADCASTD: a doubleword everywhere", of: 32), broadcast32Rows),
    Entry(broadcast("VBROADCASTSD, VPBROADCASTQ: a quadword everywhere", of: 64), broadcast64Rows),
    Entry(
      broadcast("VPBROADCASTB: a byte everywhere", of: 8), broadcastRows("vpbroadcastb", 8, "78")),
    Entry(
      broadcast("VPBROADCASTW: a word everywhere", of: 16), broadcastRows("vpbroadcastw", 16, "79")),
    Entry(
      broadcast("VBROADCASTF128, VBROADCASTI128: 128 bits twice", of: 128),
      [
        Row("vbroadcastf128 ymm1, m128", "VEX.256.66.0F38.W0 1A /r", "AVX"),
        Row("vbroadcasti128 ymm1, m128", "VEX.256.66.0F38.W0 5A /r", "AVX2"),
      ]),
  ]

  /// Two bits select among the halves of both sources; bit 3 of each nibble clears.
  private static let permuteHalves = vectorFamily("VPERM2F128, VPERM2I128: choose halves") {
    instruction, state in
    let (left, right) = state.sources(instruction)
    let terms = state.terms
    let halves = terms.lanes(left, of: 128) + terms.lanes(right, of: 128)
    let lanes = (0..<2).map { index in
      let control = instruction.control >> (4 * index)
      return control & 8 != 0 ? terms.constant(0, width: 128) : halves[control & 3]
    }
    state[instruction[0]] = terms.joined(lanes)
  }

  /// The first source has the indices.
  private static let permuteElements = vectorFamily("VPERMD, VPERMPS: permute doublewords") {
    instruction, state in
    let (indices, source) = state.permuteSources(instruction)
    let terms = state.terms
    let elements = terms.lanes(source, of: 32)
    let bits = elements.count.trailingZeroBitCount
    let result = terms.mapLanes(indices, of: 32) {
      terms.selected(elements, by: terms.extract($0, bits - 1, 0))
    }
    state.write(instruction, result, of: 32)
  }

  private static let permuteQuadwords = vectorFamily("VPERMQ, VPERMPD: permute quadwords") {
    instruction, state in
    let terms = state.terms
    let elements = terms.lanes(state.source(instruction, 1), of: 64)
    let lanes = (0..<4).map { elements[instruction.control >> (2 * $0) & 3] }
    state[instruction[0]] = terms.joined(lanes)
  }

  /// The low element of the source in each place.
  static func broadcast(_ title: String, of width: Int) -> Family {
    vectorFamily(title) { instruction, state in
      let element = state.low(width, instruction, 1, of: width)
      let lanes = [Term](repeating: element, count: instruction.width / width)
      state.write(instruction, state.terms.joined(lanes), of: width)
    }
  }

  private static func broadcastRows(_ mnemonic: String, _ width: Int, _ opcode: String) -> [Row] {
    [
      Row("\(mnemonic) xmm1, xmm2/m\(width)", "VEX.128.66.0F38.W0 \(opcode) /r", "AVX2"),
      Row("\(mnemonic) ymm1, xmm2/m\(width)", "VEX.256.66.0F38.W0 \(opcode) /r", "AVX2"),
    ] + evexBroadcastRows(mnemonic, width, opcode)
  }

  /// From an element of a vector or of memory, and from a general register.
  private static func evexBroadcastRows(
    _ mnemonic: String, _ width: Int, _ opcode: String
  ) -> [Row] {
    guard width >= 32 else { return [] }
    return [(128, "xmm"), (256, "ymm"), (512, "zmm")].flatMap { length, name in
      let feature = length == 512 ? "AVX512F" : "AVX512VL AVX512F"
      let prefix = "EVEX.\(length).66.0F38.W\(width / 64)"
      return [
        Row("\(mnemonic) \(name)1 {k1}{z}, xmm2/m\(width)", "\(prefix) \(opcode) /r", feature),
        Row(
          "\(mnemonic) \(name)1 {k1}{z}, r/m\(width)", "\(prefix) 7C /r 11:rrr:bbb",
          feature),
      ]
    }
  }

  /// The forms from memory are older than those from a register.
  private static let broadcast32Rows =
    broadcastRows("vpbroadcastd", 32, "58") + [
      Row("vbroadcastss xmm1, m32", "VEX.128.66.0F38.W0 18 /r", "AVX"),
      Row("vbroadcastss ymm1, m32", "VEX.256.66.0F38.W0 18 /r", "AVX"),
      Row("vbroadcastss xmm1, xmm2", "VEX.128.66.0F38.W0 18 /r", "AVX2"),
      Row("vbroadcastss ymm1, xmm2", "VEX.256.66.0F38.W0 18 /r", "AVX2"),
    ]
  private static let broadcast64Rows =
    broadcastRows("vpbroadcastq", 64, "59") + [
      Row("vbroadcastsd ymm1, m64", "VEX.256.66.0F38.W0 19 /r", "AVX"),
      Row("vbroadcastsd ymm1, xmm2", "VEX.256.66.0F38.W0 19 /r", "AVX2"),
    ]
}

extension MachineState {
  /// The sources of a permute, which reads all of memory whatever the mask (exception type E4NF),
  /// but may broadcast an element of 32 bits.
  fileprivate mutating func permuteSources(_ instruction: Instruction) -> (Term, Term) {
    guard case .memory(let memory) = instruction[2], memory.width == 32 else {
      return sources(instruction)
    }
    let value = self[instruction[2]]
    let count = instruction.width / 32
    return (self[instruction[1]], terms.joined([Term](repeating: value, count: count)))
  }
}
