import ARM64Model
import MachineModel
import Terms

/// One instruction as terms over the cells before it, with its accesses in order.
struct LiftedInstruction {
  struct Access {
    let address: Term
    let byteCount: Int
    /// What is stored, or the variable that stands for what is loaded.
    let value: Term
    let isStore: Bool
  }

  /// A memory that writes down what is asked of it.
  private struct Log: Memory {
    var accesses: [Access] = []

    mutating func load(
      _ address: Term, byteCount: Int, when condition: Term, in terms: TermManager
    ) -> Term {
      let value = terms.variable("load\(accesses.count)", width: 8 * byteCount)
      accesses.append(
        Access(address: address, byteCount: byteCount, value: value, isStore: false))
      return value
    }

    mutating func store(
      _ address: Term, _ value: Term, when condition: Term, in terms: TermManager
    ) {
      let byteCount = terms.width(value) / 8
      accesses.append(Access(address: address, byteCount: byteCount, value: value, isStore: true))
    }
  }

  let terms = TermManager()
  /// The variables of the cells before the instruction.
  let before: [Term]
  /// The cells after it.
  let after: [Term]
  let nextInstruction: Term
  let accesses: [Access]
  let faults: [MachineState.FaultCondition]

  init(_ instruction: Instruction, of architecture: some Architecture) {
    let terms = terms
    before = architecture.registerFile.entries.map { terms.variable($0.name, $0.sort) }
    var state = MachineState(
      terms: terms, cells: before, memory: Log(),
      nextInstruction: terms.constant(instruction.end, width: 64))
    instruction.form.family.execute(instruction, &state)
    after = state.cells
    nextInstruction = state.nextInstruction
    accesses = (state.memory as? Log)?.accesses ?? []
    faults = state.faults
  }

  /// Every term that has to be evaluated.
  var roots: [Term] {
    after + [nextInstruction] + accesses.flatMap { [$0.address, $0.value] }
      + faults.map(\.condition)
  }
}

/// Where a differential test has its code and its data, and the general words of random states.
struct RandomState {
  static let code: UInt64 = 0x4000_0000
  static let scratchByteCount = 64

  let instruction: Instruction
  /// The start of the memory that the instruction reaches.
  let scratch: UInt64
  private var random: SplitMix

  /// Nil if the instruction cannot be run alone: it branches into itself, or reads its own page.
  init?(_ instruction: Instruction, seed: UInt64) {
    self.instruction = instruction
    random = SplitMix(seed)
    var scratch: UInt64 = 0x5000_0000
    for case .memory(let memory) in instruction.operands {
      if memory.isRelative, memory.width > 0 {
        scratch = (UInt64(bitPattern: memory.displacement) & ~7) &- 16
      }
      if let index = memory.index, index.cell != nil, index.cell == memory.base?.cell { return nil }
    }
    if RandomState.isIndirect(instruction), instruction[0] == .register(RandomState.zero) {
      return nil
    }
    if let target = instruction.target {
      let offset = Int64(bitPattern: target &- RandomState.code)
      if abs(offset) < 8192 || abs(offset) > 100 << 20 { return nil }
    }
    if abs(Int64(scratch) - Int64(RandomState.code)) < 16384 { return nil }
    self.scratch = scratch
  }

  private static let zero = Register("xzr", nil, width: 64)

  /// Whether the first operand says where control goes.
  private static func isIndirect(_ instruction: Instruction) -> Bool {
    [.indirectJump, .indirectCall, .return].contains(instruction.form.family.flow)
  }

  /// Where control may arrive.
  var landings: [UInt64] {
    var result = [RandomState.code + 4]
    if RandomState.isIndirect(instruction) { result.append(RandomState.code + 0x10_0000) }
    if let target = instruction.target, !result.contains(target) { result.append(target) }
    return result
  }

  /// The words of one state: registers, flags, memory.
  mutating func next() -> [UInt64] {
    var words = (0..<32).map { _ in value() }
    words.append(UInt64.random(in: 0...15, using: &random) << 28)
    for case .memory(let memory) in instruction.operands {
      if let base = memory.base?.cell?.index { aim(memory, base, &words) }
    }
    if RandomState.isIndirect(instruction), case .register(let register) = instruction[0],
      let cell = register.cell
    {
      words[cell.index] = RandomState.code + 0x10_0000
    }
    if UInt8.random(in: 0...3, using: &random) == 0 { equalise(&words) }
    for _ in 0..<(RandomState.scratchByteCount / 8) { words.append(value()) }
    return words
  }

  /// Sets the base so that the access falls into the scratch; the stack pointer stays aligned.
  private mutating func aim(_ memory: MemoryOperand, _ base: Int, _ words: inout [UInt64]) {
    var offset = memory.mode == .postIndex ? 0 : UInt64(bitPattern: memory.displacement)
    if let index = memory.index {
      let value = index.cell.map { words[$0.index] } ?? 0
      let extended: UInt64 =
        switch memory.extend {
        case .uxtw: value & 0xFFFF_FFFF
        case .sxtw: UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: value)))
        default: value
        }
      offset = extended << UInt64(memory.scale)
    }
    let isOrdered = instruction.form.family.tier == "A2"
    var start = scratch &- offset &+ UInt64.random(in: 0...32, using: &random)
    if base == 31 { start = (start &+ 15) & ~15 }
    if isOrdered { start &= ~7 }
    words[base] = start
  }

  /// Makes the sources of the instruction equal, the low halves at least; not those of addresses.
  private mutating func equalise(_ words: inout [UInt64]) {
    guard !instruction.operands.contains(where: { if case .memory = $0 { true } else { false } })
    else { return }
    let cells = instruction.operands.compactMap { operand -> Int? in
      switch operand {
      case .register(let register), .modified(let register, _, _): register.cell?.index
      default: nil
      }
    }
    let common = value()
    guard instruction.form.family.flow == .sequential else { return }
    for cell in cells { words[cell] = common }
  }

  /// A word of random density, or one at an edge.
  private mutating func value() -> UInt64 {
    let edges: [UInt64] = [
      0, 1, .max, 1 << 63, .max >> 1, 1 << 31, 0x7FFF_FFFF, 0xFFFF_FFFF, 0xFFFF_FFFF_8000_0000,
    ]
    var result = random.next()
    switch UInt8.random(in: 0...7, using: &random) {
    case 0: return edges[Int.random(in: 0..<edges.count, using: &random)]
    case 1: return 1 << UInt64.random(in: 0...63, using: &random)
    case 2: result &= random.next() & random.next()
    case 3: result |= random.next() | random.next()
    case 4: result &= 0xFF
    case 5: result >>= UInt64.random(in: 0...63, using: &random)
    default: break
    }
    return result
  }
}
