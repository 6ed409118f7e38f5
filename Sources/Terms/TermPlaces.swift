/// The places of terms in a list, by their positions in the arena.
struct TermPlaces {
  private var places: ContiguousArray<UInt32> = []

  /// Notes the places of `terms`, whose positions are below `count`; those of others are as they were.
  mutating func set(_ terms: [Term], count: Int) {
    let missing = count - places.count
    if missing > 0 {
      places.append(contentsOf: repeatElement(0, count: Swift.max(missing, places.count)))
    }
    for (place, term) in terms.enumerated() { places[term.position] = UInt32(place) }
  }

  /// The place of a term of the list; of any other an arbitrary number.
  subscript(term: Term) -> Int { Int(places[term.position]) }
}
