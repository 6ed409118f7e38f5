import MachineModel
import Terms

/// FABS, FNEG and FCSEL, which clear, flip and choose bits: nothing is rounded, and a NaN stays the one it is
/// (with FPCR.AH = 0, as programs start).
extension ARM64 {
  static let floatMoves: [Entry] = [
    simd("FABS (vector)", signVectors("fabs", "0"), execute: unary { withoutSign($0.terms, $1) }),
    simd("FNEG (vector)", signVectors("fneg", "1"), execute: unary { flippedSign($0.terms, $1) }),
    simd("FABS (scalar)", feature: "FEAT_FP", signScalars("fabs", "01")) { instruction, state in
      state[instruction[0]] = withoutSign(state.terms, state[instruction.register(1)])
    },
    simd("FNEG (scalar)", feature: "FEAT_FP", signScalars("fneg", "10")) { instruction, state in
      state[instruction[0]] = flippedSign(state.terms, state[instruction.register(1)])
    },
    Entry(
      "FCSEL", tier: "A3", feature: "FEAT_FP", flags: FlagEffects(reads: nzcv), choiceRows
    ) { instruction, state in
      state[instruction[0]] = state.terms.ifThenElse(
        state.holds(instruction.code(3)), state[instruction.register(1)],
        state[instruction.register(2)])
    },
  ]

  // MARK: Rows

  private static func signVectors(_ name: String, _ u: String) -> [Row] {
    [
      Row("\(name) <Vd>.<s>, <Vn>.<s>", "0 Q \(u) 01110 10 10000 01111 10 Rn:5 Rd:5"),
      Row("\(name) <Vd>.2d, <Vn>.2d", "0 1 \(u) 01110 11 10000 01111 10 Rn:5 Rd:5"),
    ]
  }

  private static func signScalars(_ name: String, _ opcode: String) -> [Row] {
    [
      Row("\(name) <Sd>, <Sn>", "0 0 0 11110 00 1 0000 \(opcode) 10000 Rn:5 Rd:5"),
      Row("\(name) <Dd>, <Dn>", "0 0 0 11110 01 1 0000 \(opcode) 10000 Rn:5 Rd:5"),
    ]
  }

  private static let choiceRows = [
    Row("fcsel <Sd>, <Sn>, <Sm>, <cond>", "0 0 0 11110 00 1 Rm:5 cond:4 11 Rn:5 Rd:5"),
    Row("fcsel <Dd>, <Dn>, <Dm>, <cond>", "0 0 0 11110 01 1 Rm:5 cond:4 11 Rn:5 Rd:5"),
  ]

  // MARK: What is done

  private static func withoutSign(_ terms: TermManager, _ value: Term) -> Term {
    let top = terms.width(value) - 1
    return terms.zeroExtend(terms.extract(value, top - 1, 0), to: top + 1)
  }

  private static func flippedSign(_ terms: TermManager, _ value: Term) -> Term {
    let top = terms.width(value) - 1
    return terms.concat(
      terms.not(terms.extract(value, top, top)), terms.extract(value, top - 1, 0))
  }
}
