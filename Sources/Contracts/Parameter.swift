import Terms

/// An integer type of C: its width in bits (8 to 128) and how it is read.
public struct IntegerType: Hashable, Sendable {
  public let width: Int
  public let isSigned: Bool
  /// Whether it is `bool`: eight bits that are 0 or 1.
  public let isBool: Bool

  public init(width: Int, isSigned: Bool, isBool: Bool = false) {
    self.width = width
    self.isSigned = isSigned
    self.isBool = isBool
  }
}

/// Memory that a parameter points to.
public struct BufferType: Hashable, Sendable {
  public let element: IntegerType
  /// The length in elements.
  public let length: LengthExpression
  /// Whether the code may not write it.
  public let isConst: Bool
  /// Whether it overlaps no other buffer.
  public let isRestrict: Bool

  public init(
    element: IntegerType, length: LengthExpression, isConst: Bool, isRestrict: Bool
  ) {
    self.element = element
    self.length = length
    self.isConst = isConst
    self.isRestrict = isRestrict
  }

  /// The size of one element in bytes.
  public var elementBytes: Int { element.width / 8 }
}

/// What the code is given: an integer, or the address of a buffer.
public struct Parameter: Hashable, Sendable {
  public enum Kind: Hashable, Sendable {
    case integer(IntegerType)
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

  /// The integer type, if it is an integer.
  public var integer: IntegerType? {
    if case .integer(let type) = kind { return type }
    return nil
  }

  /// The buffer, if it is the address of one.
  public var buffer: BufferType? {
    if case .buffer(let type) = kind { return type }
    return nil
  }

  /// The width in bits of what is passed: the integer's, or 64 for an address.
  public var width: Int { integer?.width ?? 64 }
}

/// A value that the code hands back: a function's `result`, or an output of a fragment.
public struct Output: Hashable, Sendable {
  public let name: String
  public let type: IntegerType
  public let position: SourcePosition

  public init(name: String, type: IntegerType, position: SourcePosition) {
    self.name = name
    self.type = type
    self.position = position
  }
}
