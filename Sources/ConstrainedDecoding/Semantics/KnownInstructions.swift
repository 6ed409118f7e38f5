/// What is known by instruction: quicker than a dictionary, since instructions have hashes of their own.
final class KnownInstructions<Entry> {
  /// By hash: the first in `entries`.
  private let places = FlatTable()
  @exclusivity(unchecked) private var entries:
    [(instruction: OpenInstruction, entry: Entry, next: Int32)] = []
  private static var none: Int32 { -1 }

  var count: Int { entries.count }

  subscript(instruction: OpenInstruction) -> Entry? {
    var place = places[instruction.digest] ?? Self.none
    while place != Self.none {
      if entries[Int(place)].instruction == instruction { return entries[Int(place)].entry }
      place = entries[Int(place)].next
    }
    return nil
  }

  /// Adds what is known of an instruction of which nothing was.
  func insert(_ entry: Entry, for instruction: OpenInstruction) {
    let number = Int32(entries.count)
    if let first = places[instruction.digest] {
      // Others with the same hash are few: the new one comes second.
      entries.append((instruction, entry, entries[Int(first)].next))
      entries[Int(first)].next = number
    } else {
      places.insert(number, for: instruction.digest)
      entries.append((instruction, entry, Self.none))
    }
  }

  func removeAll() {
    places.removeAll()
    entries.removeAll()
  }
}
