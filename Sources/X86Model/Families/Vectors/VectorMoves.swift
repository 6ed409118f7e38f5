import MachineModel
import Terms

/// Moves of whole vectors, masks of signs, and VZEROALL (Intel SDM, volume 2, MOVAPS, MOVUPS, MOVDQA,
/// MOVDQU, LDDQU, MOVNTDQ, MOVNTDQA, MOVDDUP, MOVSLDUP, MOVSHDUP, MOVMSKPS, PMOVMSKB, VZEROUPPER).
extension Tables {
  static let vectorMoves: [Entry] = [
    Entry(aligned("MOVAPS, MOVAPD: move aligned"), alignedRows),
    Entry(unaligned("MOVUPS, MOVUPD: move unaligned"), unalignedRows),
    Entry(aligned("MOVDQA: move aligned integers"), integerRows("movdqa", "66")),
    Entry(
      unaligned("MOVDQU, LDDQU: move unaligned integers"),
      integerRows("movdqu", "F3") + loadRows("lddqu", "F2 0F F0 /r", "SSE3", "AVX")),
    Entry(
      aligned("MOVNTDQ, MOVNTPS, MOVNTPD, MOVNTDQA: move aligned, without keeping it in caches"),
      storeRows("movntdq", "66 0F E7 /r", "SSE2") + storeRows("movntps", "NP 0F 2B /r", "SSE")
        + storeRows("movntpd", "66 0F 2B /r", "SSE2")
        + loadRows("movntdqa", "66 0F 38 2A /r", "SSE4_1", "AVX2")),
    Entry(duplicateQuadwords, duplicateRows),
    Entry(
      duplicates("MOVSLDUP: each even doubleword twice", odd: 0),
      vectorRows("movsldup", "F3 0F 12 /r", "SSE3", .unary, wide: "AVX")),
    Entry(
      duplicates("MOVSHDUP: each odd doubleword twice", odd: 1),
      vectorRows("movshdup", "F3 0F 16 /r", "SSE3", .unary, wide: "AVX")),
    Entry(
      signs("MOVMSKPS: signs of doublewords", of: 32), signRows("movmskps", "NP 0F 50 /r", "SSE")),
    Entry(
      signs("MOVMSKPD: signs of quadwords", of: 64), signRows("movmskpd", "66 0F 50 /r", "SSE2")),
    Entry(
      signs("PMOVMSKB: signs of bytes", of: 8),
      signRows("pmovmskb", "66 0F D7 /r", "SSE2", wide: "AVX2")),
    Entry(
      clear("VZEROUPPER: clear the upper halves", keeping: 128),
      [
        Row("vzeroupper", "VEX.128.0F.WIG 77", "AVX")
      ]),
    Entry(
      clear("VZEROALL: clear all", keeping: 0),
      [
        Row("vzeroall", "VEX.256.0F.WIG 77", "AVX")
      ]),
  ]

  /// Memory must be aligned to the size of the vector, in all encodings.
  private static func aligned(_ title: String) -> Family {
    vectorFamily(title) { instruction, state in
      for case .memory(let memory) in instruction.operands { state.requireAlignment(memory) }
      state[instruction[0]] = state[instruction[1]]
    }
  }

  private static func unaligned(_ title: String) -> Family {
    vectorFamily(title) { instruction, state in state[instruction[0]] = state[instruction[1]] }
  }

  private static let alignedRows =
    bothWays("movaps", "NP", "28", "29", "SSE") + bothWays("movapd", "66", "28", "29", "SSE2")
  private static let unalignedRows =
    bothWays("movups", "NP", "10", "11", "SSE") + bothWays("movupd", "66", "10", "11", "SSE2")

  private static func integerRows(_ mnemonic: String, _ prefix: String) -> [Row] {
    bothWays(mnemonic, prefix, "6F", "7F", "SSE2")
  }

  /// Loads and stores of a move.
  private static func bothWays(
    _ mnemonic: String, _ prefix: String, _ load: String, _ store: String, _ feature: String
  ) -> [Row] {
    let encoding = "\(prefix) 0F \(store) /r"
    return vectorRows(mnemonic, "\(prefix) 0F \(load) /r", feature, .unary, wide: "AVX") + [
      Row("\(mnemonic) xmm2/m128, xmm1", encoding, feature),
      Row("v\(mnemonic) xmm2/m128, xmm1", vex(encoding, "128"), "AVX"),
      Row("v\(mnemonic) ymm2/m256, ymm1", vex(encoding, "256"), "AVX"),
    ]
  }

  private static func loadRows(
    _ mnemonic: String, _ encoding: String, _ feature: String, _ wide: String
  ) -> [Row] {
    [
      Row("\(mnemonic) xmm1, m128", encoding, feature),
      Row("v\(mnemonic) xmm1, m128", vex(encoding, "128"), "AVX"),
      Row("v\(mnemonic) ymm1, m256", vex(encoding, "256"), wide),
    ]
  }

  private static func storeRows(
    _ mnemonic: String, _ encoding: String, _ feature: String
  ) -> [Row] {
    [
      Row("\(mnemonic) m128, xmm1", encoding, feature),
      Row("v\(mnemonic) m128, xmm1", vex(encoding, "128"), "AVX"),
      Row("v\(mnemonic) m256, ymm1", vex(encoding, "256"), "AVX"),
    ]
  }

  private static let duplicateQuadwords = vectorFamily("MOVDDUP: each even quadword twice") {
    instruction, state in
    let terms = state.terms
    let source = terms.lanes(state.source(instruction, 1), of: 64)
    let even = stride(from: 0, to: source.count, by: 2).flatMap { [source[$0], source[$0]] }
    state.write(instruction, terms.joined(even), of: 64)
  }

  private static let duplicateRows = [
    Row("movddup xmm1, xmm2/m64", "F2 0F 12 /r", "SSE3"),
    Row("vmovddup xmm1, xmm2/m64", "VEX.128.F2.0F.WIG 12 /r", "AVX"),
    Row("vmovddup ymm1, ymm2/m256", "VEX.256.F2.0F.WIG 12 /r", "AVX"),
  ]

  private static func duplicates(_ title: String, odd: Int) -> Family {
    mapwise(title, of: 64) { terms, pair in
      let element = terms.extract(pair, 32 * odd + 31, 32 * odd)
      return terms.concat(element, element)
    }
  }

  private static func signs(_ title: String, of width: Int) -> Family {
    vectorFamily(title) { instruction, state in
      let terms = state.terms
      let source = terms.lanes(state[instruction[1]], of: width)
      let bits = terms.joined(source.map { terms.bitTerm($0, width - 1) })
      state[instruction[0]] = terms.zeroExtend(bits, to: 32)
    }
  }

  private static func signRows(
    _ mnemonic: String, _ encoding: String, _ feature: String, wide: String = "AVX"
  ) -> [Row] {
    [
      Row("\(mnemonic) r32, xmm1", encoding, feature),
      Row("v\(mnemonic) r32, xmm1", vex(encoding, "128"), "AVX"),
      Row("v\(mnemonic) r32, ymm1", vex(encoding, "256"), wide),
    ]
  }

  /// Of registers 0 to 15, as all VEX instructions.
  private static func clear(_ title: String, keeping width: Int) -> Family {
    vectorFamily(title) { instruction, state in
      for register in VectorRegisters.bits128[0..<16] {
        state[register] = width == 0 ? state.terms.constant(0, width: 128) : state[register]
      }
    }
  }
}
