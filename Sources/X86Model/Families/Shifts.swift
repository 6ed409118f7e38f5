import MachineModel
import Terms

/// SHL, SHR, SAR, ROL, ROR (Intel SDM, volume 2).
extension Tables {
  static let shifts: [Entry] = [
    Entry(shift("SHL: shift left", .left), shiftRows("shl", 4)),
    Entry(shift("SHR: logical shift right", .right), shiftRows("shr", 5)),
    Entry(shift("SAR: arithmetic shift right", .arithmeticRight), shiftRows("sar", 7)),
    Entry(rotation("ROL: rotate left", left: true), shiftRows("rol", 0)),
    Entry(rotation("ROR: rotate right", left: false), shiftRows("ror", 1)),
  ]

  /// The rows of an instruction of group 2.
  static func shiftRows(_ name: String, _ digit: Int) -> [Row] {
    [
      Row("\(name) r/m8, 1", "D0 /\(digit)"),
      Row("\(name) r/mv, 1", "D1 /\(digit)"),
      Row("\(name) r/m8, CL", "D2 /\(digit)"),
      Row("\(name) r/mv, CL", "D3 /\(digit)"),
      Row("\(name) r/m8, imm8", "C0 /\(digit) ib"),
      Row("\(name) r/mv, imm8", "C1 /\(digit) ib"),
    ]
  }

  private static func shift(_ title: String, _ direction: MachineState.Shift) -> Family {
    Family(
      title: title, source: "Intel SDM, volume 2, SAL/SAR/SHL/SHR", tier: "T1",
      flags: FlagEffects(
        writes: Set.status.subtracting([.af]),
        undefined: direction == .arithmeticRight ? [.of, .af] : [.cf, .of, .af])
    ) { instruction, state in
      let (value, count) = (state.read(instruction, 0), state.read(instruction, 1))
      state[instruction[0]] = state.shift(direction, value, by: count, instruction)
    }
  }

  private static func rotation(_ title: String, left: Bool) -> Family {
    Family(
      title: title, source: "Intel SDM, volume 2, RCL/RCR/ROL/ROR", tier: "T1",
      flags: FlagEffects(writes: [.cf, .of], undefined: [.of])
    ) { instruction, state in
      let (value, count) = (state.read(instruction, 0), state.read(instruction, 1))
      state[instruction[0]] = state.rotate(left: left, value, by: count, instruction)
    }
  }
}
