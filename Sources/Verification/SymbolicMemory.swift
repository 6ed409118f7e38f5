import MachineModel
import Terms

/// What an access needs to be allowed: an obligation of the memory kind.
struct AccessCheck {
  enum Kind: String {
    case read, write
  }

  let kind: Kind
  let byteCount: Int
  /// Where the access is made.
  let condition: Term
  /// What holds only where the access is allowed.
  let isAllowed: Term
  /// Whether the access is wrong wherever that is false; if not, where it goes is not known.
  let isExact: Bool
  /// Where the access goes, in words.
  let place: String
  /// The offset from the stack pointer at entry, for an access to the stack at a known one.
  let stackOffset: Int64?
}

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
  /// The lowest offset from the stack pointer at entry that is in use: the stack pointer's own, less
  /// the red zone. The executor keeps it up to date.
  var stackFloor: Int64 = 0
  /// What is known to hold, a conjunction; conditions of accesses are simplified by it.
  var known: Term?
  /// The accesses since the list was last emptied.
  var accesses: [AccessCheck] = []

  /// How far the read-only regions are from their addresses; nil where they stand there.
  private let codeSlide: Term?
  /// Regions that are copies of one memory, each kept up to date by stores through its own base only.
  private let copies: Set<Int>
  /// Whether a load from a copy came after a store to another, so that it may have missed it.
  private(set) var readsStaleCopy = false

  init(regions: [Region], codeSlide: Term? = nil, copies: Set<Int> = []) {
    self.regions = regions
    self.codeSlide = codeSlide
    self.copies = copies
  }

  var stack: Region? { regions.first { $0.kind == .stack } }

  /// The copies that something was stored to.
  var changedCopies: Set<Int> { copies.filter { !regions[$0].bytes.isEmpty } }

  // MARK: Resolution

  /// The regions that `address` may point into; nil where it cannot be told.
  private func resolve(
    _ address: Term, _ condition: Term, _ terms: TermManager, depth: Int = 8
  ) -> [Target]? {
    if terms.operation(address) == .ifThenElse, depth > 0 {
      let parts = terms.children(address)
      guard
        let then = resolve(
          parts[1], terms.and(condition, parts[0]), terms, depth: depth - 1),
        let otherwise = resolve(
          parts[2], terms.and(condition, terms.not(parts[0])), terms, depth: depth - 1)
      else { return nil }
      return then + otherwise
    }
    guard let sum = terms.sum(of: address) else { return nil }
    let based = sum.parts.filter { part in regions.contains { $0.base == part.term } }
    if based.count == 1, based[0].coefficient == 1,
      let region = regions.firstIndex(where: { $0.base == based[0].term })
    {
      let offset = terms.subtract(address, based[0].term)
      return [Target(condition: condition, region: region, offset: offset)]
    }
    guard based.isEmpty else { return nil }
    if let codeSlide {
      guard sum.parts.contains(where: { $0.term == codeSlide && $0.coefficient == 1 }) else {
        return distribute(sum.parts, address, condition, terms, depth)
      }
      return absolute(terms.subtract(address, codeSlide), condition, terms)
    }
    if depth > 0, let split = distribute(sum.parts, address, condition, terms, depth) {
      return split
    }
    return absolute(address, condition, terms)
  }

  /// A sum with a choice among its parts is a choice of sums.
  private func distribute(
    _ parts: [(term: Term, coefficient: UInt64)], _ address: Term, _ condition: Term,
    _ terms: TermManager, _ depth: Int
  ) -> [Target]? {
    for part in parts
    where part.coefficient == 1 && terms.operation(part.term) == .ifThenElse {
      let rest = terms.subtract(address, part.term)
      let choice = terms.children(part.term)
      guard
        let then = resolve(
          terms.add(rest, choice[1]), terms.and(condition, choice[0]), terms, depth: depth - 1),
        let otherwise = resolve(
          terms.add(rest, choice[2]), terms.and(condition, terms.not(choice[0])), terms,
          depth: depth - 1)
      else { continue }
      return then + otherwise
    }
    return nil
  }

  /// An address with no base in it: read-only data at a known place.
  private func absolute(
    _ address: Term, _ condition: Term, _ terms: TermManager
  ) -> [Target]? {
    let range = UnsignedRange.of(address, in: terms)
    for (index, region) in regions.enumerated() where region.base == nil {
      let end = region.address &+ UInt64(region.bounds.upperBound)
      if range.low >= region.address, range.low < end {
        let start = terms.constant(region.address, width: 64)
        return [
          Target(condition: condition, region: index, offset: terms.subtract(address, start))
        ]
      }
    }
    return nil
  }

  // MARK: Access

  mutating func load(
    _ address: Term, byteCount: Int, when condition: Term, in terms: TermManager
  ) -> Term {
    guard let targets = checked(.read, address, byteCount, condition, terms) else {
      return unknown(byteCount, terms)
    }
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
    guard let targets = checked(.write, address, byteCount, condition, terms) else { return }
    for target in targets {
      for offset in candidates(target, byteCount, terms) {
        let isHere = terms.and(
          target.condition,
          terms.equal(target.offset, terms.constant(signed: offset, width: 64)))
        for index in 0..<byteCount {
          regions[target.region].setByte(
            offset + Int64(index), Region.Byte(value: value, index: index), when: isHere, terms)
        }
      }
    }
  }

  /// The offsets at which an access of `byteCount` bytes can lie inside the region.
  private func candidates(_ target: Target, _ byteCount: Int, _ terms: TermManager) -> [Int64] {
    if let constant = terms.small(target.offset) { return [Int64(bitPattern: constant)] }
    let bounds = followedBounds(regions[target.region])
    let range = UnsignedRange.of(target.offset, in: terms)
    let (low, high) = clamp(range, bounds, byteCount)
    guard low <= high else { return [] }
    return Array(stride(from: low, through: high, by: Int(Swift.min(range.stride, 1 << 32))))
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

  // MARK: Checks

  /// The targets of an access, after recording what it needs; nil where it goes is unknown.
  private mutating func checked(
    _ kind: AccessCheck.Kind, _ address: Term, _ byteCount: Int, _ condition: Term,
    _ terms: TermManager
  ) -> [Target]? {
    let condition = known.map { terms.decide(condition, given: $0) } ?? condition
    if condition == terms.false { return [] }
    guard let targets = resolve(address, condition, terms),
      targets.allSatisfy({ isFollowable($0, byteCount, terms) })
    else {
      accesses.append(
        AccessCheck(
          kind: kind, byteCount: byteCount, condition: condition,
          isAllowed: terms.not(condition), isExact: false,
          place: "an address outside the declared buffers", stackOffset: nil))
      return nil
    }
    if kind == .read, !copies.isEmpty {
      let changed = changedCopies
      readsStaleCopy =
        readsStaleCopy
        || targets.contains { copies.contains($0.region) && !changed.isSubset(of: [$0.region]) }
    }
    for target in targets {
      let region = regions[target.region]
      let constant = terms.small(target.offset).map { Int64(bitPattern: $0) }
      var allowed = isAllowed(kind, target, byteCount, terms)
      var isExact = true
      if region.kind == .stack, constant == nil {
        let floor = terms.constant(signed: stackFloor, width: 64)
        allowed = terms.and(allowed, terms.signedLessOrEqual(floor, target.offset))
        isExact = stackFloor != .max
      }
      accesses.append(
        AccessCheck(
          kind: kind, byteCount: byteCount, condition: target.condition,
          isAllowed: terms.implies(target.condition, allowed), isExact: isExact,
          place: region.name,
          stackOffset: region.kind == .stack ? constant : nil))
    }
    return targets
  }

  private func isFollowable(_ target: Target, _ byteCount: Int, _ terms: TermManager) -> Bool {
    if terms.isConstant(target.offset) { return true }
    return candidates(target, byteCount, terms).count <= SymbolicMemory.candidateLimit
  }

  /// Whether all bytes of an access lie in windows that allow it.
  private func isAllowed(
    _ kind: AccessCheck.Kind, _ target: Target, _ byteCount: Int, _ terms: TermManager
  ) -> Term {
    let windows = regions[target.region].windows.filter { kind == .read || $0.isWritable }
    let whole = windows.map { isInside($0, target.offset, byteCount, terms) }
    let inOne = terms.or(whole)
    if inOne == terms.true || windows.count < 2 { return inOne }
    // Several windows may cover an access together, byte by byte.
    return terms.and(
      (0..<byteCount).map { index in
        let offset = terms.add(target.offset, terms.constant(UInt64(index), width: 64))
        return terms.or(windows.map { isInside($0, offset, 1, terms) })
      })
  }

  private func isInside(
    _ window: Region.Window, _ offset: Term, _ byteCount: Int, _ terms: TermManager
  ) -> Term {
    if window.limit < Int64(byteCount) { return terms.false }
    let count = terms.constant(UInt64(byteCount), width: 64)
    let relative = terms.subtract(offset, terms.constant(signed: window.offset, width: 64))
    if let constant = terms.small(relative) {
      // end <= length, with no overflow for offsets that can be inside at all
      guard constant <= UInt64(window.limit) - UInt64(byteCount) else { return terms.false }
      return terms.unsignedLessOrEqual(
        terms.constant(constant + UInt64(byteCount), width: 64), window.length)
    }
    return terms.and(
      terms.unsignedLessOrEqual(count, window.length),
      terms.unsignedLessOrEqual(relative, terms.subtract(window.length, count)))
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
    zip(regions, other.regions).allSatisfy { own, theirs in
      Set(own.bytes.keys).union(theirs.bytes.keys).allSatisfy {
        own.byte($0, terms) == theirs.byte($0, terms)
      }
    }
  }

  /// Makes the stack below `floor` (an offset from the stack pointer at entry) unknown.
  mutating func releaseStack(below floor: Int64, _ terms: TermManager) {
    for index in regions.indices where regions[index].kind == .stack {
      regions[index].forget(below: floor, terms)
    }
  }
}
