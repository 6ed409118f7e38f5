/// A run of bytes at an address, as the program would find it in memory; never writable.
public struct Segment: Sendable, Hashable {
  public let name: String
  public let address: UInt64
  public let bytes: [UInt8]
  public let isExecutable: Bool

  public init(name: String, address: UInt64, bytes: [UInt8], isExecutable: Bool) {
    self.name = name
    self.address = address
    self.bytes = bytes
    self.isExecutable = isExecutable
  }

  /// The address one past the last byte.
  public var end: UInt64 { address &+ UInt64(bytes.count) }

  public func contains(_ address: UInt64) -> Bool {
    address >= self.address && address &- self.address < UInt64(bytes.count)
  }
}

/// Bytes whose final value depends on a symbol that the file does not define.
public struct UnresolvedReference: Sendable, Hashable {
  public let address: UInt64
  public let byteCount: Int
  public let symbol: String

  public init(address: UInt64, byteCount: Int, symbol: String) {
    self.address = address
    self.byteCount = byteCount
    self.symbol = symbol
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
  /// Whether the code may stand at any multiple of 4 KiB from the addresses given here, as
  /// position-independent code does; what it does must then not depend on where.
  public let isRelocatable: Bool
  /// Source lines by the address of the first byte they cover; empty without debug information.
  public let lines: [UInt64: SourceLine]

  public init(
    name: String, segments: [Segment], entry: UInt64, extent: Range<UInt64>,
    unresolved: [UnresolvedReference] = [], isRelocatable: Bool = true,
    lines: [UInt64: SourceLine] = [:]
  ) {
    self.name = name
    self.segments = segments
    self.entry = entry
    self.extent = extent
    self.unresolved = unresolved
    self.isRelocatable = isRelocatable
    self.lines = lines
  }

  /// Code that is nothing but `bytes`, placed at `address` and entered at its first byte.
  public init(
    bytes: [UInt8], at address: UInt64 = 0, name: String = "code", isRelocatable: Bool = true
  ) {
    self.init(
      name: name,
      segments: [Segment(name: name, address: address, bytes: bytes, isExecutable: true)],
      entry: address, extent: address..<address + UInt64(bytes.count),
      isRelocatable: isRelocatable)
  }

  /// The segment that holds `address`, if any.
  public func segment(at address: UInt64) -> Segment? {
    segments.first { $0.contains(address) }
  }
}
