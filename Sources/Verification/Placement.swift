import Contracts
import MachineModel
import Terms

/// The obligations of code under a contract for one placement of its buffers.
struct Placement {
  let inputs: Inputs
  let entry: EntryState
  let prover: Prover
  private(set) var obligations: [Obligation] = []
  /// For independence: the variable that stands for each undefined one in the second run.
  private(set) var twins: [Term: Term] = [:]
  private(set) var steps = 0
  /// The state at the exit and the condition of getting there, if anything gets there.
  private(set) var exit: SymbolicExecutor.Path?

  private let terms: TermManager
  private let contract: Contract
  private let stream: InstructionStream

  init(
    _ inputs: Inputs, _ entry: EntryState, _ stream: InstructionStream, _ prover: Prover
  ) {
    self.inputs = inputs
    self.entry = entry
    self.stream = stream
    self.prover = prover
    terms = inputs.terms
    contract = inputs.contract
  }

  /// Executes the code and states what has to hold on the way and at the end of safety.
  mutating func execute(_ bounds: SymbolicExecutor.Bounds) throws {
    let prover = prover
    let preserved = Preserved(stream.architecture, entry.layout)
    var executor = SymbolicExecutor(
      terms: terms, stream: stream, returnAddress: entry.returnAddress,
      entryStackPointer: entry.stackPointer,
      stackRise: preserved.stackRise(stream.architecture.convention),
      alignment: entry.stackAlignment, instructionLimit: contract.instructionLimit,
      bounds: bounds,
      feasibility: { prover.feasibility($0) })
    try executor.run(from: entry.state)
    steps = executor.steps
    obligations = executor.obligations
    exit = executor.exit
    guard let exit else { return }
    for (part, claim) in preserved.claims(entry.state, exit.state) {
      add(
        .abi, claim, on: exit.condition, "\(part.name) is not what it has to be at the end",
        isExact: !exit.hasForgotten)
    }
  }

  /// States the postcondition and the independence of what is undefined.
  mutating func finish() throws {
    guard let exit else { return }
    let ensures = try contract.elaborateEnsures(environment: finalEnvironment(exit), in: terms)
    for conjunct in conjuncts(ensures) {
      add(.ensures, conjunct, on: exit.condition, "the postcondition is false")
    }
    requireIndependence(exit)
  }

  private mutating func add(
    _ kind: ObligationKind, _ claim: Term, on condition: Term, _ text: String,
    isExact: Bool = true
  ) {
    let claim = terms.implies(condition, claim)
    guard claim != terms.true else { return }
    obligations.append(
      Obligation(
        kind: kind, claim: claim, isExact: isExact, isWrong: nil, address: nil, text: text))
  }

  private func conjuncts(_ term: Term) -> [Term] {
    var result: [Term] = []
    var rest = [term]
    while let next = rest.popLast() {
      if terms.operation(next) == .and {
        rest += terms.children(next)
      } else {
        result.append(next)
      }
    }
    return result
  }

  /// What a model says is wrong, in words: the first obligation of a kind that it violates.
  func description(of model: Model, _ kind: ObligationKind) -> String {
    let candidates = obligations.filter { $0.kind == kind }
    var evaluator = Evaluator(terms, roots: candidates.map(\.claim), lanes: 1)
    evaluator.set(model, lane: 0)
    evaluator.run()
    guard let first = candidates.first(where: { evaluator.word($0.claim, lane: 0) == 0 }) else {
      return kind.meaning
    }
    return first.text + (first.address.map { " at \(hex($0))" } ?? "")
  }

  // MARK: The final state

  /// The terms of the specification's names at the exit.
  func finalEnvironment(_ exit: SymbolicExecutor.Path) -> [String: Term] {
    var environment = inputs.environment
    for (output, value) in zip(contract.outputs, outputs(exit)) {
      environment[output.name] = value
    }
    for buffer in inputs.buffers {
      environment[buffer.parameter.name + ".out"] = inputs.array(buffer) {
        bytes(buffer, $0, $1, exit)
      }
    }
    return environment
  }

  /// The values of the contract's outputs, in order.
  func outputs(_ exit: SymbolicExecutor.Path) -> [Term] {
    entry.layout.outputs.map { location in
      switch location {
      case .register(let register): exit.state[register]
      case .registerPair(let low, let high):
        terms.concat(exit.state[high], exit.state[low])
      case .stack: preconditionFailure("an output on the stack")
      }
    }
  }

  private func bytes(
    _ buffer: Inputs.Buffer, _ offset: Int64, _ count: Int64, _ exit: SymbolicExecutor.Path
  ) -> Term {
    guard let memory = exit.state.memory as? SymbolicMemory else {
      preconditionFailure("symbolic execution without symbolic memory")
    }
    return memory.regions[buffer.group].value(offset, count: Int(count), terms)
  }

  /// The elements of the writable buffers, each with the condition that it exists.
  func writtenElements(_ exit: SymbolicExecutor.Path) -> [(exists: Term, value: Term)] {
    inputs.buffers.filter { !$0.type.isConst }.flatMap { buffer in
      (0..<buffer.limit).map { index in
        let size = Int64(buffer.type.elementBytes)
        return (
          terms.unsignedLess(terms.constant(UInt64(index), width: 64), buffer.count),
          bytes(buffer, buffer.offset + index * size, size, exit)
        )
      }
    }
  }

  // MARK: Independence

  /// Two runs that differ only in what is undefined have the same outcome.
  private mutating func requireIndependence(_ exit: SymbolicExecutor.Path) {
    var outcome = outputs(exit).map { (exists: terms.true, value: $0) } + writtenElements(exit)
    outcome.append((terms.true, terms.bits(exit.condition)))
    let undefined = terms.freeVariables(of: outcome.map(\.value)).filter {
      terms.variable($0)?.isUndefined ?? false
    }
    guard !undefined.isEmpty else { return }
    for variable in undefined {
      twins[variable] = terms.fresh(
        "other", terms.sort(variable), origin: .undefined("the same in another run"))
    }
    let others = terms.substitute(twins, in: outcome.map(\.value))
    let both = terms.and(
      exit.condition, terms.substitute(twins, in: [exit.condition])[0])
    for (own, other) in zip(outcome, others) {
      let isSame = terms.implies(own.exists, terms.equal(own.value, other))
      let isPath = own.value == outcome[outcome.count - 1].value
      add(
        .independence, isSame, on: isPath ? terms.true : both,
        "the outcome depends on a value that nothing defines")
    }
  }

  /// The model of the second run.
  func twin(of model: Model) -> Model {
    var second = model
    for (variable, other) in twins { second.values[variable] = model.values[other] }
    return second
  }
}
