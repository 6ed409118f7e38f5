/// A decoded instruction: a form, its operands, and where it stands.
///
/// Two cache lines without references.
public struct Instruction: Sendable, Hashable {
  /// The operands in the order of the form's syntax, implicit ones not included.
  public var operands: Operands
  public let form: Form
  public let address: UInt64
  /// Prefixes that change neither length of operands nor meaning, by the ISA's own numbering
  /// (LOCK, a branch hint, a redundant REX); zero where there is nothing to say.
  public var annotation: Int
  @usableFromInline var storedLength: UInt8

  public init(
    form: Form, operands: [Operand], address: UInt64, length: Int, annotation: Int = 0
  ) {
    self.init(
      form: form, operands: Operands(operands), address: address, length: length,
      annotation: annotation)
  }

  public init(
    form: Form, operands: Operands, address: UInt64, length: Int, annotation: Int = 0
  ) {
    self.form = form
    self.operands = operands
    self.address = address
    self.annotation = annotation
    storedLength = UInt8(length)
  }

  /// An instruction whose operands are yet to be read.
  @inlinable
  package init(form: Form, address: UInt64, length: Int = 0) {
    self.form = form
    operands = Operands()
    self.address = address
    annotation = 0
    storedLength = UInt8(length)
  }

  /// The length in bytes.
  public var length: Int {
    @inlinable get { Int(storedLength) }
    @inlinable set { storedLength = UInt8(newValue) }
  }

  /// The address after the last byte.
  public var end: UInt64 { address &+ UInt64(length) }

  public subscript(operand: Int) -> Operand { operands[operand] }

  /// The address a direct branch goes to.
  public var target: UInt64? {
    for case .target(let address) in operands { return address }
    return nil
  }
}

/// Why bytes are not an instruction of the tables.
public struct DecodingError: Error, Sendable, Hashable {
  public enum Kind: Sendable, Hashable {
    /// The bytes end before the instruction does.
    case truncated
    /// No row of the tables has this encoding.
    case unsupported
    /// The manual reserves or leaves unallocated this encoding, or makes it UNPREDICTABLE.
    case invalid
  }

  public let kind: Kind
  public let address: UInt64
  /// The bytes in question, at most 15.
  public let bytes: [UInt8]
  /// What was expected or found, in words.
  public let reason: String

  public init(_ kind: Kind, address: UInt64, bytes: [UInt8], reason: String) {
    self.kind = kind
    self.address = address
    self.bytes = bytes
    self.reason = reason
  }

  /// - Parameter bytes: what was to be decoded, of which the first 15 are kept.
  package init(_ kind: Kind, address: UInt64, bytes: RawSpan, reason: String) {
    let first = bytes.extracting(first: 15).withUnsafeBytes { Array($0) }
    self.init(kind, address: address, bytes: first, reason: reason)
  }
}

/// Why a line of assembly, or an instruction value, has no encoding.
public struct AssemblyError: Error, Sendable, Hashable {
  /// The column in the line, from 1; zero where there is none.
  public let column: Int
  public let reason: String

  public init(column: Int = 0, reason: String) {
    self.column = column
    self.reason = reason
  }
}
