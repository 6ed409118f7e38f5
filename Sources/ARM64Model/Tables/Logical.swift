import MachineModel
import Terms

/// AND, BIC, ORR, ORN, EOR, EON, ANDS, BICS: bitmask immediate and shifted register.
extension ARM64 {
  static let logical: [Entry] = [
    Entry("AND", logicalImmediate("and", "00") + logicalShifted("and", "00", "0")) {
      combine($0, &$1) { $0.and($1, $2) }
    },
    Entry("BIC", logicalShifted("bic", "00", "1")) {
      combine($0, &$1) { $0.and($1, $0.not($2)) }
    },
    Entry("ORR", logicalImmediate("orr", "01") + logicalShifted("orr", "01", "0")) {
      combine($0, &$1) { $0.or($1, $2) }
    },
    Entry("ORN", logicalShifted("orn", "01", "1")) {
      combine($0, &$1) { $0.or($1, $0.not($2)) }
    },
    Entry("EOR", logicalImmediate("eor", "10") + logicalShifted("eor", "10", "0")) {
      combine($0, &$1) { $0.xor($1, $2) }
    },
    Entry("EON", logicalShifted("eon", "10", "1")) {
      combine($0, &$1) { $0.xor($1, $0.not($2)) }
    },
    Entry(
      "ANDS", flags: FlagEffects(writes: nzcv),
      logicalImmediate("ands", "11") + logicalShifted("ands", "11", "0")
    ) {
      setLogicalFlags(combine($0, &$1) { $0.and($1, $2) }, &$1)
    },
    Entry("BICS", flags: FlagEffects(writes: nzcv), logicalShifted("bics", "11", "1")) {
      setLogicalFlags(combine($0, &$1) { $0.and($1, $0.not($2)) }, &$1)
    },
  ]

  /// Writes what `operation` makes of the second and third operand to the first.
  @discardableResult
  private static func combine(
    _ instruction: Instruction, _ state: inout MachineState,
    _ operation: (TermManager, Term, Term) -> Term
  ) -> Term {
    let right = state[instruction[2]]
    let result = operation(state.terms, state[instruction.register(1)], right)
    state[instruction[0]] = result
    return result
  }

  /// N and Z of the result; C and V are cleared.
  private static func setLogicalFlags(_ result: Term, _ state: inout MachineState) {
    state.setNZ(result)
    state[c] = state.terms.false
    state[v] = state.terms.false
  }

  // swift-format-ignore
  private static func logicalImmediate(_ mnemonic: String, _ opc: String) -> [Row] {
    let stack = mnemonic == "ands" ? ("", "") : ("|WSP", "|SP")
    return [
      Row("\(mnemonic) <Wd\(stack.0)>, <Wn>, #<bitmask>", "0 \(opc) 100100 0 immr:6 imms:6 Rn:5 Rd:5"),
      Row("\(mnemonic) <Xd\(stack.1)>, <Xn>, #<bitmask>", "1 \(opc) 100100 N immr:6 imms:6 Rn:5 Rd:5"),
    ]
  }

  // swift-format-ignore
  private static func logicalShifted(_ mnemonic: String, _ opc: String, _ n: String) -> [Row] {
    [
      Row("\(mnemonic) <Wd>, <Wn>, <Wm>{, <shift> #<amount>}", "0 \(opc) 01010 shift:2 N=\(n) Rm:5 0 imm5:5 Rn:5 Rd:5"),
      Row("\(mnemonic) <Xd>, <Xn>, <Xm>{, <shift> #<amount>}", "1 \(opc) 01010 shift:2 N=\(n) Rm:5 imm6:6 Rn:5 Rd:5"),
    ]
  }
}
