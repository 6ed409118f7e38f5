import Contracts
import MachineModel
import Terms

/// What code does, as terms over the state at entry.
public struct LiftedCode {
  /// A thing that has to hold on the way, such as a divisor that is not zero.
  public struct Condition {
    public let obligation: ObligationKind
    /// The address of the instruction it is about; nil where it is about the whole.
    public let address: UInt64?
    public let text: String
    public let claim: Term
  }

  /// The manager of all terms.
  public let terms: TermManager
  /// Registers, flags and memory at the end that differ from what they were at entry, or the
  /// outputs and writable buffers of a contract; in their order.
  public let results: [(name: String, value: Term)]
  /// What holds at entry.
  public let assumptions: [Term]
  /// Whether the end is reached; false where nothing reaches it.
  public let reachesEnd: Term
  public let conditions: [Condition]
  /// The instructions that were executed.
  public let steps: Int
}

/// Why code could not be lifted: a limit, or a loop that may go on.
public struct LiftingError: Error, Sendable, Hashable {
  public let reason: String
}

/// Executes code on terms and shows the final state, without asking whether it is right.
public struct Lifter {
  private let stream: InstructionStream
  private let solvers: Solvers
  private let options: VerificationOptions

  public init(
    code: Code, architecture: any Architecture, solvers: Solvers,
    options: VerificationOptions = VerificationOptions()
  ) {
    stream = InstructionStream(code, architecture)
    self.solvers = solvers
    self.options = options
  }

  /// What the code does under `contract`, its buffers apart from each other; without one, for any
  /// registers and memory. Throws `SpecificationError`, `UnsupportedCode` and `LiftingError`.
  public func lift(contract: Contract? = nil) throws -> LiftedCode {
    do {
      return try contract.map { try lift(under: $0) } ?? freely()
    } catch let incomplete as Incomplete {
      throw LiftingError(reason: incomplete.reason)
    }
  }

  private func bounds(_ deadline: Deadline) -> SymbolicExecutor.Bounds {
    SymbolicExecutor.Bounds(iterations: options.iterations, deadline: deadline)
  }

  private func prover(
    _ terms: TermManager, _ assumptions: [Term], _ deadline: Deadline,
    _ defaults: [Term: BitVector] = [:]
  ) -> Prover {
    Prover(
      terms, assumptions: assumptions, solvers: solvers, limits: options.limits,
      stages: options.stages, deadline: deadline, defaults: defaults)
  }

  // MARK: With a contract

  private func lift(under contract: Contract) throws -> LiftedCode {
    let deadline = Deadline(seconds: options.seconds)
    let layout = try contract.layout(for: stream.architecture)
    let limits = try LengthBounds.find(contract, solvers: solvers, limits: options.limits)
    let cases = try Aliasing.cases(of: contract, limits, limit: options.placements)
    let terms = TermManager(capacity: options.termCapacity)
    let inputs = try Inputs(contract, cases[0], limits: limits, in: terms)
    let entry = EntryState(inputs, stream.code, stream.architecture, layout)
    let assumptions = inputs.assumptions + entry.assumptions
    var placement = Placement(
      inputs, entry, stream, prover(terms, assumptions, deadline, entry.defaults))
    try placement.execute(bounds(deadline))
    return LiftedCode(
      terms: terms, results: results(of: placement, contract),
      assumptions: assumptions.filter { $0 != terms.true },
      reachesEnd: placement.exit?.condition ?? terms.false,
      conditions: placement.obligations.map(condition), steps: placement.steps)
  }

  private func results(
    of placement: Placement, _ contract: Contract
  ) -> [(name: String, value: Term)] {
    guard let exit = placement.exit else { return [] }
    let environment = placement.finalEnvironment(exit)
    let buffers = contract.parameters.filter { $0.buffer.map { !$0.isConst } ?? false }
    return (contract.outputs.map(\.name) + buffers.map { $0.name + ".out" }).compactMap { name in
      environment[name].map { (name, $0) }
    }
  }

  private func condition(_ obligation: Obligation) -> LiftedCode.Condition {
    LiftedCode.Condition(
      obligation: obligation.kind, address: obligation.address, text: obligation.text,
      claim: obligation.claim)
  }

  // MARK: Without one

  private func freely() throws -> LiftedCode {
    let deadline = Deadline(seconds: options.seconds)
    let terms = TermManager(capacity: options.termCapacity)
    let architecture = stream.architecture
    let entries = architecture.registerFile.entries
    let memory = terms.variable("memory", .array(index: 64, element: 8))
    var state = MachineState(
      terms: terms, cells: entries.map { terms.variable($0.name, $0.sort) },
      memory: ArrayMemory(bytes: memory),
      nextInstruction: terms.constant(stream.code.entry, width: 64))
    let prover = prover(terms, [], deadline)
    var executor = SymbolicExecutor(
      terms: terms, stream: stream, returnAddress: returnAddress(&state),
      entryStackPointer: state[architecture.convention.stackPointer], stackRise: nil,
      bounds: bounds(deadline),
      feasibility: { prover.feasibility($0) })
    try executor.run(from: state)
    return LiftedCode(
      terms: terms, results: executor.exit.map { changes($0.state, state, memory) } ?? [],
      assumptions: [], reachesEnd: executor.exit?.condition ?? terms.false,
      conditions: executor.obligations.map(condition), steps: executor.steps)
  }

  /// Where a return goes; nil for code that has none and ends by falling off its end.
  private func returnAddress(_ state: inout MachineState) -> Term? {
    guard FlowOrder(stream).hasReturn(stream) else { return nil }
    switch stream.architecture.convention.returnAddress {
    case .register(let register): return state[register]
    case .stack:
      return state.load(state[stream.architecture.convention.stackPointer], byteCount: 8)
    }
  }

  private func changes(
    _ end: MachineState, _ start: MachineState, _ memory: Term
  ) -> [(name: String, value: Term)] {
    let entries = stream.architecture.registerFile.entries
    var results = entries.indices.filter { end.cells[$0] != start.cells[$0] }.map {
      (name: entries[$0].name, value: end.cells[$0])
    }
    if let after = (end.memory as? ArrayMemory)?.bytes, after != memory {
      results.append((name: "memory", value: after))
    }
    return results
  }
}
