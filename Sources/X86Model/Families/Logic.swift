import MachineModel
import Terms

/// AND, OR, XOR, TEST, NOT (Intel SDM, volume 2).
extension Tables {
  static let logic: [Entry] = [
    Entry(bitwise("AND: bitwise and") { $0.and($1, $2) }, groupRows("and", 4)),
    Entry(bitwise("OR: bitwise or") { $0.or($1, $2) }, groupRows("or", 1)),
    Entry(bitwise("XOR: bitwise exclusive or") { $0.xor($1, $2) }, groupRows("xor", 6)),
    Entry(test, testRows), Entry(complement, unaryRows("not", "F6", "F7", 2)),
  ]

  /// The flags of bitwise instructions: CF and OF clear, AF undefined.
  private static let logicFlags = FlagEffects(
    writes: Set.status.subtracting([.af]), undefined: [.af])

  private static func bitwise(
    _ title: String, _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Family {
    Family(title: title, source: "Intel SDM, volume 2", tier: "T1", flags: logicFlags) {
      instruction, state in
      let (left, right) = (state.read(instruction, 0), state.read(instruction, 1))
      let result = operation(state.terms, left, right)
      state[instruction[0]] = result
      state.setLogicFlags(result, by: instruction)
    }
  }

  private static let test = Family(
    title: "TEST: flags of a bitwise and", source: "Intel SDM, volume 2, TEST", tier: "T1",
    flags: logicFlags
  ) { instruction, state in
    let (left, right) = (state.read(instruction, 0), state.read(instruction, 1))
    state.setLogicFlags(state.terms.and(left, right), by: instruction)
  }

  // swift-format-ignore
  private static let testRows: [Row] = [
    Row("test AL, imm8",    "A8 ib"),
    Row("test rAX, immz",   "A9 iz"),
    Row("test r/m8, imm8",  "F6 /0 ib"),
    Row("test r/mv, immz",  "F7 /0 iz"),
    Row("test r/m8, r8",    "84 /r"),
    Row("test r/mv, rv",    "85 /r"),
  ]

  private static let complement = Family(
    title: "NOT: one's complement", source: "Intel SDM, volume 2, NOT", tier: "T1"
  ) { instruction, state in
    state[instruction[0]] = state.terms.not(state.read(instruction, 0))
  }
}
