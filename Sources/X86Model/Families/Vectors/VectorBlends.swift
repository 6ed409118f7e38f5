import MachineModel
import Terms

/// Choices between two vectors, element by element (Intel SDM, volume 2, PBLENDW, BLENDPS, BLENDPD,
/// VPBLENDD, PBLENDVB, BLENDVPS, BLENDVPD).
extension Tables {
  static let vectorBlends: [Entry] = [
    Entry(
      blend("PBLENDW: choose words by an immediate", of: 16),
      vectorRows("pblendw", "66 0F 3A 0E /r ib", "SSE4_1", suffix: ", imm8")),
    Entry(
      blend("BLENDPS: choose doublewords by an immediate", of: 32),
      vectorRows("blendps", "66 0F 3A 0C /r ib", "SSE4_1", wide: "AVX", suffix: ", imm8")),
    Entry(
      blend("BLENDPD: choose quadwords by an immediate", of: 64),
      vectorRows("blendpd", "66 0F 3A 0D /r ib", "SSE4_1", wide: "AVX", suffix: ", imm8")),
    Entry(
      blend("VPBLENDD: choose doublewords by an immediate", of: 32),
      avxRows("vpblendd", "66.0F3A.W0", "02 /r ib", "AVX2", suffix: ", imm8")),
    variableBlend("PBLENDVB", 8, "10", "4C", wide: "AVX2"),
    variableBlend("BLENDVPS", 32, "14", "4A", wide: "AVX"),
    variableBlend("BLENDVPD", 64, "15", "4B", wide: "AVX"),
  ]

  /// A bit of the immediate for each element, used again for each eight words.
  private static func blend(_ title: String, of width: Int) -> Family {
    vectorFamily(title) { instruction, state in
      let (left, right) = state.sources(instruction)
      let terms = state.terms
      let (first, second) = (terms.lanes(left, of: width), terms.lanes(right, of: width))
      let lanes = first.indices.map {
        instruction.control >> ($0 & 7) & 1 == 0 ? first[$0] : second[$0]
      }
      state.write(instruction, terms.joined(lanes), of: width)
    }
  }

  /// The sign of an element of the last operand chooses the second source.
  private static func variableBlend(
    _ name: String, _ width: Int, _ opcode: String, _ vexOpcode: String, wide: String
  ) -> Entry {
    let family = vectorFamily("\(name): choose elements by signs") { instruction, state in
      let (left, right) = state.sources(instruction)
      let terms = state.terms
      let signs = terms.lanes(state[instruction[instruction.form.isLegacy ? 2 : 3]], of: width)
      let (first, second) = (terms.lanes(left, of: width), terms.lanes(right, of: width))
      let lanes = first.indices.map {
        terms.ifThenElse(terms.isNegative(signs[$0]), second[$0], first[$0])
      }
      state.write(instruction, terms.joined(lanes), of: width)
    }
    let mnemonic = name.lowercased()
    return Entry(
      family,
      [
        Row("\(mnemonic) xmm1, xmm2/m128, XMM0", "66 0F 38 \(opcode) /r", "SSE4_1"),
        Row(
          "v\(mnemonic) xmm1, xmm2, xmm3/m128, xmm4",
          "VEX.128.66.0F3A.W0 \(vexOpcode) /r /is4", "AVX"),
        Row(
          "v\(mnemonic) ymm1, ymm2, ymm3/m256, ymm4",
          "VEX.256.66.0F3A.W0 \(vexOpcode) /r /is4", wide),
      ])
  }
}
