/// A run of bytes at an address, as the program would find it in memory; never writable.
public struct Segment: Sendable, Hashable {
  public let name: String
  public let address: UInt64
  public let bytes: [UInt8]
  public let isExecutable: Bool
  /// Of an entry of a mergeable section, which a linker puts where it likes, into an equal one too:
  /// it stands at some multiple of this many bytes from its address, wherever the code does; nil for
  /// what keeps its distance from the code.
  public let ownStep: UInt64?
  /// Whether it holds `bytes`; what else it holds is unknown, and never changes.
  public let isKnown: Bool

  public init(
    name: String, address: UInt64, bytes: [UInt8], isExecutable: Bool, ownStep: UInt64? = nil,
    isKnown: Bool = true
  ) {
    self.isKnown = isKnown
    self.name = name
    self.address = address
    self.bytes = bytes
    self.isExecutable = isExecutable
    self.ownStep = ownStep
  }

  /// The address one past the last byte.
  public var end: UInt64 { address &+ UInt64(bytes.count) }

  public func contains(_ address: UInt64) -> Bool {
    address >= self.address && address &- self.address < UInt64(bytes.count)
  }
}

/// Bytes whose final value the file does not tell.
public struct UnresolvedReference: Sendable, Hashable {
  /// Why it does not.
  public enum Cause: Sendable, Hashable {
    /// Another file defines the symbol.
    case undefined
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

  /// Whether it is a function of a standard library that ends the program instead of returning, such as `abort`.
  public var endsProgram: Bool { cause == .undefined && NoReturn.contains(symbol) }

  /// What to say of code that needs the bytes, after "refers to".
  public var text: String {
    switch cause {
    case .undefined:
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

/// A line of source that a code address came from.
public struct SourceLine: Sendable, Hashable {
  public let file: String
  public let line: Int

  public init(file: String, line: Int) {
    self.file = file
    self.line = line
  }
}

/// The machine code under verification with the read-only data that belongs to it.
///
/// Segments do not overlap and are sorted by address. What is read from a byte of `unresolved` is
/// not known, so neither decoding nor loading such a byte may succeed.
public struct Code: Sendable {
  /// The name to show: a file, or a file and a symbol.
  public let name: String
  public let segments: [Segment]
  /// The address of the first instruction.
  public let entry: UInt64
  /// The addresses that belong to the kernel itself: a symbol's extent, or all of a raw file.
  public let extent: Range<UInt64>
  public let unresolved: [UnresolvedReference]
  /// Sorted by address.
  public let linkedFields: [LinkedField]
  /// Where data holds addresses in the code's file, eight bytes each: they move with what they are addresses of.
  /// Sorted.
  public let addressWords: [UInt64]
  /// The code may stand at any multiple of this many bytes (a power of two) from the addresses given
  /// here, and what it does must not depend on where; nil if it stands exactly there.
  public let slideStep: UInt64?
  /// Source lines by the address of the first byte they cover; empty without debug information.
  public let lines: [UInt64: SourceLine]

  public init(
    name: String, segments: [Segment], entry: UInt64, extent: Range<UInt64>,
    unresolved: [UnresolvedReference] = [], linkedFields: [LinkedField] = [],
    addressWords: [UInt64] = [], slideStep: UInt64? = Code.page, lines: [UInt64: SourceLine] = [:]
  ) {
    self.name = name
    self.segments = segments
    self.entry = entry
    self.extent = extent
    self.unresolved = unresolved
    self.linkedFields = linkedFields.sorted { $0.address < $1.address }
    self.addressWords = addressWords.sorted()
    self.slideStep = slideStep
    self.lines = lines
  }

  /// Code that is nothing but `bytes`, entered at its first byte: placed at `address` or, if it is
  /// relocatable, any number of pages from there.
  public init(
    bytes: [UInt8], at address: UInt64 = 0, name: String = "code", isRelocatable: Bool = true
  ) {
    self.init(
      name: name,
      segments: [Segment(name: name, address: address, bytes: bytes, isExecutable: true)],
      entry: address, extent: address..<address + UInt64(bytes.count),
      slideStep: isRelocatable ? Code.page : nil)
  }

  /// The unit in which loaders place code, in bytes.
  public static let page: UInt64 = 4096

  /// The first reference that some of these bytes, read as data, belong to; nil where all are known.
  public func unresolved(at address: UInt64, _ byteCount: Int) -> UnresolvedReference? {
    let isInCode = segments.contains {
      $0.contains(address) || $0.address &- address < UInt64(byteCount)
    }
    guard isInCode else { return nil }
    let found = unresolved.first { reference in
      address &- reference.address < UInt64(reference.byteCount)
        || reference.address &- address < UInt64(byteCount)
    }
    let (end, wraps) = address.addingReportingOverflow(UInt64(byteCount))
    guard found == nil, !wraps, let field = fields(in: address..<end).first else { return found }
    return UnresolvedReference(
      address: field.address, byteCount: field.byteCount,
      symbol: "0x" + String(field.address, radix: 16), cause: .field)
  }

  /// The most bytes that a field has.
  private static let longestField: UInt64 = 16

  /// The fields that linkers fill of which some bytes lie in a range.
  public func fields(in range: Range<UInt64>) -> ArraySlice<LinkedField> {
    func index(notBefore address: UInt64) -> Int {
      var (low, high) = (0, linkedFields.count)
      while low < high {
        let middle = (low + high) / 2
        if linkedFields[middle].address < address { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let first = range.lowerBound - Swift.min(range.lowerBound, Code.longestField)
    let near = linkedFields[index(notBefore: first)..<index(notBefore: range.upperBound)]
    return near.drop { $0.range.upperBound <= range.lowerBound }
  }

  /// The address that the file has in the address word at a place.
  public func addressWord(at place: UInt64) -> UInt64 {
    guard let segment = segment(at: place) else { return 0 }
    let start = Int(place - segment.address)
    return segment.bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The segments as they are if the code stands `slide` bytes from its addresses, with bytes for what is not known.
  public func segments(at slide: UInt64, unknown: (UInt64) -> UInt8 = { _ in 0 }) -> [Segment] {
    if addressWords.isEmpty, segments.allSatisfy(\.isKnown) { return segments }
    return segments.map { segment in
      let words = addressWords.filter { segment.contains($0) }
      if segment.isKnown, words.isEmpty { return segment }
      var bytes = segment.bytes
      if !segment.isKnown {
        for index in bytes.indices {
          bytes[index] = unknown(segment.address &+ slide &+ UInt64(index))
        }
      }
      for word in words {
        let value = addressWord(at: word) &+ slide
        for index in 0..<8 {
          bytes[Int(word - segment.address) + index] = UInt8(
            truncatingIfNeeded: value >> UInt64(8 * index))
        }
      }
      return Segment(
        name: segment.name, address: segment.address, bytes: bytes,
        isExecutable: segment.isExecutable, ownStep: segment.ownStep)
    }
  }

  /// The segment that holds `address`, if any.
  public func segment(at address: UInt64) -> Segment? {
    segments.first { $0.contains(address) }
  }
}
