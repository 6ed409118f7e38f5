import Terms

/// The operands of an instruction, in place: at most eight, one of them in memory, and immediates of
/// at most 64 bits.
///
/// Building and copying it allocates nothing and counts no references.
public struct Operands: Sendable {
  public static let capacity = 8

  /// An operand but for a memory operand's content.
  struct Slot: Hashable, Sendable {
    var value: UInt64
    /// The place of a register or the width of an immediate; from bit 44 amount (8 bits), modifier
    /// (4), and kind.
    var details: UInt64
  }

  enum Kind: UInt64 {
    case register, immediate, memory, target, modified, code
  }

  private var slots = InlineArray<8, Slot>(repeating: Slot(value: 0, details: 0))
  private var memory = MemoryOperand(width: 0)
  private var hasMemory = false
  public private(set) var count = 0

  public init() {}

  public init(_ operands: some Sequence<Operand>) {
    for operand in operands { append(operand) }
  }

  // MARK: Adding

  public mutating func append(_ operand: Operand) {
    switch operand {
    case .register(let register): append(register)
    case .immediate(let value):
      precondition(value.width <= 64, "an immediate of \(value.width) bits")
      append(immediate: value.low, width: value.width)
    case .memory(let memory): append(memory)
    case .target(let address): append(.target, address)
    case .modified(let register, let modifier, let amount):
      append(register, modifier, amount: amount)
    case .code(let code): append(.code, UInt64(bitPattern: Int64(code)))
    }
  }

  public mutating func append(_ register: Register) {
    append(.register, register.nameBits, register.placeBits)
  }

  /// Adds a register that is shifted or extended by a constant.
  public mutating func append(_ register: Register, _ modifier: Modifier, amount: Int) {
    precondition(amount >= 0 && amount < 256, "an amount of \(amount)")
    append(
      .modified, register.nameBits,
      register.placeBits | UInt64(amount) << 44 | modifier.number << 52)
  }

  /// Adds a constant of at most 64 bits; bits of `value` above the width do not count.
  public mutating func append(immediate value: UInt64, width: Int) {
    append(.immediate, value & (.max >> UInt64(64 - width)), UInt64(width))
  }

  public mutating func append(_ operand: MemoryOperand) {
    precondition(!hasMemory, "two operands in memory")
    hasMemory = true
    memory = operand
    append(.memory, 0)
  }

  public mutating func append(target address: UInt64) { append(.target, address) }

  public mutating func append(code: Int) { append(.code, UInt64(bitPattern: Int64(code))) }

  private mutating func append(_ kind: Kind, _ value: UInt64, _ details: UInt64 = 0) {
    precondition(count < Operands.capacity, "more than \(Operands.capacity) operands")
    slots[count] = Slot(value: value, details: details | kind.rawValue << 56)
    count += 1
  }
}

extension Operands: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(position: Int) -> Operand {
    precondition(position >= 0 && position < count, "operand \(position) of \(count)")
    let slot = slots[position]
    switch Kind(rawValue: slot.details >> 56) {
    case .register: return .register(register(slot))
    case .immediate: return .immediate(BitVector(slot.value, width: Int(slot.details & 0xFF)))
    case .target: return .target(slot.value)
    case .modified:
      return .modified(
        register(slot), Modifier.allCases[Int(slot.details >> 52 & 15)],
        amount: Int(slot.details >> 44 & 0xFF))
    case .code: return .code(Int(Int64(bitPattern: slot.value)))
    case .memory, nil: return .memory(memory)
    }
  }

  private func register(_ slot: Slot) -> Register {
    Register(nameBits: slot.value, placeBits: slot.details & (1 << 44 - 1))
  }
}

extension Operands: Hashable {
  public static func == (left: Operands, right: Operands) -> Bool {
    guard left.count == right.count, left.memory == right.memory else { return false }
    for index in 0..<left.count where left.slots[index] != right.slots[index] { return false }
    return true
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for index in 0..<count { hasher.combine(slots[index]) }
    hasher.combine(memory)
  }
}

extension Operands: ExpressibleByArrayLiteral {
  public init(arrayLiteral operands: Operand...) { self.init(operands) }
}

extension Modifier {
  /// The position among all cases.
  fileprivate var number: UInt64 {
    UInt64(Modifier.allCases.firstIndex(of: self) ?? 0)
  }
}
