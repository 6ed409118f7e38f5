import MachineModel
import Terms

/// MOVI, MVNI, ORR and BIC of a constant, and FMOV, which moves bits.
extension ARM64 {
  static let vectorImmediates: [Entry] = [
    simd(
      "MOVI",
      shiftedRows("movi", "0") + onesRows("movi", "0") + [
        immediate("movi <Vd>.<b>, #<abc:defgh>", "Q 0", "1110"),
        immediate("movi <Dd>, #<bytes abc:defgh>", "0 1", "1110"),
        immediate("movi <Vd>.2d, #<bytes abc:defgh>", "1 1", "1110"),
      ], execute: setConstant { $1 }),
    simd(
      "MVNI", shiftedRows("mvni", "1") + onesRows("mvni", "1"),
      execute: setConstant { $0.not($1) }),
    simd(
      "ORR (vector, immediate)", shiftedRows("orr", "0", isLogic: true),
      execute: combine { $0.or($1, $2) }),
    simd(
      "BIC (vector, immediate)", shiftedRows("bic", "1", isLogic: true),
      execute: combine { $0.and($1, $0.not($2)) }),
    simd(
      "FMOV (vector, immediate)",
      [
        immediate("fmov <Vd>.<s>, #<float abc:defgh>", "Q 0", "1111"),
        immediate("fmov <Vd>.2d, #<float abc:defgh>", "1 1", "1111"),
      ], execute: setConstant { $1 }),
    simd("FMOV (scalar, immediate)", feature: "FEAT_FP", floatRows, execute: setConstant { $1 }),
    simd("FMOV (register)", feature: "FEAT_FP", registerRows, execute: moveBits),
    simd("FMOV (general)", feature: "FEAT_FP", generalRows, execute: moveBits),
  ]

  // MARK: Rows

  /// `q` has Q and op.
  private static func immediate(_ syntax: String, _ q: String, _ cmode: String) -> Row {
    Row(syntax, "0 \(q) 0111100000 abc:3 \(cmode) 0 1 defgh:5 Rd:5")
  }

  /// Words and halfwords with a byte somewhere; the last bit of cmode tells logic from moves.
  private static func shiftedRows(
    _ name: String, _ op: String, isLogic: Bool = false
  ) -> [Row] {
    let last = isLogic ? "1" : "0"
    return [("s", "0 sh:2"), ("h", "10 sh:1")].map { letter, cmode in
      immediate(
        "\(name) <Vd>.<\(letter)>, #<abc:defgh>{, LSL #<8*sh>}", "Q \(op)", "\(cmode) \(last)")
    }
  }

  /// Words with ones below the byte.
  private static func onesRows(_ name: String, _ op: String) -> [Row] {
    [immediate("\(name) <Vd>.<s>, #<abc:defgh>, MSL #<sh>", "Q \(op)", "110 sh:1")]
  }

  private static let floatRows = [
    Row("fmov <Sd>, #<float imm8>", "0 0 0 11110 00 1 imm8:8 100 00000 Rd:5"),
    Row("fmov <Dd>, #<float imm8>", "0 0 0 11110 01 1 imm8:8 100 00000 Rd:5"),
  ]

  private static let registerRows = [
    Row("fmov <Sd>, <Sn>", "0 0 0 11110 00 1 0000 00 10000 Rn:5 Rd:5"),
    Row("fmov <Dd>, <Dn>", "0 0 0 11110 01 1 0000 00 10000 Rn:5 Rd:5"),
  ]

  private static let generalRows = [
    Row("fmov <Wd>, <Sn>", "0 0 0 11110 00 1 00 110 000000 Rn:5 Rd:5"),
    Row("fmov <Sd>, <Wn>", "0 0 0 11110 00 1 00 111 000000 Rn:5 Rd:5"),
    Row("fmov <Xd>, <Dn>", "1 0 0 11110 01 1 00 110 000000 Rn:5 Rd:5"),
    Row("fmov <Dd>, <Xn>", "1 0 0 11110 01 1 00 111 000000 Rn:5 Rd:5"),
    Row("fmov <Xd>, <Vn>.d[1]", "1 0 0 11110 10 1 01 110 000000 Rn:5 Rd:5"),
    Row("fmov <Vd>.d[1], <Xn>", "1 0 0 11110 10 1 01 111 000000 Rn:5 Rd:5"),
  ]

  // MARK: What is done

  private static let moveBits: Execution = { instruction, state in
    state[instruction[0]] = state[instruction.register(1)]
  }

  /// The lane that the constant of an instruction makes: a byte shifted, zeros or ones below it, or
  /// all of the lane.
  private static func constant(_ instruction: Instruction, _ width: Int) -> UInt64 {
    guard case .immediate(let value) = instruction[1] else { return 0 }
    guard value.width == 8, instruction.operands.count > 2 else { return value.low }
    let amount = UInt64(instruction.code(2))
    let ones = instruction.form.syntax.hasSuffix("MSL #<sh>") ? (UInt64(1) << amount) - 1 : 0
    return value.low << amount | ones
  }

  private static func setConstant(
    _ body: @escaping @Sendable (TermManager, Term) -> Term
  ) -> Execution {
    { instruction, state in
      let register = instruction.register(0)
      // A constant of 64 bits may stand for lanes of any size.
      let width =
        if case .immediate(let value) = instruction[1] { max(value.width, register.laneWidth) } else
        { 64 }
      let lane = state.terms.constant(constant(instruction, width), width: width)
      state[register] = state.terms.joined(
        Array(repeating: body(state.terms, lane), count: register.width / width))
    }
  }

  /// Each lane of the first operand, combined with the constant.
  private static func combine(
    _ body: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Execution {
    { instruction, state in
      let register = instruction.register(0)
      let width = register.laneWidth
      let lane = state.terms.constant(constant(instruction, width), width: width)
      state.setLanes(
        instruction, state.lanes(register).map { body(state.terms, $0, lane) })
    }
  }
}
