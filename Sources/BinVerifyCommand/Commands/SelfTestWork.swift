import BinVerify
import DifferentialTesting
import RowTesting

/// `binverify isa --self-test`: the tables against this machine.
struct SelfTestWork {
  let names: [String]
  /// The rows that are asked for.
  let selects: (Form) -> Bool
  let states: Int
  /// The folder of the evidence to bring up to date; nil for none.
  let evidence: String?
  /// Whether rows are passed over that the evidence has so many states of.
  let resume: Bool
  /// After how many minutes no row is begun; nil for no limit.
  let minutes: Double?
  let output: OutputOptions

  /// One architecture's answer.
  private struct Answer {
    let name: String
    var oracle = ""
    /// Why nothing was run; nil if something was.
    var unavailable: String?
    var rows: [(form: Form, outcome: SelfTest.Outcome)] = []
    /// Rows that were passed over, and rows for which there was no time.
    var known = 0
    var left = 0

    var agreeing: Int {
      rows.filter { if case .agrees = $0.outcome { true } else { false } }.count
    }
    var states: Int {
      rows.reduce(0) { sum, row in
        switch row.outcome {
        case .agrees(let states), .disagrees(let states, _): sum + states
        case .skipped: sum
        }
      }
    }
    var disagreeing: [(form: Form, texts: [String])] {
      rows.compactMap {
        if case .disagrees(_, let texts) = $0.outcome { ($0.form, texts) } else { nil }
      }
    }
    var skipped: [(form: Form, reason: String)] {
      rows.compactMap {
        if case .skipped(let reason) = $0.outcome { ($0.form, reason) } else { nil }
      }
    }
  }

  func run(_ context: Job.Context, _ restricted: (String) throws -> any Architecture) throws
    -> CommandOutcome
  {
    let start = ContinuousClock.now
    let answers = try names.map {
      try answer($0, cpu: try restricted($0).cpu, known: known($0, context), since: start)
    }
    let isUnavailable = answers.allSatisfy { $0.unavailable != nil }
    let isWrong = answers.contains { !$0.disagreeing.isEmpty }
    let status: ExitStatus = isWrong ? .refuted : isUnavailable ? .inconclusive : .success
    let text =
      output.json
      ? json(answers, status).text : answers.flatMap(text).map { $0 + "\n" }.joined()
    return CommandOutcome(
      status: status, output: text, files: try answers.compactMap { try file($0, context) })
  }

  private func answer(
    _ name: String, cpu: CPUProfile, known: Evidence, since start: ContinuousClock.Instant
  ) throws -> Answer {
    var answer = Answer(name: name)
    let test: SelfTest
    do {
      test = try SelfTest(isa: name, packageRoot: ".")
    } catch {
      answer.unavailable = error.description
      return answer
    }
    answer.oracle = test.oracle
    for form in test.architecture.forms where cpu.accepts(form) && selects(form) {
      let result = known[Evidence.Key(syntax: form.syntax, encoding: form.encoding)]
      if resume, let result, result.states >= states, result.mismatches == 0 {
        answer.known += 1
      } else if let minutes, ContinuousClock.now - start > .seconds(minutes * 60) {
        answer.left += 1
      } else {
        answer.rows.append((form, test.run(form, states: states)))
      }
    }
    return answer
  }

  // MARK: Text

  private func text(_ answer: Answer) -> [String] {
    let style = output.style
    if let reason = answer.unavailable {
      return ["\(style.bold(answer.name))  \(style.yellow("not run")): \(reason)"]
    }
    let wrong = answer.disagreeing
    var lines = [
      "\(style.bold(answer.name))  \(answer.agreeing) rows agree with \(answer.oracle), in "
        + "\(answer.states) states; \(wrong.count) disagree, \(answer.skipped.count) skipped"
    ]
    if answer.known > 0 { lines.append("  \(answer.known) passed over: enough states before") }
    if answer.left > 0 { lines.append("  \(answer.left) not begun: the time was over") }
    if output.quiet { return lines }
    for (form, texts) in wrong {
      lines.append("  \(style.red("disagrees"))  \(form.syntax)  \(style.dim(form.encoding))")
      lines += texts.map { "    \($0)" }
    }
    var reasons: [String] = []
    for (_, reason) in answer.skipped where !reasons.contains(reason) { reasons.append(reason) }
    for reason in reasons {
      let forms = answer.skipped.filter { $0.reason == reason }.map(\.form)
      lines.append("  skipped \(forms.count): \(reason)")
      lines += forms.prefix(output.verbose ? forms.count : 3).map { "    \($0.syntax)" }
      if forms.count > 3, !output.verbose { lines.append("    … (--verbose shows all)") }
    }
    return lines
  }

  // MARK: JSON

  private func json(_ answers: [Answer], _ status: ExitStatus) -> JSON {
    .document(
      "self-test",
      [
        ("status", .integer(Int(status.rawValue))),
        ("architectures", .array(answers.map(json))),
      ])
  }

  private func json(_ answer: Answer) -> JSON {
    if let reason = answer.unavailable {
      return .object([("name", .string(answer.name)), ("unavailable", .string(reason))])
    }
    return .object([
      ("name", .string(answer.name)), ("machine", .string(answer.oracle)),
      ("agreeing", .integer(answer.agreeing)), ("states", .integer(answer.states)),
      ("passedOver", .integer(answer.known)), ("notBegun", .integer(answer.left)),
      (
        "disagreements",
        .array(answer.disagreeing.map { row($0, ("states", .array($1.map { .string($0) }))) })
      ),
      ("skipped", .array(answer.skipped.map { row($0, ("reason", .string($1))) })),
    ])
  }

  private func row(_ form: Form, _ member: (String, JSON)) -> JSON {
    .object([
      ("syntax", .string(form.syntax)), ("encoding", .string(form.encoding)), member,
    ])
  }

  // MARK: Evidence

  private func path(_ name: String) -> String? { evidence.map { "\($0)/\(name).tsv" } }

  /// What the evidence says so far.
  private func known(_ name: String, _ context: Job.Context) throws -> Evidence {
    guard let path = path(name), let bytes = try? context.read(path) else { return Evidence() }
    guard let evidence = Evidence(text: String(decoding: bytes, as: UTF8.self)) else {
      throw Failure("\(path): error: is no evidence")
    }
    return evidence
  }

  /// The evidence with these results in it; nil if none is to be written.
  private func file(
    _ answer: Answer, _ context: Job.Context
  ) throws -> CommandOutcome.File? {
    guard let path = path(answer.name), answer.unavailable == nil else { return nil }
    var all = try known(answer.name, context)
    for (form, outcome) in answer.rows {
      let key = Evidence.Key(syntax: form.syntax, encoding: form.encoding)
      switch outcome {
      case .agrees(let states):
        all[key] = Evidence.Result(oracle: answer.oracle, states: states, mismatches: 0)
      case .disagrees(let states, let texts):
        all[key] = Evidence.Result(
          oracle: answer.oracle, states: states, mismatches: texts.count)
      case .skipped: break
      }
    }
    let keys = try architecture(named: answer.name).forms.map {
      Evidence.Key(syntax: $0.syntax, encoding: $0.encoding)
    }
    return CommandOutcome.File(path: path, contents: Array(all.text(of: keys).utf8))
  }
}
