import Terms

/// The operands of an instruction, in place: at most six, one of them in memory, and immediates of
/// at most 64 bits.
///
/// Building and copying it allocates nothing and counts no references: 96 bytes.
public struct Operands: Sendable {
  public static let capacity = 6

  @usableFromInline
  enum Kind: UInt16 {
    case register, immediate, memory, target, modified, code

    /// The kind where `details` has it, with nothing else.
    @inlinable var details: UInt16 { rawValue << 12 }
  }

  /// A register, a constant, an address or a code, by position.
  @usableFromInline var values = InlineArray<6, UInt64>(repeating: 0)
  /// The kind in the highest four bits; the width of an immediate, or amount (8 bits) and modifier
  /// (4) of a register, by position.
  @usableFromInline var details = InlineArray<6, UInt16>(repeating: 0)
  @usableFromInline var storedCount: UInt8 = 0
  @usableFromInline var hasMemory = false
  @usableFromInline var memory = MemoryOperand(width: 0)

  @inlinable public init() {}

  public init(_ operands: some Sequence<Operand>) {
    for operand in operands { append(operand) }
  }

  @inlinable public var count: Int { Int(storedCount) }

  // MARK: Adding

  public mutating func append(_ operand: Operand) {
    switch operand {
    case .register(let register): append(register)
    case .immediate(let value):
      precondition(value.width <= 64, "an immediate of \(value.width) bits")
      append(immediate: value.low, width: value.width)
    case .memory(let memory): append(memory)
    case .target(let address): append(target: address)
    case .modified(let register, let modifier, let amount):
      append(register, modifier, amount: amount)
    case .code(let code): append(code: code)
    }
  }

  @inlinable public mutating func append(_ register: Register) {
    append(register.bits, Kind.register.details)
  }

  /// Adds a register that is shifted or extended by a constant below 256.
  @inlinable
  public mutating func append(_ register: Register, _ modifier: Modifier, amount: Int) {
    append(register.bits, Kind.modified.details | modifier.number << 8 | UInt16(UInt8(amount)))
  }

  /// Adds a constant of at most 64 bits; bits of `value` above the width do not count.
  @inlinable public mutating func append(immediate value: UInt64, width: Int) {
    append(value & (.max >> UInt64(64 - width)), Kind.immediate.details | UInt16(width))
  }

  @inlinable public mutating func append(_ operand: MemoryOperand) {
    precondition(!hasMemory, "two operands in memory")
    hasMemory = true
    memory = operand
    append(0, Kind.memory.details)
  }

  @inlinable public mutating func append(target address: UInt64) {
    append(address, Kind.target.details)
  }

  @inlinable public mutating func append(code: Int) {
    append(UInt64(bitPattern: Int64(code)), Kind.code.details)
  }

  @inlinable mutating func append(_ value: UInt64, _ details: UInt16) {
    precondition(count < Operands.capacity, "more than six operands")
    values[count] = value
    self.details[count] = details
    storedCount &+= 1
  }
}

extension Operands: RandomAccessCollection {
  public var startIndex: Int { 0 }
  public var endIndex: Int { count }

  public subscript(position: Int) -> Operand {
    precondition(position >= 0 && position < count, "operand \(position) of \(count)")
    let (value, details) = (values[position], details[position])
    switch Kind(rawValue: details >> 12) {
    case .register: return .register(Register(bits: value))
    case .immediate: return .immediate(BitVector(value, width: Int(details & 0xFF)))
    case .target: return .target(value)
    case .modified:
      return .modified(
        Register(bits: value), Modifier.allCases[Int(details >> 8 & 15)],
        amount: Int(details & 0xFF))
    case .code: return .code(Int(Int64(bitPattern: value)))
    case .memory, nil: return .memory(memory)
    }
  }
}

extension Operands: Hashable {
  public static func == (left: Operands, right: Operands) -> Bool {
    guard left.count == right.count, left.memory == right.memory else { return false }
    return (0..<left.count).allSatisfy {
      left.values[$0] == right.values[$0] && left.details[$0] == right.details[$0]
    }
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for index in 0..<count {
      hasher.combine(values[index])
      hasher.combine(details[index])
    }
    hasher.combine(memory)
  }
}

extension Operands: ExpressibleByArrayLiteral {
  public init(arrayLiteral operands: Operand...) { self.init(operands) }
}

extension Modifier {
  /// The position among all cases.
  @inlinable var number: UInt16 {
    switch self {
    case .lsl: 0
    case .lsr: 1
    case .asr: 2
    case .ror: 3
    case .uxtb: 4
    case .uxth: 5
    case .uxtw: 6
    case .uxtx: 7
    case .sxtb: 8
    case .sxth: 9
    case .sxtw: 10
    case .sxtx: 11
    }
  }
}
