import MachineModel
import Terms

/// Memory that notes its accesses; every load is an unknown value of its own.
struct AccessLog: Memory {
  struct Entry {
    let isStore: Bool
    let address: Term
    let byteCount: Int
    let value: Term
    let condition: Term
  }

  var entries: [Entry] = []
  /// The accesses by the values that they loaded.
  var loads: [Term: Int] = [:]

  mutating func load(
    _ address: Term, byteCount: Int, when condition: Term, in terms: TermManager
  ) -> Term {
    let value = terms.fresh("load", .bitVector(byteCount * 8), origin: .input)
    loads[value] = entries.count
    entries.append(
      Entry(
        isStore: false, address: address, byteCount: byteCount, value: value, condition: condition))
    return value
  }

  mutating func store(
    _ address: Term, _ value: Term, when condition: Term, in terms: TermManager
  ) {
    entries.append(
      Entry(
        isStore: true, address: address, byteCount: terms.width(value) / 8, value: value,
        condition: condition))
  }
}
