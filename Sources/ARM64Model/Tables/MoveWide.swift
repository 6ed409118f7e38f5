import MachineModel
import Terms

/// MOVN, MOVZ, MOVK.
extension ARM64 {
  static let moveWide: [Entry] = [
    Entry("MOVN", moveWideRows("movn", "00")) { instruction, state in
      state[instruction[0]] = state.terms.not(wideConstant(instruction, &state))
    },
    Entry("MOVZ", moveWideRows("movz", "10")) { instruction, state in
      state[instruction[0]] = wideConstant(instruction, &state)
    },
    Entry("MOVK", moveWideRows("movk", "11")) { instruction, state in
      let terms = state.terms
      let register = instruction.register(0)
      let hole = terms.constant(0xFFFF << UInt64(instruction.code(2)), width: register.width)
      let kept = terms.and(state[register], terms.not(hole))
      state[register] = terms.or(kept, wideConstant(instruction, &state))
    },
  ]

  private static func wideConstant(
    _ instruction: Instruction, _ state: inout MachineState
  ) -> Term {
    state.terms.shiftLeft(state[instruction[1]], by: instruction.code(2))
  }

  // swift-format-ignore
  private static func moveWideRows(_ mnemonic: String, _ opc: String) -> [Row] {
    [
      Row("\(mnemonic) <Wd>, #<imm16>{, LSL #<16*hw>}", "0 \(opc) 100101 hw=0x imm16:16 Rd:5"),
      Row("\(mnemonic) <Xd>, #<imm16>{, LSL #<16*hw>}", "1 \(opc) 100101 hw:2 imm16:16 Rd:5"),
    ]
  }
}
