import MachineModel
import Terms

/// Bitwise operations and tests of whole vectors; those on floating-point registers are the same
/// (Intel SDM, volume 2, PAND, PANDN, POR, PXOR, ANDPS and its kind, PTEST, VTESTPD/VTESTPS).
extension Tables {
  static let vectorLogic: [Entry] = [
    bitwise("PAND: bitwise and", "pand", "66 0F DB /r") { $0.and($1, $2) },
    bitwise("PANDN: and with the complement", "pandn", "66 0F DF /r") { $0.and($0.not($1), $2) },
    bitwise("POR: bitwise or", "por", "66 0F EB /r") { $0.or($1, $2) },
    bitwise("PXOR: bitwise exclusive or", "pxor", "66 0F EF /r") { $0.xor($1, $2) },
    floating("AND", "54") { $0.and($1, $2) },
    floating("ANDN", "55") { $0.and($0.not($1), $2) },
    floating("OR", "56") { $0.or($1, $2) },
    floating("XOR", "57") { $0.xor($1, $2) },
    Entry(
      test("PTEST: flags of a bitwise and", bits: 1),
      vectorRows("ptest", "66 0F 38 17 /r", "SSE4_1", .unary, wide: "AVX")),
    Entry(
      test("VTESTPS: flags of a bitwise and of signs of 32 bits", bits: 32),
      avxRows("vtestps", "66.0F38.W0", "0E /r", "AVX", .unary)),
    Entry(
      test("VTESTPD: flags of a bitwise and of signs of 64 bits", bits: 64),
      avxRows("vtestpd", "66.0F38.W0", "0F /r", "AVX", .unary)),
  ]

  private static func bitwise(
    _ title: String, _ mnemonic: String, _ encoding: String,
    _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Entry {
    Entry(wholeVector(title, operation), vectorRows(mnemonic, encoding, "SSE2"))
  }

  /// Both floating-point types of an operation.
  private static func floating(
    _ name: String, _ opcode: String,
    _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Entry {
    let mnemonic = name.lowercased()
    return Entry(
      wholeVector("\(name)PS, \(name)PD: bitwise on floating-point vectors", operation),
      vectorRows("\(mnemonic)ps", "NP 0F \(opcode) /r", "SSE", wide: "AVX")
        + vectorRows("\(mnemonic)pd", "66 0F \(opcode) /r", "SSE2", wide: "AVX"))
  }

  private static func wholeVector(
    _ title: String, _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Family {
    vectorFamily(title) { instruction, state in
      let (left, right) = state.sources(instruction)
      state[instruction[0]] = operation(state.terms, left, right)
    }
  }

  /// ZF and CF say that no top bit of an element is set in the second and the first operand, or in
  /// the second and not in the first.
  private static func test(_ title: String, bits width: Int) -> Family {
    vectorFamily(title, flags: FlagEffects(writes: .status)) { instruction, state in
      let terms = state.terms
      let (first, second) = (state[instruction[0]], state.source(instruction, 1))
      func isEmpty(_ value: Term) -> Term {
        let tops =
          width == 1
          ? value
          : terms.joined(terms.lanes(value, of: width).map { terms.bitTerm($0, width - 1) })
        return terms.equal(tops, terms.constant(.zero(terms.width(tops))))
      }
      state[.zf] = isEmpty(terms.and(second, first))
      state[.cf] = isEmpty(terms.and(second, terms.not(first)))
      for flag in [Flag.pf, .af, .sf, .of] { state[flag] = terms.false }
    }
  }
}

extension TermManager {
  /// Bit `index` as a bit-vector of width one.
  func bitTerm(_ value: Term, _ index: Int) -> Term { extract(value, index, index) }
}
