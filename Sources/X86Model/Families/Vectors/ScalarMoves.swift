import MachineModel
import Terms

/// Moves of one element or of half a vector (Intel SDM, volume 2, MOVSS, MOVSD, MOVD/MOVQ, MOVQ,
/// MOVLPS, MOVHPS, MOVLPD, MOVHPD, MOVLHPS, MOVHLPS).
extension Tables {
  static let scalarMoves: [Entry] = [
    Entry(mergedScalar("MOVSS, MOVSD: move a scalar between registers"), mergedScalarRows),
    Entry(cleared("MOVSS, MOVSD: load a scalar, clearing the rest"), loadedScalarRows),
    Entry(stored("MOVSS, MOVSD: store a scalar"), storedScalarRows),
    Entry(cleared("MOVD, MOVQ: move to a vector, clearing the rest"), toVectorRows),
    Entry(stored("MOVD, MOVQ: move from a vector"), fromVectorRows),
    Entry(half("MOVLPS, MOVLPD: load the low half", isHigh: false), halfRows("movlp", "12")),
    Entry(half("MOVHPS, MOVHPD: load the high half", isHigh: true), halfRows("movhp", "16")),
    Entry(stored("MOVLPS, MOVLPD: store the low half"), storedHalfRows("movlp", "13")),
    Entry(storedHigh, storedHalfRows("movhp", "17")),
    Entry(
      betweenHalves("MOVHLPS: move the high half to the low one", isHigh: false),
      betweenRows("movhlps", "12")),
    Entry(
      betweenHalves("MOVLHPS: move the low half to the high one", isHigh: true),
      betweenRows("movlhps", "16")),
  ]

  /// The low element is the last operand's, the rest that of the first source.
  private static func mergedScalar(_ title: String) -> Family {
    vectorFamily(title) { instruction, state in
      let width = instruction.form.mnemonic.hasSuffix("ss") ? 32 : 64
      let last = instruction.operands.count - 1
      let upper = state.terms.extract(state[instruction[last - 1]], 127, width)
      let low = state.low(width, instruction, last)
      state[instruction[0]] = state.terms.concat(upper, low)
    }
  }

  // swift-format-ignore
  private static let mergedScalarRows: [Row] = [
    Row("movss xmm1, xmm2",         "F3 0F 10 /r", "SSE"),
    Row("movss xmm2, xmm1",         "F3 0F 11 /r MR", "SSE"),
    Row("movsd xmm1, xmm2",         "F2 0F 10 /r", "SSE2"),
    Row("movsd xmm2, xmm1",         "F2 0F 11 /r MR", "SSE2"),
    Row("vmovss xmm1, xmm2, xmm3",  "VEX.LIG.F3.0F.WIG 10 /r", "AVX"),
    Row("vmovss xmm1, xmm2, xmm3",  "VEX.LIG.F3.0F.WIG 11 /r MVR", "AVX"),
    Row("vmovsd xmm1, xmm2, xmm3",  "VEX.LIG.F2.0F.WIG 10 /r", "AVX"),
    Row("vmovsd xmm1, xmm2, xmm3",  "VEX.LIG.F2.0F.WIG 11 /r MVR", "AVX"),
  ]

  // swift-format-ignore
  private static let loadedScalarRows: [Row] = [
    Row("movss xmm1, m32",   "F3 0F 10 /r", "SSE"),
    Row("movsd xmm1, m64",   "F2 0F 10 /r", "SSE2"),
    Row("vmovss xmm1, m32",  "VEX.LIG.F3.0F.WIG 10 /r", "AVX"),
    Row("vmovsd xmm1, m64",  "VEX.LIG.F2.0F.WIG 10 /r", "AVX"),
  ]

  // swift-format-ignore
  private static let storedScalarRows: [Row] = [
    Row("movss m32, xmm1",   "F3 0F 11 /r", "SSE"),
    Row("movsd m64, xmm1",   "F2 0F 11 /r", "SSE2"),
    Row("vmovss m32, xmm1",  "VEX.LIG.F3.0F.WIG 11 /r", "AVX"),
    Row("vmovsd m64, xmm1",  "VEX.LIG.F2.0F.WIG 11 /r", "AVX"),
  ]

  /// The source's low bits, as many as memory would have, and zeros above to 128 bits.
  private static func cleared(_ title: String) -> Family {
    vectorFamily(title) { instruction, state in
      let source = state.source(instruction, 1)
      let width = Swift.min(64, state.terms.width(source))
      let low = state.terms.extract(source, width - 1, 0)
      state[instruction[0]] = state.terms.zeroExtend(low, to: 128)
    }
  }

  // swift-format-ignore
  private static let toVectorRows: [Row] = [
    Row("movd xmm1, r/m32",      "66 0F 6E /r", "SSE2"),
    Row("movq xmm1, r/m64",      "66 REX.W 0F 6E /r", "SSE2"),
    Row("movq xmm1, xmm2/m64",   "F3 0F 7E /r", "SSE2"),
    Row("vmovd xmm1, r/m32",     "VEX.128.66.0F.W0 6E /r", "AVX"),
    Row("vmovq xmm1, r/m64",     "VEX.128.66.0F.W1 6E /r", "AVX"),
    Row("vmovq xmm1, xmm2/m64",  "VEX.128.F3.0F.WIG 7E /r", "AVX"),
  ]

  /// The low bits of the source, as many as a general register or memory takes; a vector register
  /// takes 64, and zeros above to 128 bits.
  private static func stored(_ title: String) -> Family {
    vectorFamily(title) { instruction, state in
      let width = Swift.min(64, instruction.width)
      let low = state.terms.extract(state[instruction[1]], width - 1, 0)
      state[instruction[0]] = state.terms.zeroExtend(low, to: instruction.width)
    }
  }

  // swift-format-ignore
  private static let fromVectorRows: [Row] = [
    Row("movd r/m32, xmm1",      "66 0F 7E /r", "SSE2"),
    Row("movq r/m64, xmm1",      "66 REX.W 0F 7E /r", "SSE2"),
    Row("movq xmm2/m64, xmm1",   "66 0F D6 /r", "SSE2"),
    Row("vmovd r/m32, xmm1",     "VEX.128.66.0F.W0 7E /r", "AVX"),
    Row("vmovq r/m64, xmm1",     "VEX.128.66.0F.W1 7E /r", "AVX"),
    Row("vmovq xmm2/m64, xmm1",  "VEX.128.66.0F.WIG D6 /r", "AVX"),
  ]

  /// One half is memory's, the other that of the first source.
  private static func half(_ title: String, isHigh: Bool) -> Family {
    vectorFamily(title) { instruction, state in
      let last = instruction.operands.count - 1
      let halves = state.terms.lanes(state[instruction[last - 1]], of: 64)
      let loaded = state.source(instruction, last)
      state[instruction[0]] = state.terms.joined(
        isHigh ? [halves[0], loaded] : [loaded, halves[1]])
    }
  }

  private static func halfRows(_ stem: String, _ opcode: String) -> [Row] {
    [
      Row("\(stem)s xmm1, m64", "NP 0F \(opcode) /r", "SSE"),
      Row("\(stem)d xmm1, m64", "66 0F \(opcode) /r", "SSE2"),
      Row("v\(stem)s xmm1, xmm2, m64", "VEX.128.0F.WIG \(opcode) /r", "AVX"),
      Row("v\(stem)d xmm1, xmm2, m64", "VEX.128.66.0F.WIG \(opcode) /r", "AVX"),
    ]
  }

  private static func storedHalfRows(_ stem: String, _ opcode: String) -> [Row] {
    [
      Row("\(stem)s m64, xmm1", "NP 0F \(opcode) /r", "SSE"),
      Row("\(stem)d m64, xmm1", "66 0F \(opcode) /r", "SSE2"),
      Row("v\(stem)s m64, xmm1", "VEX.128.0F.WIG \(opcode) /r", "AVX"),
      Row("v\(stem)d m64, xmm1", "VEX.128.66.0F.WIG \(opcode) /r", "AVX"),
    ]
  }

  private static let storedHigh = vectorFamily("MOVHPS, MOVHPD: store the high half") {
    instruction, state in
    state[instruction[0]] = state.terms.extract(state[instruction[1]], 127, 64)
  }

  /// One half is the other half of the last operand, the other that of the first source.
  private static func betweenHalves(_ title: String, isHigh: Bool) -> Family {
    vectorFamily(title) { instruction, state in
      let (left, right) = state.sources(instruction)
      let (kept, moved) = (state.terms.lanes(left, of: 64), state.terms.lanes(right, of: 64))
      state[instruction[0]] = state.terms.joined(
        isHigh ? [kept[0], moved[0]] : [moved[1], kept[1]])
    }
  }

  private static func betweenRows(_ mnemonic: String, _ opcode: String) -> [Row] {
    [
      Row("\(mnemonic) xmm1, xmm2", "NP 0F \(opcode) /r", "SSE"),
      Row("v\(mnemonic) xmm1, xmm2, xmm3", "VEX.128.0F.WIG \(opcode) /r", "AVX"),
    ]
  }
}
