import MachineModel
import Terms

/// DUP, INS, SMOV, UMOV: between elements and general registers.
extension ARM64 {
  static let vectorCopy: [Entry] = [
    simd(
      "DUP (element)",
      elementRows { letter, imm5, isDoubleword in
        Row(
          "dup <Vd>.<\(letter)>, <Vn>.\(letter)[<i>]",
          "0 \(isDoubleword ? "Q=1" : "Q") 0 01110000 i:\(imm5) 0 0000 1 Rn:5 Rd:5")
      }
        + elementRows { letter, imm5, _ in
          Row(
            "dup <\(letter.uppercased())d>, <Vn>.\(letter)[<i>]",
            "01 0 11110000 i:\(imm5) 0 0000 1 Rn:5 Rd:5")
        }, execute: duplicate),
    simd("DUP (general)", generalRows, execute: duplicate),
    simd(
      "INS (element)",
      zip(lanes, ["j:4", "j:3 ignored:1", "j:2 ignored:2", "j:1 ignored:3"]).map { lane, imm4 in
        Row(
          "ins <Vd>.\(lane.letter)[<i>], <Vn>.\(lane.letter)[<j>]",
          "0 1 1 01110000 i:\(lane.imm5) 0 \(imm4) 1 Rn:5 Rd:5")
      }, execute: move),
    simd(
      "INS (general)",
      lanes.map { letter, imm5 in
        Row(
          "ins <Vd>.\(letter)[<i>], <\(letter == "d" ? "X" : "W")n>",
          "0 1 0 01110000 i:\(imm5) 0 0011 1 Rn:5 Rd:5")
      }, execute: move),
    simd(
      "SMOV",
      lanes[..<2].map { smov("W", $0, "0") } + lanes[..<3].map { smov("X", $0, "1") },
      execute: { instruction, state in
        let value = state[instruction.register(1)]
        state[instruction[0]] = state.terms.signExtend(value, to: instruction.register(0).width)
      }),
    simd(
      "UMOV",
      lanes.map { letter, imm5 in
        let isDoubleword = letter == "d"
        return Row(
          "umov <\(isDoubleword ? "X" : "W")d>, <Vn>.\(letter)[<i>]",
          "0 \(isDoubleword ? "1" : "0") 0 01110000 i:\(imm5) 0 0111 1 Rn:5 Rd:5")
      },
      execute: { instruction, state in
        let value = state[instruction.register(1)]
        state[instruction[0]] = state.terms.zeroExtend(value, to: instruction.register(0).width)
      }),
  ]

  /// The lanes, and `imm5` for them: the width of the index and the bits after it.
  private static let lanes: [(letter: String, imm5: String)] = [
    ("b", "4 1"), ("h", "3 10"), ("s", "2 100"), ("d", "1 1000"),
  ]

  private static func elementRows(
    _ row: (_ letter: String, _ imm5: String, _ isDoubleword: Bool) -> Row
  ) -> [Row] {
    lanes.map { row($0.letter, $0.imm5, $0.letter == "d") }
  }

  private static let generalRows: [Row] = lanes.map { letter, imm5 in
    let isDoubleword = letter == "d"
    return Row(
      "dup <Vd>.<\(letter)>, <\(isDoubleword ? "X" : "W")n>",
      "0 \(isDoubleword ? "Q=1" : "Q") 0 01110000 ignored:\(imm5) 0 0001 1 Rn:5 Rd:5")
  }

  private static func smov(
    _ register: String, _ lane: (letter: String, imm5: String), _ q: String
  ) -> Row {
    Row(
      "smov <\(register)d>, <Vn>.\(lane.letter)[<i>]",
      "0 \(q) 0 01110000 i:\(lane.imm5) 0 0101 1 Rn:5 Rd:5")
  }

  /// The low bits of the second operand in each lane of the first.
  private static let duplicate: Execution = { instruction, state in
    let register = instruction.register(0)
    let value = state.terms.extract(
      state[instruction.register(1)], register.laneWidth - 1, 0)
    state.setLanes(
      instruction, Array(repeating: value, count: register.width / register.laneWidth))
  }

  /// The low bits of the second operand to the element that is the first.
  private static let move: Execution = { instruction, state in
    let register = instruction.register(0)
    state[register] = state.terms.extract(
      state[instruction.register(1)], register.width - 1, 0)
  }
}
