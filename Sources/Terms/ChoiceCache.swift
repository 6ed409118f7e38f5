/// What choices came to that were asked for lately: specifications and code look things up in the same
/// tables.
struct ChoiceCache {
  private struct Entry {
    var condition: UInt32 = 0
    var then: UInt32 = 0
    var otherwise: UInt32 = 0
    /// Zero where the place is free; `false`, which has that index, is not kept.
    var result: UInt32 = 0
  }

  /// By the digest of what was asked for; a later one takes the place of an earlier.
  private var entries: ContiguousArray<Entry> = []
  /// How many were added since there were so many places.
  private var added = 0

  private func place(_ condition: Term, _ then: Term, _ otherwise: Term) -> Int {
    var digest = UInt64(condition.index) << 32 ^ UInt64(then.index)
    digest = (digest ^ UInt64(otherwise.index) << 17) &* 0x9E37_79B9_7F4A_7C15
    return Int(truncatingIfNeeded: digest >> 32) & (entries.count - 1)
  }

  /// The result of a choice; nil where it is not known.
  func find(_ condition: Term, _ then: Term, _ otherwise: Term) -> Term? {
    if entries.isEmpty { return nil }
    let entry = entries[place(condition, then, otherwise)]
    guard entry.result != 0, entry.condition == condition.index, entry.then == then.index,
      entry.otherwise == otherwise.index
    else { return nil }
    return Term(Int(entry.result))
  }

  /// Notes the result of a choice.
  mutating func add(_ condition: Term, _ then: Term, _ otherwise: Term, _ result: Term) {
    if added * 2 >= entries.count, entries.count < 1 << 16 {
      grow()
    }
    added += 1
    entries[place(condition, then, otherwise)] = Entry(
      condition: condition.index, then: then.index, otherwise: otherwise.index,
      result: result.index)
  }

  private mutating func grow() {
    let old = entries
    entries = ContiguousArray(repeating: Entry(), count: Swift.max(1 << 8, old.count * 4))
    added = 0
    for entry in old where entry.result != 0 {
      let place = place(
        Term(Int(entry.condition)), Term(Int(entry.then)), Term(Int(entry.otherwise)))
      entries[place] = entry
    }
  }
}
