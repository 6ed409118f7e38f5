/// Bytes whose final value the file does not tell.
public struct UnresolvedReference: Sendable, Hashable {
  /// Why it does not.
  public enum Cause: Sendable, Hashable {
    /// Another file defines the symbol.
    case undefined
    /// Another file defines the symbol, a function that ends the program instead of returning.
    case ending
    /// The symbol is in data that programs or loaders change.
    case writable
    /// Linkers put the symbol where they like.
    case merged
    /// The kind of reference, which is named instead of a symbol or with it, is not followed.
    case kind
    /// They belong to an instruction, and were read as data.
    case field
  }

  public let address: UInt64
  public let byteCount: Int
  public let symbol: String
  public let cause: Cause

  public init(address: UInt64, byteCount: Int, symbol: String, cause: Cause = .undefined) {
    self.address = address
    self.byteCount = byteCount
    self.symbol = symbol
    self.cause = cause
  }

  /// What to say of code that needs the bytes, after "refers to".
  public var text: String {
    switch cause {
    case .undefined, .ending:
      "'\(symbol)', which the file does not define: "
        + "join it with an object that does (ld -r -o BOTH.o THIS.o OTHER.o)"
    case .writable:
      "'\(symbol)', which is not constant: what it holds is nothing that a specification says"
    case .merged:
      "'\(symbol)', which linkers merge with others: only code that makes its address from the code's own "
        + "is followed (compile with -fpie)"
    case .kind: "'\(symbol)', in a way that is not followed"
    case .field: "the field of an instruction at \(symbol), which linkers fill"
    }
  }
}

/// A field of an instruction that a linker fills. What stands in it is known as part of that instruction only.
public struct LinkedField: Sendable, Hashable {
  public enum Kind: String, Sendable {
    /// A distance; it means something as the displacement of a PC-relative operand or as an immediate that makes
    /// an address.
    case displacement
    /// The distance to a branch's target, for which a linker may put a veneer's.
    case branch
    /// A whole instruction that loads an address, for which a linker may put another that has the same result.
    case load
  }

  /// The address of its first byte.
  public let address: UInt64
  public let byteCount: Int
  public let kind: Kind
  /// Whether it leads to a segment with a step of its own.
  public let isMerged: Bool

  public init(address: UInt64, byteCount: Int = 4, kind: Kind, isMerged: Bool = false) {
    self.address = address
    self.byteCount = byteCount
    self.kind = kind
    self.isMerged = isMerged
  }

  public var range: Range<UInt64> { address..<address + UInt64(byteCount) }
}
