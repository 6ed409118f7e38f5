import MachineModel
import Terms

/// Memory as one array of bytes that is arbitrary at entry: for showing what code does where nothing
/// says what it may access.
struct ArrayMemory: Memory {
  /// The contents, by 64-bit address.
  var bytes: Term

  mutating func load(
    _ address: Term, byteCount: Int, when condition: Term, in terms: TermManager
  ) -> Term {
    let array = bytes
    return terms.concat(
      (0..<UInt64(byteCount)).reversed().map { index in
        terms.select(array, terms.add(address, terms.constant(index, width: 64)))
      })
  }

  mutating func store(
    _ address: Term, _ value: Term, when condition: Term, in terms: TermManager
  ) {
    let old = bytes
    for index in 0..<terms.width(value) / 8 {
      bytes = terms.store(
        bytes, terms.add(address, terms.constant(UInt64(index), width: 64)),
        terms.extract(value, index * 8 + 7, index * 8))
    }
    bytes = terms.ifThenElse(condition, bytes, old)
  }
}
