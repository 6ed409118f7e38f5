import MachineModel

/// An instruction without what its effect is left open in: it stands for all that are alike but for that.
struct OpenInstruction: Hashable, Sendable {
  let form: Form
  /// The operands with another displacement and target.
  private(set) var operands: Operands
  /// Whether there is a displacement that is left open: zero is a case of its own, which says more.
  let isOpen: Bool
  /// What the immediate is where it is left open.
  private(set) var immediate: ImmediatePattern?

  private static let anyTarget: UInt64 = 0x1000
  private static let anyLength = 4
  private static let anyScale = 3

  init(_ instruction: Instruction) {
    form = instruction.form
    operands = instruction.operands.replacing(immediates: nil, targets: OpenInstruction.anyTarget)
    let isFollowed = OpenInstruction.isFollowed(operands.memoryOperand)
    isOpen = isFollowed && OpenInstruction.displacement(of: instruction) != 0
    if var memory = operands.memoryOperand {
      // An address of several registers is not followed: neither the displacement nor the scale counts.
      memory.displacement = isOpen ? 1 : 0
      if !isFollowed, memory.scale > 0 { memory.scale = OpenInstruction.anyScale }
      operands.memoryOperand = memory
    }
  }

  /// Whether an address may be one that is followed: not if it is the sum of two registers.
  private static func isFollowed(_ memory: MemoryOperand?) -> Bool {
    memory?.base?.cell == nil || memory?.index?.cell == nil || memory?.mode != .offset
  }

  /// The displacement; zero where there is none that counts.
  static func displacement(of instruction: Instruction) -> Int64 {
    guard let memory = instruction.operands.memoryOperand, !memory.isRelative else { return 0 }
    return memory.displacement
  }

  /// The same with the immediate left open as well; nil if there is not one.
  var withOpenImmediate: OpenInstruction? {
    guard let value = operands.onlyImmediate, let pattern = ImmediatePattern(value) else {
      return nil
    }
    var result = self
    result.immediate = pattern
    result.operands = operands.replacing(immediates: pattern.examples[0], targets: nil)
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
    guard let immediate else { return [example] }
    return immediate.examples.map { example(operands.replacing(immediates: $0, targets: nil)) }
  }

  private func example(_ operands: Operands) -> Instruction {
    Instruction(form: form, operands: operands, address: 0, length: OpenInstruction.anyLength)
  }

  func hash(into hasher: inout Hasher) { hasher.combine(digest) }

  /// All of it in one word, for quick hashes.
  var digest: UInt64 {
    let bits: UInt64 = (isOpen ? 1 : 0) | (immediate == nil ? 0 : 2)
    return operands.digest ^ UInt64(form.index) << 32 ^ bits << 60
  }
}

/// Immediates that are alike: those parts of 8, 8, 16 and 32 bits that are all zeros or all ones are the same. Such
/// a part means something of its own, as a mask of a part of a register; of the others nothing is said.
struct ImmediatePattern: Hashable, Sendable {
  /// A run of bits.
  struct Part {
    let low: Int
    let width: Int
    /// All ones or none in the part's lowest bits.
    var ones: UInt64 { .max >> UInt64(64 - width) }
  }

  static let parts = [
    Part(low: 0, width: 8), Part(low: 8, width: 8), Part(low: 16, width: 16),
    Part(low: 32, width: 32),
  ]
  /// Two immediates that have nothing in common.
  private static let any: [UInt64] = [0x4D2E_97B5_6B3A_59D1, 0xB2D1_684A_94C5_A62E]

  /// The bits that are the same, and what they are.
  private var mask: UInt64 = 0
  private var bits: UInt64 = 0

  /// The immediates like one; nil if all its parts are zeros or ones, and for one itself, by which a product is
  /// a copy.
  init?(_ value: Int64) {
    if value == 1 { return nil }
    let value = UInt64(bitPattern: value)
    for part in ImmediatePattern.parts {
      let found = value >> UInt64(part.low) & part.ones
      if found != 0 && found != part.ones { continue }
      mask |= part.ones << UInt64(part.low)
      bits |= found << UInt64(part.low)
    }
    if mask == .max { return nil }
  }

  /// What a part is; nil where it may be anything.
  func value(of part: Part) -> UInt64? {
    mask >> UInt64(part.low) & 1 == 1 ? bits >> UInt64(part.low) & part.ones : nil
  }

  /// Two of the immediates, as different as they can be.
  var examples: [UInt64] { ImmediatePattern.any.map { $0 & ~mask | bits } }
}
