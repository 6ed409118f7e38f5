/// A term of quantifier-free bit-vectors and arrays: a node of the `TermManager` that made it.
///
/// Equal terms of one manager are structurally equal after simplification. A term is meaningless
/// to any other manager.
public struct Term: Hashable, Sendable {
  let index: UInt32

  init(_ index: Int) { self.index = UInt32(index) }

  /// The position in the arena; children come before their parents.
  public var position: Int { Int(index) }
}

/// The sort of a term.
public enum Sort: Hashable, Sendable {
  case bool
  case bitVector(Int)
  /// Index width and element width, both in bits.
  case array(index: Int, element: Int)

  /// The width in bits of a bit-vector; one for a Boolean.
  public var width: Int {
    switch self {
    case .bool: 1
    case .bitVector(let width): width
    case .array: preconditionFailure("an array has no width")
    }
  }

  /// SMT-LIB notation.
  public var smtlib: String {
    switch self {
    case .bool: "Bool"
    case .bitVector(let width): "(_ BitVec \(width))"
    case .array(let index, let element):
      "(Array (_ BitVec \(index)) (_ BitVec \(element)))"
    }
  }
}

/// Why a variable is not determined by what the specification fixes.
public enum Origin: Hashable, Sendable {
  /// An input: the specification or the initial state names it.
  case input
  /// A value the manual leaves undefined, or that nothing initialised; the reason in words.
  case undefined(String)
  /// What the program's surroundings choose anew each time, such as whether a store-exclusive
  /// fails; the reason in words. Every outcome counts, and none of them for ever.
  case environment(String)
}

/// A free variable of a `TermManager`.
public struct Variable: Hashable, Sendable {
  public let name: String
  public let sort: Sort
  public let origin: Origin

  public var isUndefined: Bool { if case .undefined = origin { true } else { false } }
  public var isEnvironment: Bool { if case .environment = origin { true } else { false } }
}
