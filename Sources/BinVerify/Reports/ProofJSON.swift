import Contracts
import MachineModel
import Verification

/// What a proof's document says besides its verdict.
package struct ProofSubject {
  package let code: LoadedCode
  package let contract: Contract
  package let architecture: any Architecture
  private let explains: Bool

  /// - Parameter explains: whether counterexamples say what decides though nothing defines it, which takes two runs
  ///   of the code, and some more where something does.
  package init(
    code: LoadedCode, contract: Contract, architecture: any Architecture, explains: Bool = true
  ) {
    self.code = code
    self.contract = contract
    self.architecture = architecture
    self.explains = explains
  }

  /// The counterexample's part of the document.
  package func json(_ found: Counterexample) -> JSON {
    .counterexample(
      found, contract, trace, undefined: explains ? trace.undefined(found.input, contract) : [])
  }

  var trace: TraceSource {
    TraceSource(code: code.code, architecture: architecture)
  }

  /// The document of a verdict, as `binverify prove --json` prints it.
  /// - Parameter extra: members that go after the counterexample's.
  package func json(_ report: VerificationReport, extra: [(String, JSON)] = []) -> JSON {
    var members: [(String, JSON)] = [
      ("milliseconds", .milliseconds(report.seconds)),
      ("obligations", .obligations(report.obligations)),
      ("placements", .integer(report.placements)), ("steps", .integer(report.steps)),
      ("terms", .integer(report.terms)), ("queries", .integer(report.queries)),
      ("solver", .string(report.solver)),
    ]
    switch report.verdict {
    case .proved: return document("proved", status: 0, members)
    case .refuted(let found):
      members.append(("counterexample", json(found)))
      return document("refuted", status: 1, members + extra)
    case .inconclusive(let reason):
      members.append(("inconclusive", .inconclusive(reason)))
      return document("inconclusive", status: 3, members)
    }
  }

  /// The document of a proof without a verdict, which ends with `status`.
  package func document(_ verdict: String, status: Int, _ members: [(String, JSON)]) -> JSON {
    .proof(
      verdict, status: status, of: .init(code, architecture), specification: contract.file, members)
  }
}

extension JSON {
  /// What reports say of a code that was asked about.
  struct Subject {
    let name: String
    let isa: String
    let cpu: String

    init(name: String, isa: String, cpu: String) {
      self.name = name
      self.isa = isa
      self.cpu = cpu
    }

    init(_ code: LoadedCode, _ architecture: any Architecture) {
      self.init(name: code.code.name, isa: code.isa, cpu: architecture.cpu.name)
    }
  }

  /// The document of a proof, which ends with `status`.
  static func proof(
    _ verdict: String, status: Int, of code: Subject, specification: String,
    _ members: [(String, JSON)]
  ) -> JSON {
    .document(
      "prove",
      [
        ("verdict", .string(verdict)), ("status", .integer(status)), ("code", .string(code.name)),
        ("isa", .string(code.isa)), ("cpu", .string(code.cpu)),
        ("specification", .string(specification)),
      ] + members)
  }
}
