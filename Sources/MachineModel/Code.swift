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
    if unresolved.isEmpty, linkedFields.isEmpty { return nil }
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

  /// The address words that lie whole in a segment, each with the address that the file has there.
  public func addressWords(in segment: Segment) -> [(place: UInt64, address: UInt64)] {
    addressWords[index(of: segment.address)..<index(of: segment.end)].compactMap { place in
      let start = Int(place - segment.address)
      guard start + 8 <= segment.bytes.count else { return nil }
      return (
        place, segment.bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      )
    }
  }

  /// The index of the first address word that is not before an address.
  private func index(of address: UInt64) -> Int {
    var (low, high) = (0, addressWords.count)
    while low < high {
      let middle = (low + high) / 2
      if addressWords[middle] < address { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The segments as they are if the code stands `slide` bytes from its addresses, with bytes for what is not known.
  public func segments(at slide: UInt64, unknown: (UInt64) -> UInt8 = { _ in 0 }) -> [Segment] {
    if addressWords.isEmpty, segments.allSatisfy(\.isKnown) { return segments }
    return segments.map { segment in
      let words = addressWords(in: segment)
      if segment.isKnown, words.isEmpty { return segment }
      var bytes = segment.bytes
      if !segment.isKnown {
        for index in bytes.indices {
          bytes[index] = unknown(segment.address &+ slide &+ UInt64(index))
        }
      }
      for word in words {
        let value = word.address &+ slide
        for index in 0..<8 {
          bytes[Int(word.place - segment.address) + index] = UInt8(
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
