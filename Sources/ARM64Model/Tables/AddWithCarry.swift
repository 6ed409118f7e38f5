import MachineModel
import Terms

/// ADC, ADCS, SBC, SBCS.
extension ARM64 {
  static let addWithCarry: [Entry] = [
    Entry("ADC", flags: FlagEffects(reads: [c]), rows("adc", "0 0")) { instruction, state in
      let terms = state.terms
      let sum = terms.add(state[instruction.register(1)], state[instruction.register(2)])
      let carry = terms.bits(state[c], width: terms.width(sum))
      state[instruction[0]] = terms.add(sum, carry)
    },
    Entry("ADCS", flags: FlagEffects(reads: [c], writes: nzcv), rows("adcs", "0 1")) {
      instruction, state in
      let terms = state.terms
      let (left, right) = (state[instruction.register(1)], state[instruction.register(2)])
      let carry = terms.bits(state[c], width: terms.width(left))
      let sum = terms.add(terms.add(left, right), carry)
      state.setNZ(sum)
      state[v] = state.overflow(ofSum: sum, left, right)
      state[c] = terms.ifThenElse(
        state[c], terms.not(terms.unsignedLess(left, sum)), terms.unsignedLess(sum, left))
      state[instruction[0]] = sum
    },
    Entry("SBC", flags: FlagEffects(reads: [c]), rows("sbc", "1 0")) { instruction, state in
      state[instruction[0]] = differenceWithCarry(instruction, state)
    },
    Entry("SBCS", flags: FlagEffects(reads: [c], writes: nzcv), rows("sbcs", "1 1")) {
      instruction, state in
      let terms = state.terms
      let (left, right) = (state[instruction.register(1)], state[instruction.register(2)])
      let difference = differenceWithCarry(instruction, state)
      state.setNZ(difference)
      let isLess = terms.ifThenElse(
        state[c], terms.signedLess(left, right), terms.signedLessOrEqual(left, right))
      state[v] = terms.xor(isLess, state[n])
      state[c] = terms.ifThenElse(
        state[c], terms.unsignedLessOrEqual(right, left), terms.unsignedLess(right, left))
      state[instruction[0]] = difference
    },
  ]

  /// `left - right`, and one less where the carry is clear.
  private static func differenceWithCarry(
    _ instruction: Instruction, _ state: MachineState
  ) -> Term {
    let terms = state.terms
    let (left, right) = (state[instruction.register(1)], state[instruction.register(2)])
    let borrow = terms.bits(terms.not(state[c]), width: terms.width(left))
    return terms.subtract(terms.subtract(left, right), borrow)
  }

  // swift-format-ignore
  private static func rows(_ mnemonic: String, _ opS: String) -> [Row] {
    [
      Row("\(mnemonic) <Wd>, <Wn>, <Wm>", "0 \(opS) 11010000 Rm:5 000000 Rn:5 Rd:5"),
      Row("\(mnemonic) <Xd>, <Xn>, <Xm>", "1 \(opS) 11010000 Rm:5 000000 Rn:5 Rd:5"),
    ]
  }
}
