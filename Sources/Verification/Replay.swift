import Contracts
import MachineModel
import Terms

/// What running code on one input shows.
struct Replay {
  /// The first thing that went wrong.
  struct Violation {
    let kind: ObligationKind
    let message: String
    /// The instruction at which it shows; nil where only the final state does.
    let address: UInt64?
  }

  let violation: Violation?
  /// Whether the code got to its end, so that there is an outcome.
  let hasEnded: Bool
  /// Whether the run was stopped for its length, as others of the same input would be.
  let isTooLong: Bool
  /// What the run came to and the engine cannot follow.
  let unsupported: UnsupportedCode?
  let trace: [TraceStep]
  let steps: Int
  /// The outputs by name, where the code got to its end.
  let outputs: [String: BitVector]
  /// The elements of each buffer at the end.
  let buffers: [[BitVector]]

  /// Runs `stream` on `input`, everything undefined chosen by `choice`, and checks what the
  /// contract promises. A run past the deadline is given up, and one of more than `steps` instructions, or
  /// of as many as the contract allows if these are more.
  init(
    _ stream: InstructionStream, _ contract: Contract, _ layout: Layout, _ input: ConcreteInput,
    choice: UndefinedChoice, steps limit: Int = ConcreteMachine.stepLimit,
    until deadline: Deadline? = nil
  ) {
    let machine = ConcreteMachine(
      stream, input, layout: layout, choice: choice, instructionLimit: contract.instructionLimit)
    let end = machine.run(stepLimit: limit, until: deadline)
    trace = machine.trace
    steps = machine.steps
    buffers = Replay.buffers(of: input, machine)
    outputs = Replay.outputs(of: contract, layout, machine)
    if case .left = end { hasEnded = true } else { hasEnded = false }
    isTooLong = end == .tooLong
    if case .unsupported(let error) = end { unsupported = error } else { unsupported = nil }
    let last = machine.trace.last?.instruction.address
    violation =
      Replay.violation(end, at: last)
      ?? Replay.abiViolation(machine, end, stream, layout, input)
      ?? Replay.wrongResult(end, contract, input, outputs, buffers)
  }

  /// The outputs by name, but for those on the stack.
  static func outputs(
    of contract: Contract, _ layout: Layout, _ machine: ConcreteMachine
  ) -> [String: BitVector] {
    var outputs: [String: BitVector] = [:]
    for (output, location) in zip(contract.outputs, layout.outputs) {
      switch location {
      case .register(let register): outputs[output.name] = machine.value(of: register)
      case .registerPair(let low, let high):
        outputs[output.name] = machine.value(of: high).concatenating(machine.value(of: low))
      case .stack: break
      }
    }
    return outputs
  }

  /// The elements of each buffer.
  static func buffers(of input: ConcreteInput, _ machine: ConcreteMachine) -> [[BitVector]] {
    input.buffers.map { buffer in
      buffer.elements.indices.map { element($0, of: buffer, machine.memory) }
    }
  }

  private static func element(
    _ index: Int, of buffer: ConcreteInput.Buffer, _ memory: ConcreteMemory
  ) -> BitVector {
    let size = buffer.type.elementBytes
    let start = buffer.address &+ UInt64(index * size)
    return BitVector(bytes: (0..<size).map { memory.byte(start &+ UInt64($0)) })
  }

  private static func violation(_ end: ConcreteMachine.End, at address: UInt64?) -> Violation? {
    switch end {
    case .left: return nil
    case .fault(let fault):
      return Violation(kind: .faults, message: fault.rawValue, address: address)
    case .access(let access):
      let verb = access.isWrite ? "writes" : "reads"
      let place = "\(access.byteCount) bytes at \(hex(access.address))"
      return Violation(
        kind: .memory, message: "\(verb) \(place), which it may not", address: address)
    case .stackPointer(let pointer):
      return Violation(
        kind: .abi, message: "the stack pointer leaves the stack: \(hex(pointer))",
        address: address)
    case .overrun(let limit):
      return Violation(
        kind: .termination, message: "takes more than \(limit) instructions", address: address)
    case .aborted(let error):
      return Violation(kind: .faults, message: error.reason, address: error.address)
    case .unsupported, .tooLong: return nil
    case .endless:
      return Violation(
        kind: .termination,
        message: "comes back here with all that decides its way unchanged, and so never returns",
        address: address)
    }
  }

  // MARK: The final state

  private static func abiViolation(
    _ machine: ConcreteMachine, _ end: ConcreteMachine.End, _ stream: InstructionStream,
    _ layout: Layout, _ input: ConcreteInput
  ) -> Violation? {
    guard case .left(let address) = end else { return nil }
    func wrong(_ message: String) -> Violation {
      Violation(kind: .abi, message: message, address: nil)
    }
    if layout.clobbers == nil, address != input.returnAddress {
      return wrong(Refutation.returns(to: address).message)
    }
    for (cell, expected) in Preserved(stream.architecture, layout).values(
      input.cells, input.stackPointer)
    where machine.cells[cell.cell.index].extracting(cell.high, cell.low) != expected {
      let found = machine.cells[cell.cell.index].extracting(cell.high, cell.low)
      return wrong(Refutation.leaves(cell, found, not: expected).message)
    }
    return nil
  }

  private static func wrongResult(
    _ end: ConcreteMachine.End, _ contract: Contract, _ input: ConcreteInput,
    _ outputs: [String: BitVector],
    _ buffers: [[BitVector]]
  ) -> Violation? {
    guard case .left = end, violatesEnsures(contract, input, outputs, buffers) else { return nil }
    return Violation(
      kind: .ensures, message: Refutation.wrongOutcome.message, address: nil)
  }

  /// Whether an outcome makes the postcondition false.
  static func violatesEnsures(
    _ contract: Contract, _ input: ConcreteInput, _ outputs: [String: BitVector],
    _ buffers: [[BitVector]]
  ) -> Bool {
    let terms = TermManager()
    let environment = ConcreteEnvironment.make(
      contract, input, outputs: outputs, buffers: buffers, terms)
    guard let ensures = try? contract.elaborateEnsures(environment: environment, in: terms)
    else { return false }
    return ConcreteEnvironment.truth(of: ensures, terms) == false
  }
}

/// The terms of a specification's names for one input.
enum ConcreteEnvironment {
  /// Whether a condition holds; nil if it depends on what the input leaves open.
  static func truth(of condition: Term, _ terms: TermManager) -> Bool? {
    if let value = terms.value(condition) { return !value.isZero }
    // Not every operation on arrays of constants is a constant.
    guard terms.freeVariables(of: [condition]).isEmpty else { return nil }
    var evaluator = Evaluator(terms, roots: [condition], lanes: 1)
    evaluator.run()
    return evaluator.word(condition, lane: 0) == 1
  }

  /// - Parameter outputs: the outputs by name; one that is missing is left out.
  static func make(
    _ contract: Contract, _ input: ConcreteInput, outputs: [String: BitVector],
    buffers: [[BitVector]], _ terms: TermManager
  ) -> [String: Term] {
    var environment: [String: Term] = [:]
    for (name, value) in input.values { environment[name] = terms.constant(value) }
    for (name, value) in outputs { environment[name] = terms.constant(value) }
    for (index, buffer) in input.buffers.enumerated() {
      environment[buffer.name + ".addr"] = terms.constant(buffer.address, width: 64)
      environment[buffer.name] = array(buffer, buffer.elements, terms)
      let after = buffers.indices.contains(index) ? buffers[index] : buffer.elements
      environment[buffer.name + ".out"] = array(buffer, after, terms)
    }
    return environment
  }

  private static func array(
    _ buffer: ConcreteInput.Buffer, _ elements: [BitVector], _ terms: TermManager
  ) -> Term {
    let outside = terms.variable(
      buffer.name + ".outside", .array(index: 64, element: buffer.type.element.width))
    return elements.enumerated().reduce(outside) { array, element in
      terms.store(
        array, terms.constant(UInt64(element.offset), width: 64),
        terms.constant(element.element))
    }
  }
}
