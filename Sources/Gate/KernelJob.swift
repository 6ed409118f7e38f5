import BinVerify

/// How a counterexample is shown: the words of `prove`.
public typealias CounterexampleWords = (Counterexample, Contract, LoadedCode, any Architecture)
  -> String

/// The verification of one kernel, in a process of its own.
struct KernelJob {
  /// What came of it.
  struct Outcome: Codable, Sendable {
    var kernel: GateReport.Kernel
    /// The text of the proof's record; nil where there is none.
    var record: String?
    /// The digests of what was read, in the order of the kernel's `files`.
    var files: [Digest] = []
    /// Whether it says something of the kernel; if not, the run was cut short, and nothing of that is
    /// tolerated.
    var isAnswer = true
    /// Entries of the cache that were found changed.
    var damaged: [String] = []
  }

  let kernel: Manifest.Kernel
  let folder: String
  let cache: Cache?
  /// The proof that has to be found again without any solver; nil to look for one.
  let locked: ProofRecord?
  /// The solvers to ask; not used with `locked`.
  let solvers: Solvers
  let words: CounterexampleWords
  /// Called with the text of each query that the proof rests on; nil for nothing.
  var onText: ((LedgerText) -> Void)?

  func run() -> Outcome {
    var outcome = Outcome(kernel: GateReport.Kernel(kernel))
    do {
      let inputs = try KernelInputs(kernel, folder: folder)
      outcome.kernel.isa = inputs.code.isa
      outcome.files = inputs.files
      try verify(inputs, &outcome)
    } catch let error as UnsupportedCode {
      outcome.kernel.verdict = .unsupported
      let bytes = error.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      outcome.kernel.reason =
        "unsupported at 0x\(String(error.address, radix: 16)): "
        + "\(bytes.joined(separator: " ")): \(error.reason)"
    } catch is VacuousSpecification {
      outcome.kernel.verdict = .vacuous
      outcome.kernel.reason = "no input satisfies requires"
    } catch {
      outcome.kernel.verdict = .invalid
      outcome.kernel.reason = KernelError.words(error)
    }
    outcome.damaged = cache?.damaged ?? []
    return outcome
  }

  private func verify(_ inputs: KernelInputs, _ outcome: inout Outcome) throws {
    let expected = ProofRecord(kernel, inputs)
    if let locked {
      let changes = expected.changes(since: locked)
      guard changes.isEmpty else {
        outcome.kernel.stale(changes)
        return
      }
    }
    let ledger = Ledger(record: locked?.predicate, onText: onText)
    let solvers = locked == nil ? solvers : Solvers(sat: AbsentSolver(), smt: AbsentSolver())
    let wrap = { (solver: any Solver) in
      LedgerSolver(solver, cache: cache, ledger: ledger, isLocked: locked != nil)
    }
    let asked = Solvers(
      sat: solvers.sat.map(wrap), smt: wrap(solvers.smt), patientSAT: solvers.patientSAT.map(wrap))
    if inputs.reference == nil {
      try prove(inputs, asked, ledger, &outcome.kernel)
    } else {
      try compare(inputs, asked, ledger, &outcome.kernel)
    }
    guard outcome.kernel.verdict == .proved else {
      if locked != nil, outcome.kernel.verdict == .inconclusive {
        let reason = outcome.kernel.reason.map { " (\($0))" } ?? ""
        outcome.kernel.stale(["its queries are not those on record" + reason])
      }
      return
    }
    finish(expected, ledger, &outcome)
  }

  /// Completes the record, and compares it to the one that has to be found again.
  private func finish(_ record: ProofRecord, _ ledger: Ledger, _ outcome: inout Outcome) {
    guard !ledger.hasNameless else {
      outcome.kernel.verdict = .inconclusive
      outcome.kernel.reason = "two names of the specification cannot be told apart in SMT-LIB"
      return
    }
    var record = record
    record.predicate.solver = locked?.predicate.solver ?? outcome.kernel.solver
    record.predicate.placements = outcome.kernel.placements
    record.predicate.obligations = ledger.obligations(without: kernel.waived)
    record.predicate.execution = ledger.answers
    if let locked {
      outcome.kernel.solver = locked.predicate.solver
      record.takeConfirmations(from: locked)
    }
    guard let text = try? record.text() else {
      outcome.kernel.verdict = .inconclusive
      outcome.kernel.reason = "the record has no text"
      return
    }
    if let locked, text != (try? locked.text()) {
      outcome.kernel.stale(["the record was edited, or the engine asks other queries than it did"])
      return
    }
    outcome.record = String(decoding: text, as: UTF8.self)
  }

  // MARK: The two kinds

  private func prove(
    _ inputs: KernelInputs, _ solvers: Solvers, _ ledger: Ledger, _ kernel: inout GateReport.Kernel
  ) throws {
    let report = try BinVerify.prove(
      code: inputs.code, specification: inputs.contract,
      options: self.kernel.limits.options(waiving: self.kernel.waived),
      cpu: inputs.architectures[0].cpu, solvers: solvers, ledger: ledger)
    kernel.fill(report.obligations, report.placements, report.solver, report.seconds)
    switch report.verdict {
    case .proved: kernel.verdict = .proved
    case .inconclusive(let open): kernel.open(open)
    case .refuted(let found):
      kernel.refute(
        counterexamples(inputs).report(
          found, text: words(found, inputs.contract, inputs.code, inputs.architectures[0])))
    }
  }

  private func compare(
    _ inputs: KernelInputs, _ solvers: Solvers, _ ledger: Ledger, _ kernel: inout GateReport.Kernel
  ) throws {
    guard let reference = inputs.reference else { return }
    let report = try BinVerify.equivalent(
      first: reference, second: inputs.code, contract: inputs.contract,
      options: self.kernel.limits.options(waiving: []), firstCPU: inputs.architectures[1].cpu,
      secondCPU: inputs.architectures[0].cpu, solvers: solvers, ledger: ledger)
    kernel.fill(report.obligations, report.placements, report.solver, report.seconds)
    switch report.verdict {
    case .equivalent: kernel.verdict = .proved
    case .inconclusive(let open): kernel.open(open)
    case .different(let found):
      kernel.refute(counterexamples(inputs).report(found))
    }
  }

  private func counterexamples(_ inputs: KernelInputs) -> CounterexampleReport {
    CounterexampleReport(inputs, SourceMap(inputs, kernel, folder: folder))
  }
}

extension GateReport.Kernel {
  /// The outcome of an entry before anything is known.
  init(_ kernel: Manifest.Kernel) {
    let against =
      switch kernel.obligation {
      case .specification(let path): path
      case .reference(let code, _, _): code.text
      }
    self.init(
      name: kernel.name, line: kernel.line, column: kernel.column, code: kernel.code,
      symbol: kernel.symbol, against: against, isa: kernel.isa, verdict: .inconclusive)
    waived = ObligationKind.allCases.filter(kernel.waived.contains)
  }

  /// There is no proof on record of what is there now.
  mutating func stale(_ changes: [String]) {
    verdict = .stale
    reason = changes.joined(separator: "; ")
  }

  fileprivate mutating func open(_ open: Inconclusive) {
    verdict = .inconclusive
    reason = "\(open.obligation.rawValue): \(open.reason)"
  }

  fileprivate mutating func refute(_ found: GateReport.Counterexample) {
    verdict = .refuted
    reason = "\(found.obligation.rawValue): \(found.message)"
    counterexample = found
  }

  fileprivate mutating func fill(
    _ reports: [ObligationReport], _ placements: Int, _ solver: String, _ seconds: Double
  ) {
    obligations = reports.map {
      GateReport.Obligation(
        kind: $0.kind, status: $0.status.rawValue, stage: $0.stage, claims: $0.claims,
        seconds: $0.seconds)
    }
    self.placements = placements
    self.solver = solver
    self.seconds = seconds
  }
}
