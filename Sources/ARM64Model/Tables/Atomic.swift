import MachineModel
import Terms

/// The atomics of FEAT_LSE: LDADD and its kin, SWP, CAS, CASP. Their order matters to other
/// observers only.
extension ARM64 {
  static let atomic: [Entry] =
    atomicOperations.flatMap { operation in
      suffixes.map { suffix, size in
        Entry(
          "\(operation.name)\(suffix)".uppercased(), tier: "A2", feature: "FEAT_LSE",
          atomicRows(operation, suffix, size)
        ) { exchange($0, &$1, operation.result) }
      }
    }
    + suffixes.map { suffix, size in
      Entry(
        "CAS\(suffix)".uppercased(), tier: "A2", feature: "FEAT_LSE", compareRows(suffix, size),
        execute: compareAndSwap)
    } + [Entry("CASP", tier: "A2", feature: "FEAT_LSE", pairRows, execute: compareAndSwapPair)]

  /// What memory gets: a function of what it had and of the register.
  private typealias Combination = @Sendable (TermManager, Term, Term) -> Term

  private struct AtomicOperation: Sendable {
    let name: String
    /// The fields `o3:opc`.
    let code: String
    let result: Combination
  }

  // swift-format-ignore
  private static let atomicOperations: [AtomicOperation] = [
    AtomicOperation(name: "ldadd",  code: "0 000") { $0.add($1, $2) },
    AtomicOperation(name: "ldclr",  code: "0 001") { $0.and($1, $0.not($2)) },
    AtomicOperation(name: "ldeor",  code: "0 010") { $0.xor($1, $2) },
    AtomicOperation(name: "ldset",  code: "0 011") { $0.or($1, $2) },
    AtomicOperation(name: "ldsmax", code: "0 100") { $0.ifThenElse($0.signedLess($1, $2), $2, $1) },
    AtomicOperation(name: "ldsmin", code: "0 101") { $0.ifThenElse($0.signedLess($2, $1), $2, $1) },
    AtomicOperation(name: "ldumax", code: "0 110") { $0.ifThenElse($0.unsignedLess($1, $2), $2, $1) },
    AtomicOperation(name: "ldumin", code: "0 111") { $0.ifThenElse($0.unsignedLess($2, $1), $2, $1) },
    AtomicOperation(name: "swp",    code: "1 000") { _, _, register in register },
  ]

  /// The end of a mnemonic for bytes, halfwords, and words with doublewords.
  private static let suffixes: [(String, [(register: String, size: String)])] = [
    ("b", [("W", "00")]), ("h", [("W", "01")]), ("", [("W", "10"), ("X", "11")]),
  ]

  /// The letters of acquire and release, and their bits.
  static let orders: [(letters: String, acquire: String, release: String)] = [
    ("", "0", "0"), ("a", "1", "0"), ("l", "0", "1"), ("al", "1", "1"),
  ]

  // swift-format-ignore
  private static func atomicRows(
    _ operation: AtomicOperation, _ suffix: String, _ sizes: [(register: String, size: String)]
  ) -> [Row] {
    sizes.flatMap { register, size in
      orders.map { letters, a, r in
        Row("\(operation.name)\(letters)\(suffix) <\(register)s>, <\(register)t>, [<Xn|SP>]",
            "\(size) 111 0 00 \(a) \(r) 1 Rs:5 \(operation.code) 00 Rn:5 Rt:5")
      }
    }
  }

  // swift-format-ignore
  private static func compareRows(
    _ suffix: String, _ sizes: [(register: String, size: String)]
  ) -> [Row] {
    sizes.flatMap { register, size in
      orders.map { letters, a, r in
        Row("cas\(letters)\(suffix) <\(register)s>, <\(register)t>, [<Xn|SP>]",
            "\(size) 001000 1 \(a) 1 Rs:5 \(r) 11111 Rn:5 Rt:5")
      }
    }
  }

  // swift-format-ignore
  private static let pairRows: [Row] = [("W", "0"), ("X", "1")].flatMap { register, sz in
    orders.map { letters, a, r in
      Row("casp\(letters) <\(register)s>, <\(register)(s+1)>, <\(register)t>, <\(register)(t+1)>, [<Xn|SP>]",
          "0 \(sz) 001000 0 \(a) 1 Rs:5!=xxxx1 \(r) 11111 Rn:5 Rt:5!=xxxx1")
    }
  }

  /// Changes memory by the first register and puts what was there into the second.
  private static func exchange(
    _ instruction: Instruction, _ state: inout MachineState, _ combine: Combination
  ) {
    let (register, memory) = (instruction.register(1), instruction.memory(2))
    let source = state.terms.extract(state[instruction.register(0)], memory.width - 1, 0)
    let address = state.alignedAccess(memory, byteCount: memory.width / 8)
    let old = state.load(address, byteCount: memory.width / 8)
    state.store(address, combine(state.terms, old, source))
    state[register] = state.terms.zeroExtend(old, to: register.width)
  }

  /// Writes the second register to memory if that has the first one's value, and puts what was
  /// there into the first.
  private static let compareAndSwap: Execution = { instruction, state in
    let terms = state.terms
    let (register, memory) = (instruction.register(0), instruction.memory(2))
    let expected = terms.extract(state[register], memory.width - 1, 0)
    let new = terms.extract(state[instruction.register(1)], memory.width - 1, 0)
    let address = state.alignedAccess(memory, byteCount: memory.width / 8)
    let old = state.load(address, byteCount: memory.width / 8)
    state.store(address, terms.ifThenElse(terms.equal(old, expected), new, old))
    state[register] = terms.zeroExtend(old, to: register.width)
  }

  /// The same with two registers of each kind, the first one at the lower address.
  private static let compareAndSwapPair: Execution = { instruction, state in
    let terms = state.terms
    let memory = instruction.memory(4)
    let values = (0..<4).map { state[instruction.register($0)] }
    let address = state.alignedAccess(memory, byteCount: memory.width / 4)
    let old = state.load(address, byteCount: memory.width / 4)
    let isEqual = terms.equal(old, terms.concat(values[1], values[0]))
    state.store(address, terms.ifThenElse(isEqual, terms.concat(values[3], values[2]), old))
    state[instruction[0]] = terms.extract(old, memory.width - 1, 0)
    state[instruction[1]] = terms.extract(old, 2 * memory.width - 1, memory.width)
  }
}
