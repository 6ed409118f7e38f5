import MachineModel
import Terms

/// LDP, LDPSW, STP, and LDNP, STNP, whose hint has no effect here.
extension ARM64 {
  static let loadStorePair: [Entry] = [
    Entry("STP", pairRows("stp", "<Wt>, <Wt2>", "00 101 0", "0"), execute: storePair),
    Entry("STP", pairRows("stp", "<Xt>, <Xt2>", "10 101 0", "0"), execute: storePair),
    Entry("LDP", pairRows("ldp", "<Wt>, <Wt2>", "00 101 0", "1"), execute: loadPair),
    Entry("LDP", pairRows("ldp", "<Xt>, <Xt2>", "10 101 0", "1"), execute: loadPair),
    Entry("LDPSW", pairRows("ldpsw", "<Xt>, <Xt2>", "01 101 0", "1"), execute: loadPair),
    Entry("STNP", nonTemporalRows("stnp", "0"), execute: storePair),
    Entry("LDNP", nonTemporalRows("ldnp", "1"), execute: loadPair),
  ]

  /// Reads both before writing either register, so that the base may be one of them. The words of
  /// LDPSW are sign-extended; no other pair is wider than what it reads.
  static let loadPair: Execution = { instruction, state in
    let memory = instruction.memory(2)
    let base = state.writeBack(memory)
    let places = addresses(memory, &state)
    let values = places.map { state.load($0, byteCount: memory.width / 8) }
    for (index, value) in values.enumerated() {
      let register = instruction.register(index)
      state[register] = state.terms.signExtend(value, to: register.width)
    }
    if let (base, updated) = base { state[base] = updated }
  }

  static let storePair: Execution = { instruction, state in
    let memory = instruction.memory(2)
    let base = state.writeBack(memory)
    for (index, place) in addresses(memory, &state).enumerated() {
      state.store(place, state[instruction.register(index)])
    }
    if let (base, updated) = base { state[base] = updated }
  }

  /// Where the first and the second register go.
  private static func addresses(_ memory: MemoryOperand, _ state: inout MachineState) -> [Term] {
    let first = state.access(memory)
    let size = state.terms.constant(UInt64(memory.width / 8), width: 64)
    return [first, state.terms.add(first, size)]
  }

  // swift-format-ignore
  private static func pairRows(
    _ mnemonic: String, _ registers: String, _ head: String, _ l: String
  ) -> [Row] {
    [
      Row("\(mnemonic) \(registers), [<Xn|SP>], #<imm>",    "\(head) 001 \(l) imm7:7 Rt2:5 Rn:5 Rt:5"),
      Row("\(mnemonic) \(registers), [<Xn|SP>{, #<imm>}]",  "\(head) 010 \(l) imm7:7 Rt2:5 Rn:5 Rt:5"),
      Row("\(mnemonic) \(registers), [<Xn|SP>, #<imm>]!",   "\(head) 011 \(l) imm7:7 Rt2:5 Rn:5 Rt:5"),
    ]
  }

  // swift-format-ignore
  private static func nonTemporalRows(_ mnemonic: String, _ l: String) -> [Row] {
    [
      Row("\(mnemonic) <Wt>, <Wt2>, [<Xn|SP>{, #<imm>}]", "00 101 0 000 \(l) imm7:7 Rt2:5 Rn:5 Rt:5"),
      Row("\(mnemonic) <Xt>, <Xt2>, [<Xn|SP>{, #<imm>}]", "10 101 0 000 \(l) imm7:7 Rt2:5 Rn:5 Rt:5"),
    ]
  }
}
