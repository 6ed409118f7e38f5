import Terms
import Testing

/// Terms compared with the arithmetic of integers for all values of their variables.
struct AllValues {
  let terms = TermManager()

  /// A number of `width` bits with its sign.
  static func signed(_ value: Int, _ width: Int) -> Int {
    value >> (width - 1) & 1 == 1 ? value - 1 << width : value
  }

  /// What a term has to come to, given the values of the variables.
  typealias Case = (term: Term, expected: ([Int]) -> Int)

  /// Checks terms for all values of variables, which have at most ten bits together.
  func check(_ variables: [Term], _ cases: [Case]) {
    let bits = variables.map { terms.width($0) }
    let lanes = 1 << bits.reduce(0, +)
    func values(_ lane: Int) -> [Int] {
      var rest = lane
      return bits.map { width in
        defer { rest >>= width }
        return rest & (1 << width - 1)
      }
    }
    var evaluator = Evaluator(terms, roots: cases.map(\.term) + variables, lanes: lanes)
    for (index, variable) in variables.enumerated() {
      evaluator.set(variable) { UInt64(values($0)[index]) }
    }
    evaluator.run()
    for (term, expected) in cases {
      let mask = 1 << terms.width(term) - 1
      let wrong = (0..<lanes).first {
        Int(evaluator.word(term, lane: $0)) != expected(values($0)) & mask
      }
      #expect(wrong == nil, "\(text(term)) for \(values(wrong ?? 0))")
    }
  }

  private func text(_ term: Term) -> String {
    SMTLIBWriter(terms).script(defining: [("wrong", term)])
  }
}
