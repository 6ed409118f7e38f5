import Terms

/// What an instruction works on, as the decoder found it.
public enum Operand: Hashable, Sendable {
  case register(Register)
  /// A constant at the width at which the instruction uses it.
  case immediate(BitVector)
  case memory(MemoryOperand)
  /// The address that a direct branch goes to.
  case target(UInt64)
  /// A register shifted or extended by a constant before use.
  case modified(Register, Modifier, amount: Int)
  /// A small field with a meaning of its own: a condition, a hint, a prefetch operation.
  case code(Int)

  /// The address that it is or refers to, where that was given relative to the program counter.
  package var relativeAddress: UInt64? {
    switch self {
    case .target(let address): address
    case .memory(let memory): memory.isRelative ? UInt64(bitPattern: memory.displacement) : nil
    case .register, .immediate, .modified, .code: nil
    }
  }
}

/// How a register is changed before it is used.
public enum Modifier: String, Hashable, Sendable, CaseIterable {
  case lsl, lsr, asr, ror
  case uxtb, uxth, uxtw, uxtx, sxtb, sxth, sxtw, sxtx
}

/// A reference to memory: `base + (index extended << scale) + displacement`.
public struct MemoryOperand: Hashable, Sendable {
  /// Whether and when the base register is updated with the address.
  public enum Mode: Hashable, Sendable {
    case offset, preIndex, postIndex
  }

  /// Added to the address; the whole address where `isRelative`.
  public var displacement: Int64
  /// Zero for no register, which no register is.
  @usableFromInline package var baseBits: UInt64 = 0
  @usableFromInline package var indexBits: UInt64 = 0
  /// How a narrow index becomes an address; nil where it has the address's width.
  public var extend: Modifier?
  public var mode: Mode
  /// Whether the address was given relative to the program counter; it is in `displacement`.
  public var isRelative: Bool
  /// Whether it is the guard that the stack protector keeps in the thread's own data (`fs:[40]` on x86-64);
  /// nothing else there can be referred to.
  public var isStackGuard = false
  @usableFromInline var storedScale: UInt8 = 0
  @usableFromInline var storedAddressWidth: UInt8 = 0
  @usableFromInline var storedWidth: UInt16 = 0

  public var base: Register? {
    @inlinable get { baseBits == 0 ? nil : Register(bits: baseBits) }
    @inlinable set { baseBits = newValue?.bits ?? 0 }
  }

  public var index: Register? {
    @inlinable get { indexBits == 0 ? nil : Register(bits: indexBits) }
    @inlinable set { indexBits = newValue?.bits ?? 0 }
  }

  /// The index is shifted left by this many bits.
  public var scale: Int {
    @inlinable get { Int(storedScale) }
    @inlinable set { storedScale = UInt8(newValue) }
  }

  /// The width in bits at which addresses are computed before zero extension to 64.
  public var addressWidth: Int {
    @inlinable get { Int(storedAddressWidth) }
    @inlinable set { storedAddressWidth = UInt8(newValue) }
  }

  /// The width in bits of what is accessed; zero where only the address is used.
  public var width: Int {
    @inlinable get { Int(storedWidth) }
    @inlinable set { storedWidth = UInt16(newValue) }
  }

  @inlinable
  public init(
    base: Register? = nil, index: Register? = nil, extend: Modifier? = nil, scale: Int = 0,
    displacement: Int64 = 0, mode: Mode = .offset, isRelative: Bool = false,
    addressWidth: Int = 64, width: Int
  ) {
    self.extend = extend
    self.displacement = displacement
    self.mode = mode
    self.isRelative = isRelative
    self.base = base
    self.index = index
    self.scale = scale
    self.addressWidth = addressWidth
    self.width = width
  }
}
