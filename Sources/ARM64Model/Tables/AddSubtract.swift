import MachineModel
import Terms

/// ADD, ADDS, SUB, SUBS: immediate, shifted register, extended register.
extension ARM64 {
  static let addSubtract: [Entry] = [
    Entry("ADD", addRows) { instruction, state in
      let (left, right) = addends(instruction, &state)
      state[instruction[0]] = state.terms.add(left, right)
    },
    Entry("ADDS", flags: FlagEffects(writes: nzcv), addsRows) { instruction, state in
      let (left, right) = addends(instruction, &state)
      let sum = state.terms.add(left, right)
      state.setFlags(ofSum: sum, left, right)
      state[instruction[0]] = sum
    },
    Entry("SUB", subRows) { instruction, state in
      let (left, right) = addends(instruction, &state)
      state[instruction[0]] = state.terms.subtract(left, right)
    },
    Entry("SUBS", flags: FlagEffects(writes: nzcv), subsRows) { instruction, state in
      let (left, right) = addends(instruction, &state)
      let difference = state.terms.subtract(left, right)
      state.setFlags(ofDifference: difference, left, right)
      state[instruction[0]] = difference
    },
  ]

  /// The second and the third operand: a shifted immediate, or a shifted or extended register.
  private static func addends(
    _ instruction: Instruction, _ state: inout MachineState
  ) -> (Term, Term) {
    let left = state[instruction.register(1)]
    let width = instruction.register(0).width
    switch instruction[2] {
    case .immediate:
      let value = state.terms.zeroExtend(state[instruction[2]], to: width)
      return (left, state.terms.shiftLeft(value, by: instruction.code(3)))
    case .modified(_, .lsl, _), .modified(_, .lsr, _), .modified(_, .asr, _):
      return (left, state[instruction[2]])
    default: return (left, state.extended(instruction[2], to: width))
    }
  }

  // swift-format-ignore
  private static let addRows: [Row] = [
    Row("add <Wd|WSP>, <Wn|WSP>, #<imm12>{, LSL #<12*sh>}",        "0 0 0 100010 sh imm12:12 Rn:5 Rd:5"),
    Row("add <Xd|SP>, <Xn|SP>, #<imm12>{, LSL #<12*sh>}",          "1 0 0 100010 sh imm12:12 Rn:5 Rd:5"),
    Row("add <Wd>, <Wn>, <Wm>{, <shift> #<amount>}",               "0 0 0 01011 shift:2!=11 0 Rm:5 0 imm5:5 Rn:5 Rd:5"),
    Row("add <Xd>, <Xn>, <Xm>{, <shift> #<amount>}",               "1 0 0 01011 shift:2!=11 0 Rm:5 imm6:6 Rn:5 Rd:5"),
    Row("add <Wd|WSP>, <Wn|WSP>, <Wm>{, <extend> {#<amount>}}",    "0 0 0 01011 00 1 Rm:5 option:3 imm3:3!=101!=11x Rn:5 Rd:5"),
    Row("add <Xd|SP>, <Xn|SP>, <R><m>{, <extend> {#<amount>}}",    "1 0 0 01011 00 1 Rm:5 option:3 imm3:3!=101!=11x Rn:5 Rd:5"),
  ]

  // swift-format-ignore
  private static let addsRows: [Row] = [
    Row("adds <Wd>, <Wn|WSP>, #<imm12>{, LSL #<12*sh>}",           "0 0 1 100010 sh imm12:12 Rn:5 Rd:5"),
    Row("adds <Xd>, <Xn|SP>, #<imm12>{, LSL #<12*sh>}",            "1 0 1 100010 sh imm12:12 Rn:5 Rd:5"),
    Row("adds <Wd>, <Wn>, <Wm>{, <shift> #<amount>}",              "0 0 1 01011 shift:2!=11 0 Rm:5 0 imm5:5 Rn:5 Rd:5"),
    Row("adds <Xd>, <Xn>, <Xm>{, <shift> #<amount>}",              "1 0 1 01011 shift:2!=11 0 Rm:5 imm6:6 Rn:5 Rd:5"),
    Row("adds <Wd>, <Wn|WSP>, <Wm>{, <extend> {#<amount>}}",       "0 0 1 01011 00 1 Rm:5 option:3 imm3:3!=101!=11x Rn:5 Rd:5"),
    Row("adds <Xd>, <Xn|SP>, <R><m>{, <extend> {#<amount>}}",      "1 0 1 01011 00 1 Rm:5 option:3 imm3:3!=101!=11x Rn:5 Rd:5"),
  ]

  // swift-format-ignore
  private static let subRows: [Row] = [
    Row("sub <Wd|WSP>, <Wn|WSP>, #<imm12>{, LSL #<12*sh>}",        "0 1 0 100010 sh imm12:12 Rn:5 Rd:5"),
    Row("sub <Xd|SP>, <Xn|SP>, #<imm12>{, LSL #<12*sh>}",          "1 1 0 100010 sh imm12:12 Rn:5 Rd:5"),
    Row("sub <Wd>, <Wn>, <Wm>{, <shift> #<amount>}",               "0 1 0 01011 shift:2!=11 0 Rm:5 0 imm5:5 Rn:5 Rd:5"),
    Row("sub <Xd>, <Xn>, <Xm>{, <shift> #<amount>}",               "1 1 0 01011 shift:2!=11 0 Rm:5 imm6:6 Rn:5 Rd:5"),
    Row("sub <Wd|WSP>, <Wn|WSP>, <Wm>{, <extend> {#<amount>}}",    "0 1 0 01011 00 1 Rm:5 option:3 imm3:3!=101!=11x Rn:5 Rd:5"),
    Row("sub <Xd|SP>, <Xn|SP>, <R><m>{, <extend> {#<amount>}}",    "1 1 0 01011 00 1 Rm:5 option:3 imm3:3!=101!=11x Rn:5 Rd:5"),
  ]

  // swift-format-ignore
  private static let subsRows: [Row] = [
    Row("subs <Wd>, <Wn|WSP>, #<imm12>{, LSL #<12*sh>}",           "0 1 1 100010 sh imm12:12 Rn:5 Rd:5"),
    Row("subs <Xd>, <Xn|SP>, #<imm12>{, LSL #<12*sh>}",            "1 1 1 100010 sh imm12:12 Rn:5 Rd:5"),
    Row("subs <Wd>, <Wn>, <Wm>{, <shift> #<amount>}",              "0 1 1 01011 shift:2!=11 0 Rm:5 0 imm5:5 Rn:5 Rd:5"),
    Row("subs <Xd>, <Xn>, <Xm>{, <shift> #<amount>}",              "1 1 1 01011 shift:2!=11 0 Rm:5 imm6:6 Rn:5 Rd:5"),
    Row("subs <Wd>, <Wn|WSP>, <Wm>{, <extend> {#<amount>}}",       "0 1 1 01011 00 1 Rm:5 option:3 imm3:3!=101!=11x Rn:5 Rd:5"),
    Row("subs <Xd>, <Xn|SP>, <R><m>{, <extend> {#<amount>}}",      "1 1 1 01011 00 1 Rm:5 option:3 imm3:3!=101!=11x Rn:5 Rd:5"),
  ]
}
