import MachineModel
import Terms

/// Branches, and ADR and ADRP.
extension ARM64 {
  // swift-format-ignore
  static let branch: [Entry] = [
    Entry("ADR", [Row("adr <Xd>, <address>", "op=0 immlo:2 10000 immhi:19 Rd:5")]) {
      $1[$0[0]] = $1.address(of: $0.memory(1))
    },
    Entry("ADRP", [Row("adrp <Xd>, <page>", "op=1 immlo:2 10000 immhi:19 Rd:5")]) {
      $1[$0[0]] = $1.address(of: $0.memory(1))
    },
    Entry("B", flow: .jump, [Row("b <label>", "0 00101 imm26:26")]) { instruction, state in
      state.nextInstruction = state[instruction[0]]
    },
    Entry("BL", flow: .call, [Row("bl <label>", "1 00101 imm26:26")]) { instruction, state in
      state[lr] = state.nextInstruction
      state.nextInstruction = state[instruction[0]]
    },
    Entry(
      "B.cond", flags: FlagEffects(reads: nzcv), flow: .conditionalJump,
      [Row("b.<cond> <label>", "0101010 0 imm19:19 0 cond:4")]
    ) { instruction, state in
      let target = state[instruction[1]]
      state.branch(to: target, if: state.holds(instruction.code(0)))
    },
    Entry("BR", flow: .indirectJump, [Row("br <Xn>", "1101011 0000 11111 000000 Rn:5 00000")]) {
      $1.nextInstruction = $1[$0[0]]
    },
    Entry("BLR", flow: .indirectCall, [Row("blr <Xn>", "1101011 0001 11111 000000 Rn:5 00000")]) {
      instruction, state in
      let target = state[instruction[0]]
      state[lr] = state.nextInstruction
      state.nextInstruction = target
    },
    Entry("RET", flow: .return, [Row("ret <Xn>", "1101011 0010 11111 000000 Rn:5 00000")]) {
      $1.nextInstruction = $1[$0[0]]
    },
    Entry("CBZ", flow: .conditionalJump, [
      Row("cbz <Wt>, <label>", "0 011010 0 imm19:19 Rt:5"),
      Row("cbz <Xt>, <label>", "1 011010 0 imm19:19 Rt:5"),
    ]) { branchOnZero($0, &$1) { $1 } },
    Entry("CBNZ", flow: .conditionalJump, [
      Row("cbnz <Wt>, <label>", "0 011010 1 imm19:19 Rt:5"),
      Row("cbnz <Xt>, <label>", "1 011010 1 imm19:19 Rt:5"),
    ]) { branchOnZero($0, &$1) { $0.not($1) } },
    Entry("TBZ", flow: .conditionalJump, [
      Row("tbz <Wt>, #<b5:b40>, <label>", "b5=0 011011 0 b40:5 imm14:14 Rt:5"),
      Row("tbz <Xt>, #<b5:b40>, <label>", "b5=1 011011 0 b40:5 imm14:14 Rt:5"),
    ]) { branchOnBit($0, &$1) { $0.not($1) } },
    Entry("TBNZ", flow: .conditionalJump, [
      Row("tbnz <Wt>, #<b5:b40>, <label>", "b5=0 011011 1 b40:5 imm14:14 Rt:5"),
      Row("tbnz <Xt>, #<b5:b40>, <label>", "b5=1 011011 1 b40:5 imm14:14 Rt:5"),
    ]) { branchOnBit($0, &$1) { $1 } },
  ]

  /// Branches where `decide` of "the register is zero" holds.
  private static func branchOnZero(
    _ instruction: Instruction, _ state: inout MachineState, decide: (TermManager, Term) -> Term
  ) {
    let terms = state.terms
    let value = state[instruction.register(0)]
    let isZero = terms.equal(value, terms.constant(0, width: terms.width(value)))
    let target = state[instruction[1]]
    state.branch(to: target, if: decide(terms, isZero))
  }

  /// Branches where `decide` of "the bit is set" holds.
  private static func branchOnBit(
    _ instruction: Instruction, _ state: inout MachineState, decide: (TermManager, Term) -> Term
  ) {
    let isSet = state.terms.bit(state[instruction.register(0)], instruction.code(1))
    let target = state[instruction[2]]
    state.branch(to: target, if: decide(state.terms, isSet))
  }
}
