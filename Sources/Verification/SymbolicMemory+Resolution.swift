import Terms

/// Where an address may point to.
struct AddressResolution {
  var targets: [SymbolicMemory.Target] = []
  /// The conditions on which it cannot be told.
  var lost: [Term] = []

  static func + (left: AddressResolution, right: AddressResolution) -> AddressResolution {
    AddressResolution(targets: left.targets + right.targets, lost: left.lost + right.lost)
  }
}

/// Which regions an address points into.
extension SymbolicMemory {
  /// The regions that `address` may point into where `condition` holds.
  func resolve(
    _ address: Term, _ condition: Term, _ terms: TermManager, depth: Int = 8
  ) -> AddressResolution {
    if terms.operation(address) == .ifThenElse, depth > 0 {
      let parts = terms.children(address)
      return resolve(parts[1], terms.and(condition, parts[0]), terms, depth: depth - 1)
        + resolve(parts[2], terms.and(condition, terms.not(parts[0])), terms, depth: depth - 1)
    }
    if let targets = targets(of: address, condition, terms, depth) { return targets }
    return AddressResolution(lost: condition == terms.false ? [] : [condition])
  }

  /// The regions that an address other than a choice may point into; nil where it cannot be told.
  private func targets(
    of address: Term, _ condition: Term, _ terms: TermManager, _ depth: Int
  ) -> AddressResolution? {
    guard let sum = terms.sum(of: address) else { return nil }
    let based = sum.parts.filter { part in regions.contains { $0.base == part.term } }
    if based.count == 1, based[0].coefficient == 1,
      let region = regions.firstIndex(where: { $0.base == based[0].term })
    {
      let offset = terms.subtract(address, based[0].term)
      return AddressResolution(
        targets: [Target(condition: condition, region: region, offset: offset)])
    }
    guard based.isEmpty else { return nil }
    if let codeSlide {
      let isLocal = sum.parts.contains { $0.term == codeSlide && $0.coefficient == 1 }
      if isLocal {
        let place = terms.subtract(address, codeSlide)
        return between(place, address, condition, terms, depth) ?? absolute(place, condition, terms)
      }
    }
    let split = depth > 0 ? distribute(sum.parts, address, condition, terms, depth) : nil
    if let split, split.lost.isEmpty { return split }
    guard codeSlide == nil else { return split }
    return between(address, address, condition, terms, depth)
      ?? absolute(address, condition, terms) ?? split
  }

  /// Where an address goes that a choice puts into one region of the code's file or another; nil for other
  /// addresses. `place` is what it is if the code does not move.
  private func between(
    _ place: Term, _ address: Term, _ condition: Term, _ terms: TermManager, _ depth: Int
  ) -> AddressResolution? {
    guard depth > 0, let choice = terms.choice(in: place) else { return nil }
    func end(_ arm: Int, in term: Term) -> Term {
      terms.substitute([choice: terms.children(choice)[arm]], in: [term])[0]
    }
    let regions = [1, 2].map { arm in
      readOnly(from: UnsignedRange.of(end(arm, in: place), in: terms).low, margin: 0)
    }
    guard regions[0] != nil, regions[1] != nil, regions[0] != regions[1] else { return nil }
    let isFirst = terms.children(choice)[0]
    return resolve(end(1, in: address), terms.and(condition, isFirst), terms, depth: depth - 1)
      + resolve(
        end(2, in: address), terms.and(condition, terms.not(isFirst)), terms, depth: depth - 1)
  }

  /// A sum with a choice among its parts is a choice of sums: of those the one that tells most.
  private func distribute(
    _ parts: [(term: Term, coefficient: UInt64)], _ address: Term, _ condition: Term,
    _ terms: TermManager, _ depth: Int
  ) -> AddressResolution? {
    var best: AddressResolution?
    for part in parts
    where part.coefficient == 1 && terms.operation(part.term) == .ifThenElse {
      let rest = terms.subtract(address, part.term)
      let choice = terms.children(part.term)
      let split =
        resolve(
          terms.add(rest, choice[1]), terms.and(condition, choice[0]), terms, depth: depth - 1)
        + resolve(
          terms.add(rest, choice[2]), terms.and(condition, terms.not(choice[0])), terms,
          depth: depth - 1)
      if split.lost.isEmpty { return split }
      if best == nil, !split.targets.isEmpty { best = split }
    }
    return best
  }

  /// An address with no base in it: read-only data at a known place.
  private func absolute(
    _ address: Term, _ condition: Term, _ terms: TermManager
  ) -> AddressResolution? {
    let range = UnsignedRange.of(address, in: terms)
    // A table whose first index is not zero is looked up from a place before it.
    guard
      let region = readOnly(from: range.low, margin: 0)
        ?? terms.sum(of: address).flatMap({ readOnly(from: $0.constant, margin: 4096) })
    else { return nil }
    let start = terms.constant(regions[region].address, width: 64)
    let offset = terms.subtract(address, start)
    return AddressResolution(
      targets: [Target(condition: condition, region: region, offset: offset)])
  }

  /// The region without a base that `address` lies in, or else the first that begins at most `margin` bytes
  /// after it.
  private func readOnly(from address: UInt64, margin: UInt64) -> Int? {
    let fixed = regions.indices.filter { regions[$0].base == nil }
    let inside = fixed.first { index in
      let distance = address &- regions[index].address
      return address >= regions[index].address
        && distance < UInt64(regions[index].bounds.upperBound)
    }
    return inside
      ?? fixed.filter { regions[$0].address &- address <= margin }
      .min { regions[$0].address &- address < regions[$1].address &- address }
  }
}
