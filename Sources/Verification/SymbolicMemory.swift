import MachineModel
import Terms

/// Memory as disjoint regions; addresses are resolved to a region and an offset.
struct SymbolicMemory: Memory {
  /// Symbolic offsets with more candidates than this are not followed.
  static let candidateLimit = 4096

  /// Where an access goes if `condition` holds.
  struct Target {
    let condition: Term
    let region: Int
    let offset: Term
  }

  private(set) var regions: [Region]
  /// The lowest offset from the stack pointer at entry that may be in use: the stack pointer's own, less
  /// the red zone. The executor keeps it up to date.
  var stackFloor: Int64 = 0
  /// The same where code aligns the stack pointer, so that it depends on the one at entry.
  var stackFloorTerm: Term?
  /// What is known to hold, a conjunction; conditions of accesses are simplified by it.
  var known: Term?
  /// The accesses since the list was last emptied.
  var accesses: [AccessCheck] = []

  /// How far the read-only regions are from their addresses; nil where they stand there.
  let codeSlide: Term?
  /// Regions that are copies of one memory, each kept up to date by stores through its own base only.
  let copies: Set<Int>
  /// Tells where an address seems to be; nil for nowhere.
  let probe: AddressProbe?
  /// Whether a load from a copy came after a store to another, so that it may have missed it.
  var readsStaleCopy = false

  init(
    regions: [Region], codeSlide: Term? = nil, copies: Set<Int> = [],
    probe: AddressProbe? = nil
  ) {
    self.regions = regions
    self.probe = probe
    self.codeSlide = codeSlide
    self.copies = copies
  }

  var stack: Region? { regions.first { $0.kind == .stack } }

  /// The copies that something was stored to.
  var changedCopies: Set<Int> { copies.filter { regions[$0].isStored } }

  // MARK: Access

  mutating func load(
    _ address: Term, byteCount: Int, when condition: Term, in terms: TermManager
  ) -> Term {
    let targets = checked(.read, address, byteCount, condition, terms)
    var result: Term?
    for target in targets.reversed() {
      let value = loaded(target, byteCount, terms)
      result = result.map { terms.ifThenElse(target.condition, value, $0) } ?? value
    }
    return result ?? unknown(byteCount, terms)
  }

  private func unknown(_ byteCount: Int, _ terms: TermManager) -> Term {
    terms.fresh(
      "unknown", .bitVector(byteCount * 8), origin: .undefined("a load from an unknown address"))
  }

  private func loaded(_ target: Target, _ byteCount: Int, _ terms: TermManager) -> Term {
    let region = regions[target.region]
    let candidates = candidates(target, byteCount, terms)
    guard let last = candidates.last else { return unknown(byteCount, terms) }
    if let entry = tableEntry(target, candidates, byteCount, terms) { return entry }
    return candidates.dropLast().reversed().reduce(
      region.value(last, count: byteCount, terms)
    ) { rest, offset in
      let isHere = terms.equal(target.offset, terms.constant(signed: offset, width: 64))
      return terms.ifThenElse(isHere, region.value(offset, count: byteCount, terms), rest)
    }
  }

  /// The value of a look-up in a table of constants that is affine over its index.
  private func tableEntry(
    _ target: Target, _ candidates: [Int64], _ byteCount: Int, _ terms: TermManager
  ) -> Term? {
    guard candidates.count > 2, regions[target.region].kind == .readOnly else { return nil }
    let stride = candidates[1] - candidates[0]
    let entries = candidates.compactMap {
      terms.value(regions[target.region].value($0, count: byteCount, terms))
    }
    guard entries.count == candidates.count, stride.nonzeroBitCount == 1,
      let table = AffineTable(entries)
    else { return nil }
    let distance = terms.subtract(
      target.offset, terms.constant(signed: candidates[0], width: 64))
    return table.entry(
      terms.logicalShiftRight(distance, by: stride.trailingZeroBitCount), terms)
  }

  mutating func store(
    _ address: Term, _ value: Term, when condition: Term, in terms: TermManager
  ) {
    let byteCount = terms.width(value) / 8
    for target in checked(.write, address, byteCount, condition, terms) {
      for offset in candidates(target, byteCount, terms) {
        let isHere = terms.and(
          target.condition,
          terms.equal(target.offset, terms.constant(signed: offset, width: 64)))
        for index in 0..<byteCount {
          regions[target.region].setByte(
            offset &+ Int64(index), Region.Byte(value: value, index: index), when: isHere, terms)
        }
      }
    }
  }

  /// The offsets at which an access of `byteCount` bytes can lie inside the region.
  func candidates(_ target: Target, _ byteCount: Int, _ terms: TermManager) -> [Int64] {
    if let constant = terms.small(target.offset) { return [Int64(bitPattern: constant)] }
    let region = regions[target.region]
    if region.kind == .stack, stackFloor == .max { return [] }
    let bounds = followedBounds(region)
    let range = UnsignedRange.of(target.offset, in: terms)
    var step = range.stride
    var (low, high) = clamp(range, bounds, byteCount)
    // A range that includes negative offsets says little by itself.
    if range.high >= 1 << 62, let reach = OffsetReach(target.offset, in: terms) {
      step = reach.stride
      (low, high) = reach.clamped(to: bounds, byteCount: byteCount)
    }
    guard low <= high else { return [] }
    return Array(stride(from: low, through: high, by: Int(Swift.min(step, 1 << 32))))
  }

  /// The bounds within which symbolic offsets are followed: on the stack, what is in use.
  private func followedBounds(_ region: Region) -> Range<Int64> {
    guard region.kind == .stack else { return region.bounds }
    let low = Swift.max(region.bounds.lowerBound, stackFloor)
    return low..<Swift.max(low, region.bounds.upperBound)
  }

  private func clamp(
    _ range: UnsignedRange, _ bounds: Range<Int64>, _ byteCount: Int
  ) -> (Int64, Int64) {
    let last = bounds.upperBound - Int64(byteCount)
    let step = Swift.min(range.stride, 1 << 32)
    // The first offset inside that is congruent to the range's, of whatever sign.
    let misfit = range.low &- UInt64(bitPattern: bounds.lowerBound)
    let first = bounds.lowerBound + Int64(misfit % step)
    // A range that includes negative offsets (beyond 2^63) says nothing else about small ones.
    guard range.high < 1 << 62 else { return (first, last) }
    return (Swift.max(Int64(range.low), first), Swift.min(Int64(range.high), last))
  }

  // MARK: States

  /// Takes what `other` holds where `condition` is true.
  mutating func merge(_ other: SymbolicMemory, when condition: Term, _ terms: TermManager) {
    for index in regions.indices {
      regions[index].merge(other.regions[index], when: condition, terms)
    }
  }

  /// Replaces terms in what was stored.
  mutating func substitute(_ replacements: [Term: Term], _ terms: TermManager) {
    for index in regions.indices { regions[index].substitute(replacements, terms) }
  }

  /// Whether every byte is the same as in `other`.
  func isSame(as other: SymbolicMemory, _ terms: TermManager) -> Bool {
    zip(regions, other.regions).allSatisfy { $0.isSame(as: $1, terms) }
  }

  /// Makes the stack below `floor` (an offset from the stack pointer at entry) unknown.
  mutating func releaseStack(below floor: Int64, _ terms: TermManager) {
    for index in regions.indices where regions[index].kind == .stack {
      regions[index].forget(below: floor, terms)
    }
  }
}
