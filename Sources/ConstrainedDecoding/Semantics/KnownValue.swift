/// What is known of a 64-bit value: nothing, an address in a region, or what a register held at entry.
struct KnownValue: Hashable, Sendable {
  enum Kind: UInt8 {
    case unknown, stack, buffer, entry
    /// A pointer of a buffer plus anything.
    case within
  }

  let kind: Kind
  /// The buffer, or the cell that held it at entry.
  let index: UInt16
  /// From the stack pointer at entry, or from the buffer's first byte.
  let offset: Int32

  static let unknown = KnownValue(.unknown)

  /// All of it in one word, for quick hashes.
  private var word: UInt64 {
    UInt64(kind.rawValue) << 48 | UInt64(index) << 32 | UInt64(UInt32(bitPattern: offset))
  }

  static func == (left: KnownValue, right: KnownValue) -> Bool { left.word == right.word }

  func hash(into hasher: inout Hasher) { hasher.combine(word) }

  init(_ kind: Kind, _ index: Int = 0, offset: Int32 = 0) {
    self.kind = kind
    self.index = UInt16(index)
    self.offset = offset
  }

  /// Addresses further away than this are not followed.
  private static let reach: Int64 = 1 << 30

  /// Whether it is a pointer of a buffer.
  var isInBuffer: Bool { kind == .buffer || kind == .within }

  /// What is known of a value that is this one or another one.
  func join(_ other: KnownValue) -> KnownValue {
    if self == other { return self }
    return isInBuffer && other.isInBuffer && index == other.index
      ? KnownValue(.within, Int(index)) : .unknown
  }

  /// Whether this says no more than another one.
  func isMet(by other: KnownValue) -> Bool { join(other) == self }

  /// The value plus a constant.
  func adding(_ constant: Int64) -> KnownValue {
    if constant == 0 || kind == .within { return self }
    guard kind == .stack || kind == .buffer, constant.magnitude < KnownValue.reach.magnitude else {
      return .unknown
    }
    let sum = Int64(offset) + constant
    return abs(sum) < KnownValue.reach
      ? KnownValue(kind, Int(index), offset: Int32(sum)) : .unknown
  }
}

/// What the code has written to its frame, and the arguments that it finds on the stack.
struct FrameContents: Hashable, Sendable {
  /// Bytes from the stack pointer at entry on.
  struct Piece: Hashable, Sendable {
    var offset: Int32
    var byteCount: Int32
    /// Known for pieces of eight bytes at most.
    var value = KnownValue.unknown
    var isDefined = true

    var end: Int32 { offset + byteCount }
  }

  /// By ascending offsets, without overlap.
  private(set) var pieces: [Piece] = []

  /// Writes a piece over whatever was there.
  mutating func store(_ piece: Piece) {
    var result: [Piece] = []
    result.reserveCapacity(pieces.count + 2)
    for old in pieces {
      if old.end <= piece.offset || old.offset >= piece.end {
        result.append(old)
        continue
      }
      if old.offset < piece.offset { result.append(old.part(old.offset, piece.offset)) }
      if old.end > piece.end { result.append(old.part(piece.end, old.end)) }
    }
    result.append(piece)
    pieces = result.sorted { $0.offset < $1.offset }
  }

  /// What is at some bytes: nil if some of them were never written.
  func load(_ offset: Int32, _ byteCount: Int32) -> Piece? {
    var next = offset
    var isDefined = true
    for piece in pieces where piece.end > offset && piece.offset < offset + byteCount {
      if piece.offset == offset, piece.byteCount == byteCount { return piece }
      if piece.offset > next { return nil }
      next = piece.end
      isDefined = isDefined && piece.isDefined
    }
    return next >= offset + byteCount
      ? Piece(offset: offset, byteCount: byteCount, isDefined: isDefined) : nil
  }

  /// Forgets what is below an offset, where anything may overwrite it.
  mutating func release(below offset: Int32) {
    if pieces.contains(where: { $0.offset < offset }) { pieces.removeAll { $0.offset < offset } }
  }

  /// What both hold.
  func meet(_ other: FrameContents) -> FrameContents {
    if self == other { return self }
    var result = FrameContents()
    for piece in pieces {
      guard let found = other.load(piece.offset, piece.byteCount) else { continue }
      var common = piece
      common.value = piece.value.join(found.value)
      common.isDefined = piece.isDefined && found.isDefined
      result.pieces.append(common)
    }
    return result
  }

  /// Whether all that this one says is said by another as well.
  func isMet(by other: FrameContents) -> Bool {
    pieces.allSatisfy { piece in
      guard let found = other.load(piece.offset, piece.byteCount) else { return false }
      return piece.value.isMet(by: found.value)
        && (!piece.isDefined || found.isDefined)
    }
  }
}

extension FrameContents.Piece {
  /// A part of the piece: its bytes stay defined, its value is not followed.
  fileprivate func part(_ from: Int32, _ to: Int32) -> Self {
    Self(offset: from, byteCount: to - from, isDefined: isDefined)
  }
}
