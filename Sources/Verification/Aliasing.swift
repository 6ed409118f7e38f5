import Contracts
import Terms

/// How the buffers of a contract lie with respect to each other, enumerated case by case.
///
/// Every case puts the buffers into groups: buffers of one group have known distances, different
/// groups are disjoint. Together the cases cover every placement that C allows.
struct Aliasing: Hashable {
  /// A buffer's extent, as far as it matters for overlap.
  struct Extent: Hashable {
    /// The largest length in bytes.
    let byteCount: Int64
    /// Declared not to overlap any other.
    let isRestrict: Bool
    /// What is known of the address's lowest bits.
    var lowBits: LowBits?
  }

  /// The value of the lowest bits of an address.
  struct LowBits: Hashable {
    let count: Int
    let value: Int64

    /// What the precondition says outright of the lowest bits of an address: how it is aligned, say.
    init?(of address: Term, given requires: Term, in terms: TermManager) {
      let known = terms.conjuncts(of: requires).compactMap { conjunct -> LowBits? in
        guard terms.operation(conjunct) == .equal else { return nil }
        let sides = terms.children(conjunct)
        // Which of the two comes first depends on which was made first.
        let (part, constant) =
          terms.isConstant(sides[0]) ? (sides[1], sides[0]) : (sides[0], sides[1])
        guard case (let high, 0)? = terms.bounds(part), high < 62,
          terms.children(part)[0] == address, let value = terms.small(constant)
        else { return nil }
        return LowBits(count: high + 1, value: Int64(value))
      }
      guard let most = known.max(by: { $0.count < $1.count }) else { return nil }
      self = most
    }

    private init(count: Int, value: Int64) {
      self.count = count
      self.value = value
    }

    /// Whether one address can be `distance` bytes after another.
    static func allow(_ distance: Int64, from first: LowBits?, to second: LowBits?) -> Bool {
      guard let first, let second else { return true }
      let mask = Int64(1) << Int64(Swift.min(first.count, second.count)) - 1
      return (distance &- second.value &+ first.value) & mask == 0
    }
  }

  /// A buffer's place in its group.
  struct Place: Hashable {
    let buffer: Int
    /// The distance in bytes from the group's first buffer.
    let offset: Int64
  }

  /// The groups, each with the buffer that it is counted from first.
  var groups: [[Place]] = []

  /// Pairs of buffers that overlap for certain in this case.
  func overlaps(_ extents: [Extent]) -> [(first: Place, second: Place)] {
    groups.flatMap { group in
      group.indices.flatMap { high in
        group[..<high].filter { Aliasing.overlap($0, group[high], extents) }
          .map { (first: $0, second: group[high]) }
      }
    }
  }

  /// The case in which none of `count` buffers overlaps another.
  static func apart(_ count: Int) -> Aliasing {
    Aliasing(groups: (0..<count).map { [Place(buffer: $0, offset: 0)] })
  }

  /// All cases, the one without any overlap first; nil if there are more than `limit`.
  static func cases(_ extents: [Extent], limit: Int) -> [Aliasing]? {
    var cases = [Aliasing()]
    for buffer in extents.indices {
      var next: [Aliasing] = []
      for known in cases {
        guard let more = known.placements(of: buffer, extents, limit: limit - next.count) else {
          return nil
        }
        next += more
      }
      cases = next
    }
    return cases.sorted { $0.groups.count > $1.groups.count }
  }

  /// This case with one more buffer: apart from all, or overlapping one group or several; nil if that
  /// makes more than `limit`.
  private func placements(of buffer: Int, _ extents: [Extent], limit: Int) -> [Aliasing]? {
    var apart = self
    apart.groups.append([Place(buffer: buffer, offset: 0)])
    var result = [apart]
    // Each offset is at least one case, so that many need not be looked at.
    let offsets = groups.map { overlapping(buffer, $0, extents) }
    guard offsets.reduce(1, { $0 + $1.count }) <= limit else { return nil }
    for group in groups.indices {
      for offset in offsets[group] {
        var joined = self
        joined.groups[group].append(Place(buffer: buffer, offset: offset))
        result += joined.bridging(buffer, from: group, after: group, extents)
        if result.count > limit { return nil }
      }
    }
    return result
  }

  /// This case, and those in which the last buffer of `group` overlaps further groups as well.
  private func bridging(
    _ buffer: Int, from group: Int, after index: Int, _ extents: [Extent]
  ) -> [Aliasing] {
    var result = [self]
    guard let anchor = groups[group].last else { return result }
    for other in groups.indices where other > index {
      for offset in overlapping(buffer, groups[other], extents) {
        // `offset` is the buffer's distance from the other group's start.
        let shift = anchor.offset - offset
        let moved = groups[other].map { Place(buffer: $0.buffer, offset: $0.offset + shift) }
        let isConsistent = moved.allSatisfy { place in
          groups[group].dropLast().allSatisfy { !Aliasing.overlap($0, place, extents) }
        }
        guard isConsistent else { continue }
        var merged = self
        merged.groups[group].removeLast()
        merged.groups[group] += moved + [anchor]
        merged.groups.remove(at: other)
        result += merged.bridging(buffer, from: group, after: other - 1, extents)
      }
    }
    return result
  }

  /// The offsets in `group` at which `buffer` overlaps a member, and none that is `restrict`.
  private func overlapping(
    _ buffer: Int, _ group: [Place], _ extents: [Extent]
  ) -> [Int64] {
    guard !extents[buffer].isRestrict, extents[buffer].byteCount > 0 else { return [] }
    let low = group.map(\.offset).min() ?? 0
    let high = group.map { $0.offset + extents[$0.buffer].byteCount }.max() ?? 0
    return ((low - extents[buffer].byteCount + 1)..<Swift.max(high, low + 1)).filter { offset in
      let place = Place(buffer: buffer, offset: offset)
      let met = group.filter { Aliasing.overlap($0, place, extents) }
      return !met.isEmpty && !met.contains { extents[$0.buffer].isRestrict }
        && group.allSatisfy {
          LowBits.allow(
            offset - $0.offset, from: extents[$0.buffer].lowBits, to: extents[buffer].lowBits)
        }
    }
  }

  private static func overlap(_ first: Place, _ second: Place, _ extents: [Extent]) -> Bool {
    first.offset < second.offset + extents[second.buffer].byteCount
      && second.offset < first.offset + extents[first.buffer].byteCount
  }
}

extension Aliasing {
  /// The placements of a contract's buffers whose lengths, in elements, are at most `bounds`.
  static func cases(
    of contract: Contract, _ bounds: [String: Int64], limit: Int
  ) throws -> [Aliasing] {
    let terms = TermManager()
    let environment = LengthBounds.openEnvironment(contract, terms)
    let requires = try contract.elaborateRequires(environment: environment, in: terms)
    let extents = contract.parameters.compactMap { parameter in
      parameter.buffer.map {
        Extent(
          byteCount: (bounds[parameter.name] ?? 0) * Int64($0.elementBytes),
          isRestrict: $0.isRestrict,
          lowBits: environment[parameter.name + ".addr"].flatMap {
            LowBits(of: $0, given: requires, in: terms)
          })
      }
    }
    guard let cases = cases(extents, limit: limit) else {
      throw Incomplete(
        obligation: .memory,
        reason: "more than \(limit) ways for the buffers to overlap: "
          + "declare restrict those that do not, or let requires say how their addresses are aligned"
      )
    }
    return cases
  }
}
