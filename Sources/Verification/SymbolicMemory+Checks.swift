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
  /// Where an access that is not followed lies outside of all that may be accessed; nil for others.
  var isStray: Term?
}

/// What accesses need to be allowed.
extension SymbolicMemory {
  /// The targets that an access is followed to, after recording what it needs: that it has no others, too.
  mutating func checked(
    _ kind: AccessCheck.Kind, _ address: Term, _ byteCount: Int, _ condition: Term,
    _ terms: TermManager
  ) -> [Target] {
    let condition = known.map { terms.decide(condition, given: $0) } ?? condition
    if condition == terms.false { return [] }
    let resolution = resolve(address, condition, terms)
    var targets = resolution.targets.filter { isFollowable($0, byteCount, terms) }
    var lost = resolution.lost
    if targets.count < resolution.targets.count {
      lost += resolution.targets.filter { !isFollowable($0, byteCount, terms) }.map(\.condition)
    }
    if !lost.isEmpty {
      let isLost = terms.or(lost)
      var apparent = apparentTarget(of: address, where: isLost, terms)
      if let found = apparent, !isFollowable(found, byteCount, terms) { apparent = nil }
      let isThere = apparent.map { terms.equal(address, self.address(of: $0, terms)) }
      accesses.append(
        AccessCheck(
          kind: kind, byteCount: byteCount, condition: isLost,
          isAllowed: terms.implies(isLost, isThere ?? terms.false),
          isExact: false, place: "an address outside the declared buffers", stackOffset: nil,
          isStray: terms.and(isLost, isOutside(kind, address, byteCount, terms))))
      if let apparent { targets.append(apparent) }
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
        let floor = stackFloorTerm ?? terms.constant(signed: stackFloor, width: 64)
        allowed = terms.and(allowed, terms.signedLessOrEqual(floor, target.offset))
      }
      // What lies beyond the stack that is known to be apart from them may be a buffer.
      if region.kind == .stack {
        isExact = constant.map { region.bounds.holds($0, byteCount) } ?? false
      }
      // What lies beside a table may be another, or a buffer, or the same segment's padding.
      if region.kind == .readOnly { isExact = false }
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

  /// Whether an access lies in no region, wherever its address comes from.
  private func isOutside(
    _ kind: AccessCheck.Kind, _ address: Term, _ byteCount: Int, _ terms: TermManager
  ) -> Term {
    terms.not(
      terms.or(
        regions.indices.map { index in
          let offset = terms.subtract(address, start(of: regions[index], terms))
          let target = Target(condition: terms.true, region: index, offset: offset)
          return isAllowed(kind, target, byteCount, terms)
        }))
  }

  private func address(of target: Target, _ terms: TermManager) -> Term {
    terms.add(start(of: regions[target.region], terms), target.offset)
  }

  /// The address of a region's offset 0.
  func start(of region: Region, _ terms: TermManager) -> Term {
    if let base = region.base { return base }
    let address = terms.constant(region.address, width: 64)
    return codeSlide.map { terms.add($0, address) } ?? address
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
}

extension Range<Int64> {
  /// Whether all bytes of an access are in it.
  fileprivate func holds(_ offset: Int64, _ byteCount: Int) -> Bool {
    contains(offset) && upperBound - offset >= Int64(byteCount)
  }
}
