import DifferentialTesting
import MachineModel
import Terms

/// Where a differential test has its code and its data, and the words of random states: general
/// registers, flags, vector registers where the instruction has some, memory.
package struct RandomState {
  package static let code: UInt64 = 0x4000_0000
  /// Where the words of the vector registers begin.
  static let firstVectorWord = 33

  let instruction: Instruction
  /// Whether vector registers are set and compared.
  let hasVectors: Bool
  let scratchByteCount: Int
  /// The start of the memory that the instruction reaches.
  let scratch: UInt64
  private var random: RandomBits

  /// Nil if the instruction cannot be run alone: it branches into itself, or reads its own page.
  init?(_ instruction: Instruction, seed: UInt64) {
    self.instruction = instruction
    hasVectors = !["", "A1", "A2"].contains(instruction.form.family.tier)
    scratchByteCount = hasVectors ? 128 : 64
    random = RandomBits(seed: seed)
    var scratch: UInt64 = 0x5000_0000
    for case .memory(let memory) in instruction.operands {
      if memory.isRelative, memory.width > 0 {
        scratch = (UInt64(bitPattern: memory.displacement) & ~7) &- 16
      }
      if let index = memory.index, index.cell != nil, index.cell == memory.base?.cell,
        memory.mode != .postIndex
      {
        return nil
      }
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
    words.append(UInt64.random(in: 0...31, using: &random) << 27)
    if hasVectors { for _ in 0..<64 { words.append(laneValue()) } }
    for case .memory(let memory) in instruction.operands {
      if let base = memory.base?.cell?.index { aim(memory, base, &words) }
    }
    if RandomState.isIndirect(instruction), case .register(let register) = instruction[0],
      let cell = register.cell
    {
      words[cell.index] = RandomState.code + 0x10_0000
    }
    if UInt8.random(in: 0...3, using: &random) == 0 { equalise(&words) }
    for _ in 0..<(scratchByteCount / 8) { words.append(value()) }
    return words
  }

  /// Sets the base so that the access falls into the scratch; the stack pointer stays aligned.
  private mutating func aim(_ memory: MemoryOperand, _ base: Int, _ words: inout [UInt64]) {
    var offset = memory.mode == .postIndex ? 0 : UInt64(bitPattern: memory.displacement)
    if let index = memory.index, memory.mode != .postIndex {
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
    var place = scratch &+ UInt64.random(in: 0...32, using: &random)
    if isOrdered { place &= ~15 }
    words[base] = place &- offset
    if base == 31 { words[base] = (words[base] &+ 15) & ~15 }
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
    let common = hasVectors ? laneValue() : value()
    guard instruction.form.family.flow == .sequential else { return }
    for cell in cells {
      words[cell < 32 ? cell : RandomState.firstVectorWord + 2 * (cell - 36)] = common
    }
  }

  /// A word of lanes that are at edges, or small, or anything.
  private mutating func laneValue() -> UInt64 {
    let width = UInt64(8) << UInt64.random(in: 0...3, using: &random)
    let kind = UInt8.random(in: 0...7, using: &random)
    if kind < 3 { return value() }
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: Int(width)) {
      let top: UInt64 = 1 << (width - 1)
      let edges = [0, 1, top, top - 1, 2 * (top - 1) + 1, top + 1]
      let lane: UInt64 =
        switch kind {
        case 3, 4: edges[Int.random(in: 0..<edges.count, using: &random)]
        case 5, 6:
          UInt64(bitPattern: Int64.random(in: -Int64(width) - 2...Int64(width) + 2, using: &random))
        default: random.next() & random.next()
        }
      result |= (lane & (2 * (top - 1) + 1)) << shift
    }
    return result
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
