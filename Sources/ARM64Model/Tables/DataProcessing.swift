import MachineModel
import Terms

/// Data processing with one and with two sources: divisions, variable shifts, bit counts, reversals.
extension ARM64 {
  static let dataProcessing: [Entry] = [
    Entry("UDIV", twoSources("udiv", "000010")) {
      divide($0, &$1) { $0.unsignedDivide($1, $2) }
    },
    Entry("SDIV", twoSources("sdiv", "000011")) {
      divide($0, &$1) { $0.signedDivide($1, $2) }
    },
    Entry("LSLV", twoSources("lslv", "001000")) { shift($0, &$1) { $0.shiftLeft($1, $2) } },
    Entry("LSRV", twoSources("lsrv", "001001")) {
      shift($0, &$1) { $0.logicalShiftRight($1, $2) }
    },
    Entry("ASRV", twoSources("asrv", "001010")) {
      shift($0, &$1) { $0.arithmeticShiftRight($1, $2) }
    },
    Entry("RORV", twoSources("rorv", "001011")) { shift($0, &$1) { $0.rotateRight($1, $2) } },
    Entry("RBIT", oneSource("rbit", "000000")) {
      rewrite($0, &$1) { $0.reversingChunks($1, of: 1, within: $0.width($1)) }
    },
    Entry("REV16", oneSource("rev16", "000001")) {
      rewrite($0, &$1) { $0.reversingChunks($1, of: 8, within: 16) }
    },
    Entry("REV", reverseRows) {
      rewrite($0, &$1) { $0.reversingChunks($1, of: 8, within: $0.width($1)) }
    },
    Entry("REV32", [Row("rev32 <Xd>, <Xn>", "1 1 0 11010110 00000 000010 Rn:5 Rd:5")]) {
      rewrite($0, &$1) { $0.reversingChunks($1, of: 8, within: 32) }
    },
    Entry("CLZ", oneSource("clz", "000100")) {
      rewrite($0, &$1) { $0.countLeadingZeros($1, width: $0.width($1)) }
    },
    Entry("CLS", oneSource("cls", "000101")) {
      rewrite($0, &$1) { $0.countLeadingSignBits($1) }
    },
  ]

  /// A division by zero gives zero. The quotient that overflows wraps, as SMT-LIB has it.
  private static func divide(
    _ instruction: Instruction, _ state: inout MachineState,
    _ quotient: (TermManager, Term, Term) -> Term
  ) {
    let terms = state.terms
    let (left, right) = (state[instruction.register(1)], state[instruction.register(2)])
    let zero = terms.constant(0, width: terms.width(left))
    state[instruction[0]] = terms.ifThenElse(
      terms.equal(right, zero), zero, quotient(terms, left, right))
  }

  /// The count is taken modulo the width.
  private static func shift(
    _ instruction: Instruction, _ state: inout MachineState,
    _ shifted: (TermManager, Term, Term) -> Term
  ) {
    let terms = state.terms
    let count = state[instruction.register(2)]
    let width = terms.width(count)
    let low = terms.extract(count, width == 32 ? 4 : 5, 0)
    state[instruction[0]] = shifted(
      terms, state[instruction.register(1)], terms.zeroExtend(low, to: width))
  }

  private static func rewrite(
    _ instruction: Instruction, _ state: inout MachineState,
    _ function: (TermManager, Term) -> Term
  ) {
    state[instruction[0]] = function(state.terms, state[instruction.register(1)])
  }

  // swift-format-ignore
  private static func twoSources(_ mnemonic: String, _ opcode: String) -> [Row] {
    [
      Row("\(mnemonic) <Wd>, <Wn>, <Wm>", "0 0 0 11010110 Rm:5 \(opcode) Rn:5 Rd:5"),
      Row("\(mnemonic) <Xd>, <Xn>, <Xm>", "1 0 0 11010110 Rm:5 \(opcode) Rn:5 Rd:5"),
    ]
  }

  // swift-format-ignore
  private static func oneSource(_ mnemonic: String, _ opcode: String) -> [Row] {
    [
      Row("\(mnemonic) <Wd>, <Wn>", "0 1 0 11010110 00000 \(opcode) Rn:5 Rd:5"),
      Row("\(mnemonic) <Xd>, <Xn>", "1 1 0 11010110 00000 \(opcode) Rn:5 Rd:5"),
    ]
  }

  // swift-format-ignore
  private static let reverseRows: [Row] = [
    Row("rev <Wd>, <Wn>", "0 1 0 11010110 00000 000010 Rn:5 Rd:5"),
    Row("rev <Xd>, <Xn>", "1 1 0 11010110 00000 000011 Rn:5 Rd:5"),
  ]
}
