import BinVerify

extension GateReport {
  /// What an input or an outcome is, line by line under a heading.
  public struct Values: Codable, Sendable {
    public var heading: String
    public var lines: [String]
  }

  /// An executed instruction with what it changed.
  public struct Step: Codable, Sendable {
    /// A register, flag or place in memory with its new value, in hexadecimal.
    public struct Change: Codable, Sendable {
      public var name: String
      /// Nil for memory, whose old value is not recorded.
      public var before: String?
      public var after: String
    }

    public var address: UInt64
    public var bytes: [UInt8]
    public var text: String
    public var changes: [Change]
    public var source: Source?
  }
}

/// Makes the report's counterexamples out of the engine's.
struct CounterexampleReport {
  private let inputs: KernelInputs
  private let map: SourceMap

  init(_ inputs: KernelInputs, _ map: SourceMap) {
    self.inputs = inputs
    self.map = map
  }

  /// - Parameter text: the whole as `prove` prints it.
  func report(_ found: Counterexample, text: String) -> GateReport.Counterexample {
    let undefined = source.undefined(found.input, inputs.contract)
    var sections = [
      ("input", inputText(found.input).lines(withAddresses: true, undefined: undefined))
    ]
    if let allowed = found.allowed {
      sections.append(("the specification allows", inputText(found.input).lines(allowed)))
    }
    if let outcome = found.outcome {
      sections.append(("the code did", inputText(found.input).lines(outcome)))
    }
    if let other = found.alternative {
      sections.append(("or, where undefined values differ", inputText(found.input).lines(other)))
    }
    return report(
      found.obligation, found.message, found.address, text, sections, found.trace, found.steps)
  }

  /// A difference between the reference and the kernel, as `equiv` shows it; the steps are the
  /// kernel's.
  func report(_ found: Difference) -> GateReport.Counterexample {
    let input = inputText(found.input)
    var sections = [
      ("input", input.lines(withAddresses: true)), ("the reference did", input.lines(found.first)),
    ]
    if let outcome = found.second { sections.append(("the code did", input.lines(outcome))) }
    let text = sections.flatMap { ["", $0.0] + $0.1.map { "  " + $0 } }
    return report(
      found.obligation, found.message, found.address,
      ([found.message] + text).map { $0 + "\n" }.joined(), sections, found.secondTrace,
      found.secondTrace.count)
  }

  private var source: TraceSource {
    TraceSource(code: inputs.code.code, architecture: inputs.architectures[0])
  }

  private func inputText(_ input: ConcreteInput) -> InputText {
    InputText(contract: inputs.contract, input: input, isVerbose: false)
  }

  private func report(
    _ obligation: ObligationKind, _ message: String, _ address: UInt64?, _ text: String,
    _ sections: [(String, [String])], _ trace: [TraceStep], _ count: Int
  ) -> GateReport.Counterexample {
    GateReport.Counterexample(
      obligation: obligation, message: message, address: address,
      source: address.flatMap { map[$0] }, text: text,
      values: sections.map { GateReport.Values(heading: $0.0, lines: $0.1) },
      steps: trace.map(step), stepCount: count)
  }

  private func step(_ step: TraceStep) -> GateReport.Step {
    let registers = step.changes.map {
      GateReport.Step.Change(
        name: $0.name, before: ValueText.cell($0.before), after: ValueText.cell($0.after))
    }
    let writes = step.writes.map {
      GateReport.Step.Change(name: "[\(hexadecimal($0.address))]", after: "0x\($0.value.hexDigits)")
    }
    let address = step.instruction.address
    return GateReport.Step(
      address: address, bytes: source.bytes(of: step.instruction),
      text: source.architecture.text(of: step.instruction), changes: registers + writes,
      source: map[address])
  }
}
