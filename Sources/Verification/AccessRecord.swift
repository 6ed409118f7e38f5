import MachineModel
import Terms

/// Memory that notes the accesses of one instruction; what loads give are variables.
struct AccessRecord: Memory {
  struct Access {
    let address: Term
    let condition: Term
    let value: Term
    let byteCount: Int
  }

  private(set) var loads: [Access] = []
  private(set) var stores: [Access] = []
  /// False once a load came after a store.
  private(set) var isInOrder = true

  mutating func load(
    _ address: Term, byteCount: Int, when condition: Term, in terms: TermManager
  ) -> Term {
    if !stores.isEmpty { isInOrder = false }
    let value = terms.variable("load \(loads.count) \(byteCount)", width: byteCount * 8)
    loads.append(
      Access(address: address, condition: condition, value: value, byteCount: byteCount))
    return value
  }

  mutating func store(
    _ address: Term, _ value: Term, when condition: Term, in terms: TermManager
  ) {
    stores.append(
      Access(
        address: address, condition: condition, value: value,
        byteCount: terms.width(value) / 8))
  }
}
