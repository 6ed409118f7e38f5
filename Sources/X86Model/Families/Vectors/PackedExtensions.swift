import MachineModel
import Terms

/// Packed integers at a greater width (Intel SDM, volume 2, PMOVSX, PMOVZX).
extension Tables {
  static let packedExtensions: [Entry] = [
    extend("PMOVSXBW", 8, 16, "20"), extend("PMOVSXBD", 8, 32, "21"),
    extend("PMOVSXBQ", 8, 64, "22"), extend("PMOVSXWD", 16, 32, "23"),
    extend("PMOVSXWQ", 16, 64, "24"), extend("PMOVSXDQ", 32, 64, "25"),
    extend("PMOVZXBW", 8, 16, "30"), extend("PMOVZXBD", 8, 32, "31"),
    extend("PMOVZXBQ", 8, 64, "32"), extend("PMOVZXWD", 16, 32, "33"),
    extend("PMOVZXWQ", 16, 64, "34"), extend("PMOVZXDQ", 32, 64, "35"),
  ]

  private static func extend(_ name: String, _ from: Int, _ to: Int, _ opcode: String) -> Entry {
    let isSigned = name.contains("SX")
    let title = "\(name): extend packed integers by \(isSigned ? "sign" : "zeros")"
    let family = vectorFamily(title) { instruction, state in
      let terms = state.terms
      let count = instruction.width / to
      let lanes = terms.lanes(state.low(count * from, instruction, 1), of: from)
      let wide = lanes.map {
        isSigned ? terms.signExtend($0, to: to) : terms.zeroExtend($0, to: to)
      }
      state.write(instruction, terms.joined(wide), of: to)
    }
    let mnemonic = name.lowercased()
    let narrow = 128 / to * from
    return Entry(
      family,
      [
        Row("\(mnemonic) xmm1, xmm2/m\(narrow)", "66 0F 38 \(opcode) /r", "SSE4_1"),
        Row("v\(mnemonic) xmm1, xmm2/m\(narrow)", "VEX.128.66.0F38.WIG \(opcode) /r", "AVX"),
        Row("v\(mnemonic) ymm1, xmm2/m\(2 * narrow)", "VEX.256.66.0F38.WIG \(opcode) /r", "AVX2"),
      ])
  }
}
