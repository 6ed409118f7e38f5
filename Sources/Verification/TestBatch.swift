import Contracts
import MachineModel
import Terms

/// The tests of a bank as the lanes of one evaluation, for code without branches and memory.
///
/// It says what `Replay` says of such code with everything undefined zero, and leaves the lanes in
/// which a run would stop before its end to `Replay`. Terms are kept from one candidate to the next,
/// so that what they have in common is built once.
final class TestBatch {
  /// What the code does on one test.
  enum Outcome {
    /// Only a run of its own tells.
    case unknown
    /// It gets to its end with these outputs, and violates this, if anything.
    case ended(ObligationKind?, outputs: [String: BitVector])
  }

  /// Terms are forgotten beyond this many.
  private static let termLimit = 1 << 18

  private let architecture: any Architecture
  private let contract: Contract
  private let layout: Layout
  private let inputs: [ConcreteInput]
  private var start: Start
  private var values: [Term: [BitVector]]
  private var ensures: Postcondition

  /// Nil for contracts whose tests it cannot run.
  init?(
    _ contract: Contract, _ layout: Layout, _ architecture: any Architecture,
    _ inputs: [ConcreteInput]
  ) {
    guard !inputs.isEmpty, layout.clobbers == nil, inputs.allSatisfy({ $0.buffers.isEmpty }),
      let ensures = Postcondition(contract, layout, inputs)
    else { return nil }
    self.architecture = architecture
    self.contract = contract
    self.layout = layout
    self.inputs = inputs
    self.ensures = ensures
    start = Start(architecture)
    values = start.values(inputs)
  }

  /// What the code does on each test, and its number of instructions; nil for code with branches or
  /// accesses to memory, or of which not every instruction can be followed.
  func run(_ stream: InstructionStream) -> (outcomes: [Outcome], steps: Int)? {
    if start.terms.count > TestBatch.termLimit {
      start = Start(architecture)
      values = start.values(inputs)
    }
    guard let end = start.execute(stream) else { return nil }
    let terms = start.terms
    let kept = terms.and(
      Preserved(architecture, layout).claims(start.state, end.state).map(\.1))
    let fault = terms.or(end.state.faults.map(\.condition))
    let results = self.outputs(of: end.state)
    var evaluator = Evaluator(
      terms, roots: [kept, fault, end.state.nextInstruction] + results.flatMap(\.parts),
      lanes: inputs.count)
    // What is not among them is undefined, and zero.
    for variable in evaluator.variables {
      guard let lanes = values[variable] else { continue }
      evaluator.set(variable) { lane, word in lanes[lane].words[word] }
    }
    evaluator.run()
    let outputs = inputs.indices.map { lane in
      Dictionary(
        uniqueKeysWithValues: results.map { ($0.name, $0.value(evaluator, lane)) })
    }
    let isRight = ensures.holds(outputs)
    let outcomes = inputs.indices.map { lane -> Outcome in
      guard evaluator.word(fault, lane: lane) == 0,
        evaluator.word(end.state.nextInstruction, lane: lane) == inputs[lane].returnAddress
      else { return .unknown }
      let violated: ObligationKind? =
        evaluator.word(kept, lane: lane) == 0 ? .abi : isRight[lane] ? nil : .ensures
      return .ended(violated, outputs: outputs[lane])
    }
    return (outcomes, end.steps)
  }

  /// An output: its parts, the lowest first.
  private struct Output {
    let name: String
    let parts: [Term]

    func value(_ evaluator: Evaluator, _ lane: Int) -> BitVector {
      let values = parts.map { evaluator.value($0, lane: lane) }
      return values.dropFirst().reduce(values[0]) { $1.concatenating($0) }
    }
  }

  private func outputs(of state: MachineState) -> [Output] {
    zip(contract.outputs, layout.outputs).compactMap { output, location in
      switch location {
      case .register(let register): Output(name: output.name, parts: [state[register]])
      case .registerPair(let low, let high):
        Output(name: output.name, parts: [state[low], state[high]])
      case .stack: nil
      }
    }
  }
}

/// A machine at entry whose cells are variables.
private struct Start {
  let terms = TermManager()
  let state: MachineState
  private let architecture: any Architecture
  private let slide: Term
  private let returnAddress: Term

  init(_ architecture: any Architecture) {
    self.architecture = architecture
    let terms = terms
    let cells = architecture.registerFile.entries.map {
      terms.variable("cell " + $0.name, $0.sort)
    }
    slide = terms.variable("slide", width: 64)
    returnAddress = terms.variable("return", width: 64)
    let stackPointer = architecture.convention.stackPointer.cell.map { cells[$0.index] }
    var state = MachineState(
      terms: terms, cells: cells,
      memory: ReturnSlot(
        address: architecture.convention.returnAddress == .stack ? stackPointer : nil,
        content: returnAddress),
      nextInstruction: terms.constant(0, width: 64))
    state.codeSlide = slide
    self.state = state
  }

  /// The state after the return that ends the code; nil if the code is not one line of instructions
  /// that leave memory alone.
  func execute(_ stream: InstructionStream) -> (state: MachineState, steps: Int)? {
    var state = state
    var address = stream.code.entry
    var steps = 0
    while let instruction = try? stream.instruction(at: address) {
      let flow = instruction.form.family.flow
      guard flow == .sequential || flow == .return else { return nil }
      let next = terms.add(slide, terms.constant(instruction.end, width: 64))
      state.nextInstruction = next
      instruction.form.family.execute(instruction, &state)
      steps += 1
      guard (state.memory as? ReturnSlot)?.isOnlyOneUsed ?? false else { return nil }
      if flow == .return { return (state, steps) }
      guard state.nextInstruction == next else { return nil }
      address = instruction.end
    }
    return nil
  }

  /// The values of the variables: by variable the value in each lane, one for each input.
  func values(_ inputs: [ConcreteInput]) -> [Term: [BitVector]] {
    var values: [Term: [BitVector]] = [:]
    for (index, cell) in state.cells.enumerated() {
      values[cell] = inputs.map { $0.cells[index] }
    }
    values[slide] = inputs.map { BitVector($0.codeSlide, width: 64) }
    values[returnAddress] = inputs.map { input in
      let bytes = (0..<UInt64(8)).map { input.stack[input.stackPointer &+ $0] ?? 0 }
      return BitVector(bytes.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }, width: 64)
    }
    return values
  }
}

/// The memory of code that may only read its return address.
private struct ReturnSlot: Memory {
  /// Where it is; nil if it is not in memory.
  let address: Term?
  let content: Term
  /// False once anything else was accessed.
  private(set) var isOnlyOneUsed = true

  init(address: Term?, content: Term) {
    self.address = address
    self.content = content
  }

  mutating func load(
    _ place: Term, byteCount: Int, when condition: Term, in terms: TermManager
  ) -> Term {
    if place == address, byteCount == 8, condition == terms.true { return content }
    isOnlyOneUsed = false
    return terms.constant(0, width: byteCount * 8)
  }

  mutating func store(
    _ address: Term, _ value: Term, when condition: Term, in terms: TermManager
  ) {
    isOnlyOneUsed = false
  }
}

/// A postcondition over the outputs of every test at once.
private struct Postcondition {
  private let root: Term
  private let outputs: [(name: String, variable: Term)]
  private var evaluator: Evaluator

  /// Nil where it depends on more than parameters and outputs.
  init?(_ contract: Contract, _ layout: Layout, _ inputs: [ConcreteInput]) {
    let terms = TermManager()
    var environment: [String: Term] = [:]
    var known: Set<Term> = []
    for (name, value) in inputs[0].values {
      environment[name] = terms.variable("input " + name, width: value.width)
    }
    let parameters = environment
    var outputs: [(String, Term)] = []
    for (output, location) in zip(contract.outputs, layout.outputs) {
      let width: Int
      switch location {
      case .register(let register): width = register.width
      case .registerPair(let low, let high): width = low.width + high.width
      case .stack: return nil
      }
      let variable = terms.variable("output " + output.name, width: width)
      environment[output.name] = variable
      outputs.append((output.name, variable))
    }
    known.formUnion(environment.values)
    guard let root = try? contract.elaborateEnsures(environment: environment, in: terms)
    else { return nil }
    self.root = root
    self.outputs = outputs
    evaluator = Evaluator(terms, roots: [root], lanes: inputs.count)
    guard evaluator.variables.allSatisfy(known.contains) else { return nil }
    for (lane, input) in inputs.enumerated() {
      for (name, value) in input.values {
        parameters[name].map { evaluator.set($0, lane: lane, to: value) }
      }
    }
  }

  /// Whether it holds, for the outputs of each test.
  mutating func holds(_ values: [[String: BitVector]]) -> [Bool] {
    for (lane, outputs) in values.enumerated() {
      for (name, variable) in self.outputs {
        outputs[name].map { evaluator.set(variable, lane: lane, to: $0) }
      }
    }
    evaluator.run()
    return values.indices.map { evaluator.word(root, lane: $0) == 1 }
  }
}
