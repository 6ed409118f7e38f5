import Contracts
import MachineModel
import Terms

/// An input on which the code does wrong, confirmed by running it.
public struct Counterexample: Sendable {
  /// The outputs and buffers at the end of a run.
  public struct Outcome: Sendable, Hashable {
    public let outputs: [String: BitVector]
    /// The elements of each buffer, in the order of the input's.
    public let buffers: [[BitVector]]

    public init(outputs: [String: BitVector], buffers: [[BitVector]]) {
      self.outputs = outputs
      self.buffers = buffers
    }
  }

  /// The obligation that fails.
  public let obligation: ObligationKind
  public let message: String
  /// The instruction at which it goes wrong; nil where only the final state shows it.
  public let address: UInt64?
  public let input: ConcreteInput
  /// What the code did; nil where it did not get to its end.
  public let outcome: Outcome?
  /// A different outcome of the same input, where undefined values decide.
  public let alternative: Outcome?
  /// An outcome that the specification allows for this input, if one was found.
  public let allowed: Outcome?
  public let trace: [TraceStep]
  /// The instructions that the run took; more than the trace has if that was cut.
  public let steps: Int
}

/// Turns a solver's model into a counterexample by running the code on it.
struct CounterexampleFinder {
  let stream: InstructionStream
  let contract: Contract
  let layout: Layout
  let solvers: Solvers
  let limits: SolverLimits
  let reader: InputReader

  init(
    stream: InstructionStream, contract: Contract, layout: Layout, inputs: Inputs,
    entry: EntryState, solvers: Solvers, limits: SolverLimits
  ) {
    self.stream = stream
    self.contract = contract
    self.layout = layout
    self.solvers = solvers
    self.limits = limits
    reader = InputReader(inputs, entry)
  }

  /// What running the code on a model shows.
  enum Finding {
    case violation(Counterexample)
    case nothing
    /// A run was given up.
    case tooLong
  }

  /// What runs on `model` show, one for each choice of what is undefined until one shows something.
  /// - Parameters:
  ///   - steps: the instructions after which a run is given up.
  ///   - deadline: when it is given up at the latest.
  func run(_ model: Model, steps: Int, until deadline: Deadline? = nil) -> Finding {
    guard reader.input(model).isInput(of: stream, contract, layout) else { return .nothing }
    for choice in UndefinedChoice.all {
      let input = reader.input(model, choice: choice)
      let replay = Replay(
        stream, contract, layout, input, choice: choice, steps: steps, until: deadline)
      if let violation = replay.violation {
        return .violation(counterexample(input, replay, violation))
      }
      if replay.isTooLong { return .tooLong }
    }
    return .nothing
  }

  /// The counterexample that a run on `model` confirms, if any of the choices of what is undefined
  /// does.
  func confirm(
    _ model: Model, steps: Int = ConcreteMachine.stepLimit, until deadline: Deadline? = nil
  ) -> Counterexample? {
    if case .violation(let found) = run(model, steps: steps, until: deadline) {
      found
    } else {
      nil
    }
  }

  private func counterexample(
    _ input: ConcreteInput, _ replay: Replay, _ violation: Replay.Violation
  ) -> Counterexample {
    let reachedEnd = violation.kind == .ensures || violation.kind == .abi
    return Counterexample(
      obligation: violation.kind, message: violation.message, address: violation.address,
      input: input,
      outcome: reachedEnd ? .init(outputs: replay.outputs, buffers: replay.buffers) : nil,
      alternative: nil, allowed: violation.kind == .ensures ? allowed(input) : nil,
      trace: replay.trace, steps: replay.steps)
  }

  /// The counterexample to independence that two models of the undefined values make: equal
  /// inputs, different outcomes.
  func confirmDependence(_ first: Model, _ second: Model) -> Counterexample? {
    var seen: (ConcreteInput, Replay)?
    for model in [first, second] {
      let input = reader.input(model)
      guard input.isInput(of: stream, contract, layout) else { return nil }
      for choice in UndefinedChoice.all {
        let replay = Replay(stream, contract, layout, input, choice: choice)
        if let violation = replay.violation { return counterexample(input, replay, violation) }
        if replay.isTooLong { return nil }
        guard replay.hasEnded else { continue }
        guard let (firstInput, known) = seen else {
          seen = (input, replay)
          continue
        }
        if known.outputs != replay.outputs || known.buffers != replay.buffers {
          return Counterexample(
            obligation: .independence,
            message: "the outcome depends on a value that nothing defines", address: nil,
            input: firstInput, outcome: .init(outputs: known.outputs, buffers: known.buffers),
            alternative: .init(outputs: replay.outputs, buffers: replay.buffers), allowed: nil,
            trace: known.trace, steps: known.steps)
        }
      }
    }
    return nil
  }

  /// An outcome that the postcondition allows.
  func allowed(_ input: ConcreteInput) -> Counterexample.Outcome? {
    let terms = TermManager()
    var environment = ConcreteEnvironment.make(
      contract, input, outputs: [:], buffers: [], terms)
    for output in contract.outputs {
      environment[output.name] = terms.variable("out " + output.name, width: output.type.width)
    }
    var after: [[Term]] = []
    for buffer in input.buffers {
      let elements = buffer.elements.enumerated().map { index, value in
        buffer.type.isConst
          ? terms.constant(value)
          : terms.variable("out \(buffer.name)[\(index)]", width: buffer.type.element.width)
      }
      after.append(elements)
      environment[buffer.name + ".out"] = elements.enumerated().reduce(
        terms.variable(
          buffer.name + ".outside", .array(index: 64, element: buffer.type.element.width))
      ) { terms.store($0, terms.constant(UInt64($1.offset), width: 64), $1.element) }
    }
    guard let ensures = try? contract.elaborateEnsures(environment: environment, in: terms),
      case .satisfiable(let model) = solvers.check([ensures], in: terms, limits: quick)
    else { return nil }
    func value(_ term: Term) -> BitVector {
      terms.value(term) ?? model.values[term] ?? .zero(terms.width(term))
    }
    return Counterexample.Outcome(
      outputs: Dictionary(
        uniqueKeysWithValues: contract.outputs.compactMap { output in
          environment[output.name].map { (output.name, value($0)) }
        }), buffers: after.map { $0.map(value) })
  }

  /// Finding an allowed outcome is a courtesy and may not take long.
  private var quick: SolverLimits {
    SolverLimits(
      seconds: Swift.min(2, limits.seconds), resource: limits.resource, memory: limits.memory)
  }
}

extension ConcreteInput {
  /// Whether the input satisfies the precondition, by evaluation.
  func permits(_ contract: Contract) -> Bool {
    let terms = TermManager()
    let environment = ConcreteEnvironment.make(
      contract, self, outputs: [:], buffers: [], terms)
    guard let requires = try? contract.elaborateRequires(environment: environment, in: terms)
    else { return false }
    return ConcreteEnvironment.truth(of: requires, terms) == true
  }
}
