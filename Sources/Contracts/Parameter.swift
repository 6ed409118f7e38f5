import Terms

/// A type of C that is passed by value: its width in bits (8 to 512), how it is read, and in which
/// registers it travels.
public struct ValueType: Hashable, Sendable {
  /// What the bits stand for.
  public enum Kind: Hashable, Sendable {
    case integer
    /// IEEE 754: `float` or `double` by the width.
    case floating
    /// Lanes of a SIMD register.
    case vector
  }

  public let kind: Kind
  public let width: Int
  public let isSigned: Bool
  /// Whether it is `bool`: eight bits that are 0 or 1.
  public let isBool: Bool

  public init(width: Int, isSigned: Bool, isBool: Bool = false) {
    kind = .integer
    self.width = width
    self.isSigned = isSigned
    self.isBool = isBool
  }

  /// A type whose bits are no integer.
  public init(_ kind: Kind, width: Int) {
    self.kind = kind
    self.width = width
    isSigned = false
    isBool = false
  }
}

/// Memory that a parameter points to.
public struct BufferType: Hashable, Sendable {
  public let element: ValueType
  /// The length in elements.
  public let length: LengthExpression
  /// Whether the code may not write it.
  public let isConst: Bool
  /// Whether it overlaps no other buffer.
  public let isRestrict: Bool

  public init(
    element: ValueType, length: LengthExpression, isConst: Bool, isRestrict: Bool
  ) {
    self.element = element
    self.length = length
    self.isConst = isConst
    self.isRestrict = isRestrict
  }

  /// The size of one element in bytes.
  public var elementBytes: Int { element.width / 8 }
}

/// What the code is given: a value, or the address of a buffer.
public struct Parameter: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case value(ValueType)
    case buffer(BufferType)
  }

  public let name: String
  public let kind: Kind
  /// Where the specification names it.
  public let position: SourcePosition

  public init(name: String, kind: Kind, position: SourcePosition) {
    self.name = name
    self.kind = kind
    self.position = position
  }

  /// The type of the value, if it is one.
  public var value: ValueType? {
    if case .value(let type) = kind { return type }
    return nil
  }

  /// The buffer, if it is the address of one.
  public var buffer: BufferType? {
    if case .buffer(let type) = kind { return type }
    return nil
  }

  /// The width in bits of what is passed: the value's, or 64 for an address.
  public var width: Int { value?.width ?? 64 }
}

/// A value that the code hands back: a function's `result`, or an output of a fragment.
public struct Output: Hashable, Sendable {
  public let name: String
  public let type: ValueType
  public let position: SourcePosition

  public init(name: String, type: ValueType, position: SourcePosition) {
    self.name = name
    self.type = type
    self.position = position
  }
}
