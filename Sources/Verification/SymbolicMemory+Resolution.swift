import Terms

/// Which regions an address points into.
extension SymbolicMemory {
  /// The regions that `address` may point into; nil where it cannot be told.
  func resolve(
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
}
