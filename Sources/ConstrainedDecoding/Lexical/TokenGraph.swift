/// Every position that the tokens of a vocabulary reach, and from which of them the code can be
/// completed: for vocabularies that cannot spell every text.
struct TokenGraph<Place: Hashable & Sendable>: Sendable {
  /// More positions than these are refused.
  static var limit: Int { 60_000 }

  /// The fewest tokens that complete the code.
  private var distance: [Place: Int32] = [:]
  /// The most that are needed anywhere.
  private(set) var longest = 0

  /// - Parameters:
  ///   - next: the positions after one token from which the budgets leave room to end the code.
  /// - Throws: `DecoderError` if there are too many positions, or the start cannot be completed.
  init(
    from start: Place, isEnd: (Place) -> Bool, next: (Place) -> Set<Place>
  ) throws(DecoderError) {
    var sources: [Place: [Place]] = [:]
    var seen: Set<Place> = [start]
    var open = [start]
    while let position = open.popLast() {
      for target in next(position) {
        sources[target, default: []].append(position)
        if seen.insert(target).inserted { open.append(target) }
      }
      guard seen.count <= Self.limit else {
        throw DecoderError(
          "the vocabulary cannot spell every byte and reaches more than \(Self.limit) "
            + "positions: whether each can be completed was not decided")
      }
    }
    measure(seen.filter(isEnd), sources)
    if distance[start] == nil {
      throw DecoderError("no code of the constraint can be completed with this vocabulary")
    }
  }

  /// Breadth first from the ends.
  private mutating func measure(_ ends: some Sequence<Place>, _ sources: [Place: [Place]]) {
    var front = Array(ends)
    for end in front { distance[end] = 0 }
    while !front.isEmpty {
      var next: [Place] = []
      for target in front {
        for source in sources[target] ?? [] where distance[source] == nil {
          distance[source] = Int32(longest + 1)
          next.append(source)
        }
      }
      if !next.isEmpty { longest += 1 }
      front = next
    }
  }

  /// The fewest tokens that complete the code; nil if none do.
  func tokens(from place: Place) -> Int? { distance[place].map { Int($0) } }

  /// The bytes that the distances take.
  var memory: Int { distance.capacity * (MemoryLayout<Place>.stride + 8) }
}
