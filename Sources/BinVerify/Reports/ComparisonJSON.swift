import MachineModel
import Verification

/// What a comparison's document says besides its verdict.
package struct ComparisonSubject {
  package let first: ProofSubject
  package let second: ProofSubject

  package init(first: ProofSubject, second: ProofSubject) {
    self.first = first
    self.second = second
  }

  /// The document of a verdict, as `binverify equiv --json` prints it.
  package func json(_ report: EquivalenceReport) -> JSON {
    let head: [(String, JSON)] = [
      ("milliseconds", .milliseconds(report.seconds)),
      ("obligations", .obligations(report.obligations)),
      ("placements", .integer(report.placements)), ("solver", .string(report.solver)),
    ]
    switch report.verdict {
    case .equivalent: return document("equivalent", status: 0, head)
    case .different(let found):
      return document("different", status: 1, head + [("difference", json(found))])
    case .inconclusive(let reason):
      return document("inconclusive", status: 3, head + [("inconclusive", .inconclusive(reason))])
    }
  }

  /// The difference's part of the document.
  package func json(_ found: Difference) -> JSON {
    .difference(found, first.contract, first.trace, second.trace)
  }

  /// The document of a comparison without a verdict, which ends with `status`.
  package func document(_ verdict: String, status: Int, _ members: [(String, JSON)]) -> JSON {
    .comparison(
      verdict, status: status, of: .init(first.code, first.architecture),
      with: .init(second.code, second.architecture), specification: first.contract.file, members)
  }
}

extension JSON {
  /// The document of a comparison, which ends with `status`.
  static func comparison(
    _ verdict: String, status: Int, of first: Subject, with second: Subject, specification: String,
    _ members: [(String, JSON)]
  ) -> JSON {
    .document(
      "equiv",
      [
        ("verdict", .string(verdict)), ("status", .integer(status)),
        ("first", .string(first.name)), ("firstISA", .string(first.isa)),
        ("firstCPU", .string(first.cpu)), ("second", .string(second.name)),
        ("secondISA", .string(second.isa)), ("secondCPU", .string(second.cpu)),
        ("specification", .string(specification)),
      ] + members)
  }
}
