import Terms

/// A run of memory with one base: a buffer or several that overlap, the stack, or read-only data.
///
/// Different regions are disjoint. Bytes are kept by their offset from the base; those that nothing
/// wrote have the value that `Contents` gives them.
struct Region {
  /// A part of the region that the code may read, and perhaps write.
  struct Window {
    let name: String
    let offset: Int64
    /// The length in bytes, 64 bits.
    let length: Term
    /// The largest value of `length`.
    let limit: Int64
    let isWritable: Bool
  }

  /// A run of bytes with a value at entry.
  struct Chunk {
    let offset: Int64
    let byteCount: Int64
    /// The value, eight bits a byte, the first byte least significant.
    let value: Term
  }

  /// A byte of a value that was stored or was there at entry. Values are kept whole, so that what
  /// is stored and loaded again is the same term.
  struct Byte: Hashable {
    let value: Term
    /// Which byte of the value, counted from the least significant.
    let index: Int

    func term(_ terms: TermManager) -> Term {
      terms.extract(value, index * 8 + 7, index * 8)
    }
  }

  enum Kind: Equatable {
    case buffers, stack, readOnly
  }

  let name: String
  let kind: Kind
  /// The variable that the region's addresses are relative to; nil where they are absolute.
  let base: Term?
  /// The address of offset 0 where there is no base.
  let address: UInt64
  var windows: [Window] = []
  /// The bytes that differ from those at entry.
  private(set) var bytes: [Int64: Byte] = [:]
  /// Whether anything was stored on some way here, be it what was there.
  private(set) var isStored = false
  private let initial: Contents
  /// The releases of what lies below an offset, the latest last, their offsets falling.
  private var releases: [Release] = []

  /// Everything below `floor` became unknown at once; `identity` tells it from other times.
  private struct Release: Equatable {
    /// Whether any path has asked for a byte of it: then values that were computed may depend on it.
    final class Use {
      var isKnown = false
    }

    let floor: Int64
    let identity: Int
    let use = Use()

    static func == (left: Release, right: Release) -> Bool {
      left.floor == right.floor && left.identity == right.identity
    }

    /// Whether nothing can tell the bytes of one from those of the other.
    func isLike(_ other: Release) -> Bool {
      self == other || floor == other.floor && !use.isKnown && !other.use.isKnown
    }
  }

  init(
    name: String, kind: Kind, base: Term?, address: UInt64 = 0, windows: [Window],
    initial: Contents
  ) {
    self.name = name
    self.kind = kind
    self.base = base
    self.address = address
    self.windows = windows
    self.initial = initial
  }

  func byte(_ offset: Int64, _ terms: TermManager) -> Byte {
    if let known = bytes[offset] { return known }
    guard let release = releases.last(where: { offset < $0.floor }) else {
      return initial.byte(offset, terms)
    }
    release.use.isKnown = true
    let start = offset & ~7
    let value = terms.variable(
      "released \(release.identity)[\(start)]", width: 64,
      origin: .undefined("stack below the stack pointer"))
    return Byte(value: value, index: Int(offset - start))
  }

  /// Stores byte `index` of `value` where `condition` holds.
  mutating func setByte(
    _ offset: Int64, _ new: Byte, when condition: Term, _ terms: TermManager
  ) {
    isStored = true
    bytes[offset] =
      condition == terms.true
      ? new : choice(condition, new, byte(offset, terms), terms)
  }

  /// One of two bytes; of whole values where they are the same part of values as wide.
  private func choice(
    _ condition: Term, _ then: Byte, _ otherwise: Byte, _ terms: TermManager
  ) -> Byte {
    if then == otherwise { return then }
    if then.index == otherwise.index, terms.width(then.value) == terms.width(otherwise.value) {
      return Byte(
        value: terms.ifThenElse(condition, then.value, otherwise.value), index: then.index)
    }
    return Byte(
      value: terms.ifThenElse(condition, then.term(terms), otherwise.term(terms)), index: 0)
  }

  /// `count` bytes from `offset`, which may go round the end of memory, as one value, the first byte least
  /// significant.
  func value(_ offset: Int64, count: Int, _ terms: TermManager) -> Term {
    var result: Term?
    var position = 0
    while position < count {
      let first = byte(offset &+ Int64(position), terms)
      var length = 1
      while position + length < count,
        byte(offset &+ Int64(position + length), terms)
          == Byte(value: first.value, index: first.index + length)
      {
        length += 1
      }
      let part = terms.extract(
        first.value, (first.index + length) * 8 - 1, first.index * 8)
      result = result.map { terms.concat(part, $0) } ?? part
      position += length
    }
    guard let result else { preconditionFailure("a value of \(count) bytes") }
    return result
  }

  /// Whether every byte is the same as in `other`, and what became unknown is as little known.
  func isSame(as other: Region, _ terms: TermManager) -> Bool {
    guard releases.count == other.releases.count,
      zip(releases, other.releases).allSatisfy({ $0.isLike($1) })
    else { return false }
    // One byte that was written and one that became unknown differ.
    return Set(bytes.keys).union(other.bytes.keys).allSatisfy { offset in
      if let own = bytes[offset], let theirs = other.bytes[offset] { return own == theirs }
      return releases.allSatisfy { offset >= $0.floor }
        && byte(offset, terms) == other.byte(offset, terms)
    }
  }

  /// Replaces terms in what was stored.
  mutating func substitute(_ replacements: [Term: Term], _ terms: TermManager) {
    let offsets = bytes.keys.sorted()
    let values = terms.substitute(replacements, in: offsets.map { bytes[$0]?.value ?? terms.true })
    for (offset, value) in zip(offsets, values) {
      bytes[offset] = bytes[offset].map { Byte(value: value, index: $0.index) }
    }
  }

  /// The offsets that the windows cover at most.
  var bounds: Range<Int64> {
    let low = windows.map(\.offset).min() ?? 0
    let high = windows.map { $0.offset + $0.limit }.max() ?? 0
    return low..<Swift.max(low, high)
  }

  /// Takes bytes from `other` where `condition` holds.
  mutating func merge(_ other: Region, when condition: Term, _ terms: TermManager) {
    isStored = isStored || other.isStored
    // In order, so that the same terms are made in the same order in every process.
    for offset in Set(bytes.keys).union(other.bytes.keys).sorted() {
      let theirs = other.byte(offset, terms)
      if byte(offset, terms) != theirs { setByte(offset, theirs, when: condition, terms) }
    }
    guard releases != other.releases else { return }
    // What one of the two has released is unknown, and so may be what neither wrote.
    let floors = (releases + other.releases).map(\.floor)
    release(below: floors.max() ?? .min, terms)
  }

  /// Gives what nothing wrote below `floor` another unknown value.
  private mutating func release(below floor: Int64, _ terms: TermManager) {
    let identity = terms.fresh(
      "release", .bool, origin: .undefined("stack below the stack pointer"))
    releases.removeAll { $0.floor <= floor }
    releases.append(Release(floor: floor, identity: identity.position))
  }

  /// Makes every byte below `floor` unknown again, as the ABI lets anything overwrite it.
  mutating func forget(below floor: Int64, _ terms: TermManager) {
    for offset in bytes.keys where offset < floor { bytes[offset] = nil }
    release(below: floor, terms)
  }
}

/// What memory holds at entry, by offset from a region's base.
final class Contents {
  private let chunks: [Region.Chunk]
  private let data: [UInt8]
  /// Names the value of eight bytes at an offset that no chunk covers.
  private let unnamed: (TermManager, Int64) -> Term

  /// - Parameter unnamed: the value of the eight bytes at a multiple of eight that nothing gives a
  ///   value; called again for each byte, so it has to answer the same.
  init(chunks: [Region.Chunk], unnamed: @escaping (TermManager, Int64) -> Term) {
    self.chunks = chunks.sorted { $0.offset < $1.offset }
    self.unnamed = unnamed
    data = []
  }

  /// Known bytes, parts of which have other values.
  init(data: [UInt8], chunks: [Region.Chunk] = []) {
    self.data = data
    self.chunks = chunks.sorted { $0.offset < $1.offset }
    unnamed = { terms, _ in terms.constant(0, width: 64) }
  }

  func byte(_ offset: Int64, _ terms: TermManager) -> Region.Byte {
    if let chunk = chunk(at: offset) {
      return Region.Byte(value: chunk.value, index: Int(offset - chunk.offset))
    }
    if data.indices.contains(Int(offset)) {
      let value = terms.constant(UInt64(data[Int(offset)]), width: 8)
      return Region.Byte(value: value, index: 0)
    }
    let start = offset & ~7
    return Region.Byte(value: unnamed(terms, start), index: Int(offset - start))
  }

  /// `count` bytes from `offset` as one value, the first byte least significant.
  func value(_ offset: Int64, count: Int, _ terms: TermManager) -> Term {
    Region(name: "contents", kind: .buffers, base: nil, windows: [], initial: self)
      .value(offset, count: count, terms)
  }

  /// The chunk that covers `offset`, found by bisection.
  private func chunk(at offset: Int64) -> Region.Chunk? {
    var (low, high) = (0, chunks.count)
    while low < high {
      let middle = (low + high) / 2
      if chunks[middle].offset <= offset { low = middle + 1 } else { high = middle }
    }
    guard low > 0 else { return nil }
    let candidate = chunks[low - 1]
    return offset < candidate.offset + candidate.byteCount ? candidate : nil
  }
}
