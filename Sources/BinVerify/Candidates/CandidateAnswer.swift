import MachineModel
import Verification

/// What a worker says of one candidate.
struct CandidateAnswer {
  let setup: CandidateSetup
  let subject: ProofSubject

  /// - Parameters:
  ///   - counterexample: the report's member that is one.
  ///   - report: asked for where results have reports.
  private func result(
    _ verdict: CandidateResult.Verdict, _ reward: Double, _ reason: String,
    _ obligations: [ObligationReport], counterexample: String? = nil,
    failingInput: String? = nil, _ report: @autoclosure () -> JSON?
  ) -> CandidateResult {
    let report = setup.reports ? report() : nil
    return CandidateResult(
      verdict: verdict, reward: reward, reason: reason,
      obligations: obligations.map { .init(kind: $0.kind, status: $0.status) },
      counterexample: counterexample.flatMap { report?[$0]?.text }, failingInput: failingInput,
      report: report?.text ?? "")
  }

  /// - Parameter isTested: whether it was a test that refuted the code.
  func report(
    _ report: VerificationReport, reward: Double, isTested: Bool = false
  ) -> CandidateResult {
    func json() -> JSON { subject.json(report) }
    switch report.verdict {
    case .proved: return result(.proved, Reward.proved, "", report.obligations, json())
    case .refuted(let found):
      return result(
        .refuted, reward, "\(found.obligation.rawValue): \(found.message)", report.obligations,
        counterexample: "counterexample", failingInput: isTested ? nil : found.input.text, json())
    case .inconclusive(let open):
      return result(
        .inconclusive, reward, "\(open.obligation.rawValue): \(open.reason)", report.obligations,
        json())
    }
  }

  /// The answer to code that a test refuted, without the run that shows it.
  func refuted(_ refutation: Refutation, reward: Double) -> CandidateResult {
    result(
      .refuted, reward, "\(refutation.kind.rawValue): \(refutation.message)",
      refutation.obligations, nil)
  }

  /// The answer to a comparison; its reward tells only the verdicts apart.
  func comparison(_ report: EquivalenceReport, _ reference: LoadedCode) -> CandidateResult {
    let other = ProofSubject(
      code: reference, contract: subject.contract,
      architecture: (try? architecture(named: reference.isa)) ?? subject.architecture)
    func json() -> JSON { ComparisonSubject(first: other, second: subject).json(report) }
    switch report.verdict {
    case .equivalent: return result(.proved, Reward.proved, "", report.obligations, json())
    case .different(let found):
      return result(
        .refuted, Reward.range.lowerBound, "\(found.obligation.rawValue): \(found.message)",
        report.obligations, counterexample: "difference", json())
    case .inconclusive(let open):
      return result(
        .inconclusive, Reward.range.lowerBound, "\(open.obligation.rawValue): \(open.reason)",
        report.obligations, json())
    }
  }

  func unsupported(_ error: UnsupportedCode) -> CandidateResult {
    let bytes = error.bytes.isEmpty ? "" : " \(digits(error.bytes)):"
    return result(
      .unsupported, Reward.unsupported,
      "unsupported at \(hexadecimal(error.address)):\(bytes) \(error.reason)", [],
      setup.document("unsupported", status: 4, [("unsupported", .unsupported(error))]))
  }

  func inconclusive(_ open: Inconclusive, reward: Double) -> CandidateResult {
    result(
      .inconclusive, reward, "\(open.obligation.rawValue): \(open.reason)", [],
      setup.document("inconclusive", status: 3, [("inconclusive", .inconclusive(open))]))
  }
}

extension CandidateSetup {
  /// What a candidate gets that could not be judged within the limits.
  var outOfBudget: Double { reference == nil ? Reward.outOfBudget : Reward.range.lowerBound }

  /// The result of a candidate that its worker did not survive.
  func lost(_ reason: String, reward: Double) -> CandidateResult {
    let open = Inconclusive(obligation: .termination, reason: reason)
    return CandidateResult(
      verdict: .inconclusive, reward: reward, reason: reason, obligations: [],
      counterexample: nil, failingInput: nil,
      report: reports
        ? document("inconclusive", status: 3, [("inconclusive", .inconclusive(open))]).text : "")
  }

  /// The report of a candidate without a verdict, which ends with `status`.
  fileprivate func document(
    _ verdict: String, status: Int, _ members: [(String, JSON)]
  ) -> JSON {
    let candidate = JSON.Subject(name: CandidateSetup.codeName, isa: isa, cpu: cpu.lowercased())
    guard let reference else {
      return .proof(verdict, status: status, of: candidate, specification: file, members)
    }
    return .comparison(
      verdict, status: status,
      of: .init(
        name: CandidateSetup.referenceName, isa: reference.isa, cpu: CPUProfile.any.name),
      with: candidate, specification: file, members)
  }
}

extension CandidateResult {
  /// The message that carries it.
  var message: WorkerMessage {
    WorkerMessage([
      Array("judged".utf8), Array(verdict.rawValue.utf8),
      withUnsafeBytes(of: reward.bitPattern.littleEndian) { Array($0) }, Array(reason.utf8),
      obligations.map(\.byte), Array((counterexample ?? "").utf8),
      Array((failingInput ?? "").utf8), Array(report.utf8),
    ])
  }

  /// The result in a message, or nil where it has none.
  init?(_ message: WorkerMessage) {
    guard message.fields.count == 8, message.text(0) == "judged",
      let verdict = Verdict(rawValue: message.text(1)), message.fields[2].count == 8
    else { return nil }
    self.verdict = verdict
    reward = Double(
      bitPattern: message.fields[2].reversed().reduce(0) { $0 << 8 | UInt64($1) })
    reason = message.text(3)
    obligations = message.fields[4].compactMap { Obligation(byte: $0) }
    if obligations.count != message.fields[4].count { return nil }
    counterexample = message.fields[5].isEmpty ? nil : message.text(5)
    failingInput = message.fields[6].isEmpty ? nil : message.text(6)
    report = message.text(7)
  }
}

extension CandidateResult.Obligation {
  /// The positions of its kind and its status among all.
  fileprivate var byte: UInt8 {
    guard let kind = ObligationKind.allCases.firstIndex(of: kind),
      let status = ObligationReport.Status.allCases.firstIndex(of: status)
    else { preconditionFailure("\(kind) \(status) is among all cases") }
    return UInt8(kind << 4 | status)
  }

  fileprivate init?(byte: UInt8) {
    let (kind, status) = (Int(byte >> 4), Int(byte & 15))
    guard ObligationKind.allCases.indices.contains(kind),
      ObligationReport.Status.allCases.indices.contains(status)
    else { return nil }
    self.kind = ObligationKind.allCases[kind]
    self.status = ObligationReport.Status.allCases[status]
  }
}
