import BinVerify

extension ReportText {
  /// What the input is, what is allowed, what happened, and how.
  mutating func counterexample(
    _ found: Counterexample, _ contract: Contract, _ trace: TraceText
  ) {
    note(found.message, about: found.obligation)
    if let address = found.address { note("at \(trace.place(address, in: found.trace))") }
    let input = InputText(contract: contract, input: found.input, isVerbose: isVerbose)
    section(
      "input",
      input.lines(
        withAddresses: found.obligation == .memory,
        undefined: trace.source.undefined(found.input, contract)))
    if let allowed = found.allowed {
      section("the specification allows", input.lines(allowed))
    }
    if let outcome = found.outcome { section("the code did", input.lines(outcome)) }
    if let other = found.alternative {
      section("or, where undefined values differ", input.lines(other))
    }
    section("trace (\(count(found.steps)))", trace.lines(found.trace, steps: found.steps))
  }

  /// What the input is and what either code makes of it.
  mutating func difference(
    _ found: Difference, _ contract: Contract, _ first: TraceText, _ second: TraceText
  ) {
    note(found.message, about: found.obligation)
    if let address = found.address {
      note("at \(second.place(address, in: found.secondTrace)) of the second")
    }
    let input = InputText(contract: contract, input: found.input, isVerbose: isVerbose)
    section("input", input.lines(withAddresses: found.obligation == .memory))
    section("the first did", input.lines(found.first))
    if let outcome = found.second { section("the second did", input.lines(outcome)) }
    section(
      "trace of the first (\(count(found.firstTrace.count)))",
      first.lines(found.firstTrace, steps: found.firstTrace.count))
    section(
      "trace of the second (\(count(found.secondTrace.count)))",
      second.lines(found.secondTrace, steps: found.secondTrace.count))
  }

  private func count(_ steps: Int) -> String {
    steps == 1 ? "1 instruction" : "\(steps) instructions"
  }
}
