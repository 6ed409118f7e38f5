import MachineModel
import Terms

/// Instructions from one vector to another, across the lanes of one, and pairs of its lanes.
extension ARM64 {
  static let vectorTwoRegister: [Entry] =
    [
      simd("REV64 (vector)", [misc("rev64", "0", "00000", "size:2!=11")], execute: reverse(64)),
      simd("REV32 (vector)", [misc("rev32", "1", "00000", "size=0x")], execute: reverse(32)),
      simd("REV16 (vector)", [misc("rev16", "0", "00001", "size=00")], execute: reverse(16)),
      simd(
        "RBIT (vector)",
        [Row("rbit <Vd>.<b>, <Vn>.<b>", "0 Q 1 01110 01 10000 00101 10 Rn:5 Rd:5")],
        execute: unary { $0.terms.reversingChunks($1, of: 1, within: 8) }),
      simd(
        "NOT", [Row("not <Vd>.<b>, <Vn>.<b>", "0 Q 1 01110 00 10000 00101 10 Rn:5 Rd:5")],
        execute: unary { $0.terms.not($1) }),
      simd(
        "CNT", [misc("cnt", "0", "00101", "size=00")], execute: unary { $0.terms.countOnes($1) }),
      simd(
        "CLS (vector)", [misc("cls", "0", "00100", "size:2!=11")],
        execute: unary { $0.terms.countLeadingSignBits($1) }),
      simd(
        "CLZ (vector)", [misc("clz", "1", "00100", "size:2!=11")],
        execute: unary { $0.terms.countLeadingZeros($1, width: $0.terms.width($1)) }),
      anyLane(
        "abs", "0", "01011", scalar: .doubleword,
        unary { $0.terms.ifThenElse($0.terms.isNegative($1), $0.terms.negate($1), $1) }),
      anyLane("neg", "1", "01011", scalar: .doubleword, unary { $0.terms.negate($1) }),
      anyLane(
        "sqabs", "0", "00111", scalar: .anyLane,
        unary { state, lane in
          let exact = state.terms.signExtend(lane, to: state.terms.width(lane) + 1)
          let magnitude = state.terms.ifThenElse(
            state.terms.isNegative(lane), state.terms.negate(exact), exact)
          return state.saturate(magnitude, to: state.terms.width(lane), .signed)
        }),
      anyLane(
        "sqneg", "1", "00111", scalar: .anyLane,
        unary { state, lane in
          let exact = state.terms.signExtend(lane, to: state.terms.width(lane) + 1)
          return state.saturate(state.terms.negate(exact), to: state.terms.width(lane), .signed)
        }),
      anyLane("suqadd", "0", "00011", scalar: .anyLane, mixedSum(.signed, .unsigned)),
      anyLane("usqadd", "1", "00011", scalar: .anyLane, mixedSum(.unsigned, .signed)),
    ] + zeroComparisons + pairwiseLong + narrowing
    + [
      simd(
        "SHLL, SHLL2",
        upperRows("shll") { name, q in
          Row(
            "\(name) <Vd>.<Ta>, <Vn>.<Tb>, #<width>",
            "0 Q=\(q) 1 01110 size:2!=11 10000 10011 10 Rn:5 Rd:5")
        },
        execute: unary { $0.terms.shiftLeft($0.doubled($1, .unsigned), by: $0.terms.width($1)) })
    ]

  // MARK: Rows

  private static func misc(_ name: String, _ u: String, _ opcode: String, _ size: String) -> Row {
    Row("\(name) <Vd>.<T>, <Vn>.<T>", "0 Q \(u) 01110 \(size) 10000 \(opcode) 10 Rn:5 Rd:5")
  }

  /// An entry with lanes of all sizes and a scalar form, and an operand more after both.
  private static func anyLane(
    _ name: String, _ u: String, _ opcode: String, scalar: ScalarForm, last: String = "",
    _ execute: @escaping Execution
  ) -> Entry {
    let isDoubleword = if case .doubleword = scalar { true } else { false }
    let operands = isDoubleword ? "<Dd>, <Dn>" : "<V><d>, <V><n>"
    return simd(
      last.isEmpty ? name.uppercased() : "\(name.uppercased()) (zero)",
      saturates: name.dropFirst().first == "q" || name.dropFirst(2).first == "q",
      [
        Row(
          "\(name) <Vd>.<T>, <Vn>.<T>\(last)",
          "0 Q \(u) 01110 size:2 10000 \(opcode) 10 Rn:5 Rd:5 size:Q!=110"),
        Row(
          "\(name) \(operands)\(last)",
          "01 \(u) 11110 \(isDoubleword ? "size=11" : "size:2") 10000 \(opcode) 10 Rn:5 Rd:5"),
      ], execute: execute)
  }

  // MARK: What is done

  /// The lanes in reverse order within each run of `width` bits.
  private static func reverse(_ width: Int) -> Execution {
    { instruction, state in
      let source = instruction.register(1)
      state[instruction[0]] = state.terms.reversingChunks(
        state[source], of: source.laneWidth, within: width)
    }
  }

  private static let zeroComparisons: [Entry] = [
    ("cmgt", "0", "01000", comparison { $0.signedLess($0.constant(0, width: $0.width($1)), $1) }),
    ("cmge", "1", "01000", comparison { $0.not($0.isNegative($1)) }),
    ("cmeq", "0", "01001", comparison { $0.equal($1, $0.constant(0, width: $0.width($1))) }),
    (
      "cmle", "1", "01001",
      comparison { $0.signedLessOrEqual($1, $0.constant(0, width: $0.width($1))) }
    ),
    ("cmlt", "0", "01010", comparison { $0.isNegative($1) }),
  ].map { anyLane($0, $1, $2, scalar: .doubleword, last: ", #0", $3) }

  private static func comparison(
    _ holds: @escaping @Sendable (TermManager, Term) -> Term
  ) -> Execution {
    unary { $0.terms.mask(holds($0.terms, $1), width: $0.terms.width($1)) }
  }

  /// The old lanes, read one way, plus the source's, read the other, saturated as the old ones.
  private static func mixedSum(
    _ own: MachineState.Signedness, _ other: MachineState.Signedness
  ) -> Execution {
    { instruction, state in
      let register = instruction.register(0)
      let (old, added) = (state.lanes(register), state.lanes(instruction.register(1)))
      let terms = state.terms
      let width = register.laneWidth
      var result: [Term] = []
      for (old, added) in zip(old, added) {
        let sum = terms.add(
          terms.extend(old, own, to: width + 2), terms.extend(added, other, to: width + 2))
        result.append(state.saturate(sum, to: width, own))
      }
      state.setLanes(instruction, result)
    }
  }

  /// Sums of neighbours in lanes twice as wide, perhaps added to what is there.
  private static let pairwiseLong: [Entry] = [
    ("saddlp", "0", "00010", MachineState.Signedness.signed), ("uaddlp", "1", "00010", .unsigned),
    ("sadalp", "0", "00110", .signed), ("uadalp", "1", "00110", .unsigned),
  ].map { name, u, opcode, signedness in
    let accumulates = opcode == "00110"
    return simd(
      name.uppercased(),
      [
        Row(
          "\(name) <Vd>.<Tp>, <Vn>.<T>",
          "0 Q \(u) 01110 size:2!=11 10000 \(opcode) 10 Rn:5 Rd:5")
      ]
    ) { instruction, state in
      let lanes = state.lanes(instruction.register(1)).map { state.doubled($0, signedness) }
      let old = state.lanes(instruction.register(0))
      state.setLanes(
        instruction,
        old.indices.map { index in
          let sum = state.terms.add(lanes[2 * index], lanes[2 * index + 1])
          return accumulates ? state.terms.add(old[index], sum) : sum
        })
    }
  }

  /// Lanes of half the width, cut or saturated.
  private static let narrowing: [Entry] = [
    narrow("xtn", "0", "10010") { $0.terms.extract($1, $2 - 1, 0) },
    narrow("sqxtn", "0", "10100") { $0.saturate($1, to: $2, .signed) },
    narrow("sqxtun", "1", "10010") { $0.saturate($1, to: $2, .unsigned) },
    narrow("uqxtn", "1", "10100") {
      $0.saturate($0.terms.zeroExtend($1, to: 2 * $2 + 1), to: $2, .unsigned)
    },
  ]

  private static func narrow(
    _ name: String, _ u: String, _ opcode: String,
    _ body: @escaping @Sendable (inout MachineState, Term, Int) -> Term
  ) -> Entry {
    var rows = upperRows(name) { name, q in
      Row(
        "\(name) <Vd>.<Tb>, <Vn>.<Ta>",
        "0 Q=\(q) \(u) 01110 size:2!=11 10000 \(opcode) 10 Rn:5 Rd:5")
    }
    if name != "xtn" {
      rows.append(
        Row(
          "\(name) <Vb><d>, <Va><n>", "01 \(u) 11110 size:2!=11 10000 \(opcode) 10 Rn:5 Rd:5"))
    }
    return simd(
      "\(name.uppercased()), \(name.uppercased())2", saturates: name != "xtn", rows,
      execute: unary { body(&$0, $1, $0.terms.width($1) / 2) })
  }
}

extension TermManager {
  /// The number of ones, at the width of `term`.
  func countOnes(_ term: Term) -> Term {
    let width = width(term)
    return (0..<width).reduce(constant(0, width: width)) {
      add($0, zeroExtend(extract(term, $1, $1), to: width))
    }
  }
}
