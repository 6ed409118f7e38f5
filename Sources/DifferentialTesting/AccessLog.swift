import MachineModel
import Terms

/// One access of an instruction to memory.
package struct Access {
  package let address: Term
  package let byteCount: Int
  /// What was loaded, a variable, or stored.
  package let value: Term
  package let isStore: Bool
  /// Where it is made at all.
  package let condition: Term
}

/// Memory as the ordered log of accesses: each load is a variable of its own.
struct AccessLog: Memory {
  private(set) var accesses: [Access] = []

  mutating func load(
    _ address: Term, byteCount: Int, when condition: Term, in terms: TermManager
  ) -> Term {
    let value = terms.fresh("loaded", .bitVector(byteCount * 8), origin: .input)
    accesses.append(
      Access(
        address: address, byteCount: byteCount, value: value, isStore: false,
        condition: condition))
    return value
  }

  mutating func store(
    _ address: Term, _ value: Term, when condition: Term, in terms: TermManager
  ) {
    accesses.append(
      Access(
        address: address, byteCount: terms.width(value) / 8, value: value, isStore: true,
        condition: condition))
  }
}
