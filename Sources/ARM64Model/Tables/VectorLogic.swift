import MachineModel
import Terms

/// Bitwise instructions on vectors.
extension ARM64 {
  static let vectorLogic: [Entry] = [
    bitwise("and", "0", "00", binary { $0.terms.and($1, $2) }),
    bitwise("bic", "0", "01", binary { $0.terms.and($1, $0.terms.not($2)) }),
    bitwise("orr", "0", "10", binary { $0.terms.or($1, $2) }),
    bitwise("orn", "0", "11", binary { $0.terms.or($1, $0.terms.not($2)) }),
    bitwise("eor", "1", "00", binary { $0.terms.xor($1, $2) }),
    bitwise("bsl", "1", "01", ternary { choice($0.terms, $1, $2, $3) }),
    bitwise("bit", "1", "10", ternary { choice($0.terms, $3, $2, $1) }),
    bitwise("bif", "1", "11", ternary { choice($0.terms, $3, $1, $2) }),
  ]

  /// The bits of `ones` where `selector` has ones, those of `zeros` elsewhere.
  private static func choice(
    _ terms: TermManager, _ selector: Term, _ ones: Term, _ zeros: Term
  ) -> Term {
    terms.or(terms.and(ones, selector), terms.and(zeros, terms.not(selector)))
  }

  private static func bitwise(
    _ name: String, _ u: String, _ size: String, _ execute: @escaping Execution
  ) -> Entry {
    simd(
      "\(name.uppercased()) (vector)",
      [
        Row(
          "\(name) <Vd>.<b>, <Vn>.<b>, <Vm>.<b>",
          "0 Q \(u) 01110 \(size) 1 Rm:5 00011 1 Rn:5 Rd:5")
      ], execute: execute)
  }
}
