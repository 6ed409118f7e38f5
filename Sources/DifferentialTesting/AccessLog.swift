import MachineModel
import Terms

/// Memory as the ordered log of one instruction's accesses: each load is a variable of its own.
struct AccessLog: Memory {
  struct Access {
    let address: Term
    let byteCount: Int
    /// What was loaded, a variable, or stored.
    let value: Term
    let isStore: Bool
    /// Where it is made at all.
    let condition: Term
  }

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
