import MachineModel
import Terms

/// Instructions that move bytes and lanes: permutations, extraction, table look-up.
extension ARM64 {
  static let vectorPermute: [Entry] = [
    permute("uzp1", "001") { left, right in every(2, of: left + right, from: 0) },
    permute("uzp2", "101") { left, right in every(2, of: left + right, from: 1) },
    permute("trn1", "010") { interleaved(every(2, of: $0, from: 0), every(2, of: $1, from: 0)) },
    permute("trn2", "110") { interleaved(every(2, of: $0, from: 1), every(2, of: $1, from: 1)) },
    permute("zip1", "011") { interleaved($0[..<($0.count / 2)], $1[..<($1.count / 2)]) },
    permute("zip2", "111") { interleaved($0[($0.count / 2)...], $1[($1.count / 2)...]) },
    simd(
      "EXT",
      [
        Row(
          "ext <Vd>.<b>, <Vn>.<b>, <Vm>.<b>, #<imm4>",
          "0 Q 101110 00 0 Rm:5 0 imm4:4 0 Rn:5 Rd:5 Q:imm4!=01xxx")
      ]
    ) { instruction, state in
      let lanes =
        state.lanes(instruction.register(1)) + state.lanes(instruction.register(2))
      let start = instruction.code(3)
      state.setLanes(instruction, Array(lanes[start..<start + lanes.count / 2]))
    },
    simd("TBL", lookupRows("tbl", "0"), execute: lookUp(keepsOld: false)),
    simd("TBX", lookupRows("tbx", "1"), execute: lookUp(keepsOld: true)),
  ]

  private static func permute(
    _ name: String, _ opcode: String,
    _ order: @escaping @Sendable (_ left: [Term], _ right: [Term]) -> [Term]
  ) -> Entry {
    simd(
      name.uppercased(),
      [
        Row(
          "\(name) <Vd>.<T>, <Vn>.<T>, <Vm>.<T>",
          "0 Q 001110 size:2 0 Rm:5 0 \(opcode) 10 Rn:5 Rd:5 size:Q!=110")
      ]
    ) { instruction, state in
      let sources = [1, 2].map { state.lanes(instruction.register($0)) }
      state.setLanes(instruction, order(sources[0], sources[1]))
    }
  }

  /// Every `step`th lane, beginning with `first`.
  static func every(_ step: Int, of lanes: [Term], from first: Int) -> [Term] {
    stride(from: first, to: lanes.count, by: step).map { lanes[$0] }
  }

  /// The lanes of two sequences in turn.
  static func interleaved(_ left: some Sequence<Term>, _ right: some Sequence<Term>) -> [Term] {
    zip(left, right).flatMap { [$0, $1] }
  }

  // MARK: Table look-up

  private static func lookupRows(_ name: String, _ op: String) -> [Row] {
    ["00", "01", "10", "11"].enumerated().map { count, len in
      let table = ["n", "n2", "n3", "n4"][...count].map { "<V\($0)>.16b" }.joined(separator: ", ")
      return Row(
        "\(name) <Vd>.<b>, { \(table) }, <Vm>.<b>",
        "0 Q 001110 00 0 Rm:5 0 \(len) \(op) 00 Rn:5 Rd:5")
    }
  }

  /// The byte of the table at each index; beyond the table zero, or what was there.
  private static func lookUp(keepsOld: Bool) -> Execution {
    { instruction, state in
      let last = instruction.operands.count - 1
      let terms = state.terms
      let table = (1..<last).flatMap { state.lanes(instruction.register($0)) }
      let old = state.lanes(instruction.register(0))
      let indices = state.lanes(instruction.register(last))
      state.setLanes(
        instruction,
        zip(indices, old).map { index, old in
          let otherwise = keepsOld ? old : terms.constant(0, width: 8)
          return terms.choose(table, at: index, otherwise: otherwise)
        })
    }
  }
}

extension TermManager {
  /// The item of `table` (bytes, at most 256) at an index of 8 bits, or `otherwise` beyond its end: a
  /// tree of choices by the bits of the index.
  func choose(_ table: [Term], at index: Term, otherwise: Term) -> Term {
    let known = small(otherwise).map { [UInt8(truncatingIfNeeded: $0)] } ?? []
    let inputs = table + [index] + (known.isEmpty ? [otherwise] : [])
    return summary("choice", constants: known, of: inputs, width: 8) {
      choice(table, index, otherwise)
    }
  }

  private func choice(_ table: [Term], _ index: Term, _ otherwise: Term) -> Term {
    var level = table
    for bit in 0..<8 {
      let isOdd = self.bit(index, bit)
      level = stride(from: 0, to: level.count, by: 2).map { position in
        let next = position + 1 < level.count ? level[position + 1] : otherwise
        return ifThenElse(isOdd, next, level[position])
      }
    }
    return level[0]
  }
}
