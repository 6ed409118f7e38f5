import MachineModel

/// An instruction without what its effect is left open in.
struct OpenInstruction: Hashable {
  let form: Form
  /// The operands with another displacement and target.
  private(set) var operands: Operands
  /// Whether there is a displacement that is left open: zero is a case of its own, which says more.
  let isOpen: Bool
  /// Whether the immediate is left open.
  private(set) var opensImmediate = false

  private static let anyTarget: UInt64 = 0x1000
  private static let anyLength = 4
  /// Two immediates that have nothing in common.
  private static let immediates: [UInt64] = [0x6B3A_59D1, 0xFFFF_FFFF_A3E8_C1D2]

  init(_ instruction: Instruction) {
    form = instruction.form
    operands = instruction.operands.replacing(immediates: nil, targets: OpenInstruction.anyTarget)
    isOpen = OpenInstruction.displacement(of: instruction) != 0
    if var memory = operands.memoryOperand {
      memory.displacement = isOpen ? 1 : 0
      operands.memoryOperand = memory
    }
  }

  /// The displacement; zero where there is none that counts.
  static func displacement(of instruction: Instruction) -> Int64 {
    guard let memory = instruction.operands.memoryOperand, !memory.isRelative else { return 0 }
    return memory.displacement
  }

  /// The only immediate, where it is no mask of a part of a register, which means something of its own.
  static func immediate(of instruction: Instruction) -> Int64? {
    instruction.operands.onlyImmediate.flatMap { isMask($0) ? nil : $0 }
  }

  /// Whether one of the parts of 8, 8 and 16 bits is all zeros or all ones.
  private static func isMask(_ value: Int64) -> Bool {
    func isSame(_ low: Int64, _ ones: Int64) -> Bool {
      let part = value >> low & ones
      return part == 0 || part == ones
    }
    return isSame(0, 0xFF) || isSame(8, 0xFF) || isSame(16, 0xFFFF)
  }

  /// The same with the immediate left open as well.
  var withOpenImmediate: OpenInstruction {
    var result = self
    result.opensImmediate = true
    result.operands = operands.replacing(
      immediates: OpenInstruction.immediates[0], targets: nil)
    return result
  }

  /// The same with its registers replaced.
  func named(_ naming: inout RegisterNaming) -> OpenInstruction {
    var result = self
    result.operands = naming.replace(operands)
    return result
  }

  /// An instruction that it stands for.
  var example: Instruction { example(operands) }

  /// Instructions that it stands for with different immediates.
  var examples: [Instruction] {
    OpenInstruction.immediates.map { example(operands.replacing(immediates: $0, targets: nil)) }
  }

  private func example(_ operands: Operands) -> Instruction {
    Instruction(form: form, operands: operands, address: 0, length: OpenInstruction.anyLength)
  }

  func hash(into hasher: inout Hasher) {
    let bits: UInt64 = (isOpen ? 1 : 0) | (opensImmediate ? 2 : 0)
    hasher.combine(operands.digest ^ UInt64(form.index) << 32 ^ bits << 60)
  }
}
