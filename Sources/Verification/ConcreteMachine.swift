import Contracts
import MachineModel
import Terms

/// One executed instruction and what it changed.
public struct TraceStep: Sendable, Hashable {
  /// A register or flag that got another value.
  public struct Change: Sendable, Hashable {
    public let name: String
    public let before: BitVector
    public let after: BitVector
  }

  /// Bytes written to memory.
  public struct Write: Sendable, Hashable {
    public let address: UInt64
    public let value: BitVector
  }

  public let instruction: Instruction
  public let changes: [Change]
  public let writes: [Write]
}

/// Executes code on values, by the same semantics that proofs are about.
final class ConcreteMachine {
  /// How a run ended.
  enum End: Hashable {
    /// At the return or the end of the fragment; where it returned to.
    case left(UInt64)
    case fault(Fault)
    case access(ConcreteMemory.Violation)
    /// The stack pointer, which is outside the stack.
    case stackPointer(UInt64)
    case unsupported(UnsupportedCode)
    /// At a call that ends the program.
    case aborted(UnsupportedCode)
    /// Came back to a state that it had been in.
    case endless
    /// Goes on after this many instructions, which are as many as the contract allows.
    case overrun(Int)
    /// Was given up for its length.
    case tooLong
  }

  /// The instructions that a run may take if nothing else is said.
  static let stepLimit = 50_000

  private let stream: InstructionStream
  private let convention: CallingConvention
  private let entries: [RegisterFile.Entry]
  private let isFragment: Bool
  private let stackRise: Int64?
  private let choice: UndefinedChoice
  private let instructionLimit: Int?
  private let input: ConcreteInput
  let memory: ConcreteMemory
  private(set) var cells: [BitVector]
  private(set) var trace: [TraceStep] = []
  /// The number of instructions executed.
  private(set) var steps = 0
  private var terms = TermManager()
  /// The cells as terms of `terms`; empty where they have to be made anew.
  private var cellTerms: [Term] = []
  private var isReturning = false
  private var footprints: Footprints?
  /// Whether something failed by chance in the current instruction, so that coming back to a state
  /// does not mean doing so for ever.
  private var hasFailed = false

  /// - Parameters:
  ///   - instructionLimit: how many instructions the code may execute; nil for any number.
  ///   - cells: what the register file holds, if not what `input` says.
  init(
    _ stream: InstructionStream, _ input: ConcreteInput, layout: Layout,
    choice: UndefinedChoice, instructionLimit: Int?, cells: [BitVector]? = nil
  ) {
    self.stream = stream
    self.input = input
    self.choice = choice
    self.instructionLimit = instructionLimit
    isFragment = layout.clobbers != nil
    convention = stream.architecture.convention
    entries = stream.architecture.registerFile.entries
    stackRise = Preserved(stream.architecture, layout).stackRise(convention)
    self.cells = cells ?? input.cells
    memory = ConcreteMemory(
      bytes: SparseBytes(input), code: stream.code, slide: input.codeSlide,
      windows: ConcreteMachine.windows(stream.architecture, input, layout), choice: choice)
  }

  // MARK: Running

  /// The instructions after which a run is given up: not before it shows that they are too many.
  static func steps(_ stepLimit: Int = stepLimit, within instructionLimit: Int?) -> Int {
    instructionLimit.map { Swift.max(stepLimit, $0 + 1) } ?? stepLimit
  }

  /// Runs from the entry to the end, at most `stepLimit` instructions (one more than may be, if that is
  /// known) and about as long as there is time, keeping at most `traceLimit` instructions in the trace.
  func run(
    stepLimit: Int = ConcreteMachine.stepLimit, until deadline: Deadline? = nil,
    traceLimit: Int = 2_000
  ) -> End {
    var address = stream.code.entry
    var landmark: Landmark?
    let stepLimit = Self.steps(stepLimit, within: instructionLimit)
    while steps < stepLimit {
      if steps % 4096 == 4095, let deadline, deadline.hasPassed { return .tooLong }
      if landmark?.isMetAgain(at: address, cells, memory) ?? false { return .endless }
      // Brent: a landmark at every power of two is met again by any cycle.
      if steps > 0, steps.nonzeroBitCount == 1 {
        landmark = Landmark(address, cells, memory)
        if Landmark.watches.contains(steps) { landmark?.watch(by: watch()) }
        memory.isChanged = false
      }
      if isFragment, address == stream.code.extent.upperBound { return .left(address) }
      let actual = address &+ input.codeSlide
      if isReturning, actual == input.returnAddress { return .left(actual) }
      if steps == instructionLimit { return .overrun(steps) }
      let instruction: Instruction
      do {
        instruction = try stream.instruction(at: address)
      } catch {
        if isReturning { return .left(actual) }
        return error.endsProgram ? .aborted(error) : .unsupported(error)
      }
      hasFailed = false
      switch step(instruction, traceLimit) {
      case .success(let next): address = next
      case .failure(let stop): return stop.end
      }
      if hasFailed { landmark = nil }
      landmark?.note(instruction, memory.accesses)
      isReturning = instruction.form.family.flow == .return
    }
    return .tooLong
  }

  /// What instructions read and write, found once a run.
  private func watch() -> Footprints {
    if let footprints { return footprints }
    let made = Footprints(stream.architecture)
    footprints = made
    return made
  }

  private struct Stop: Error { let end: End }

  private func step(_ instruction: Instruction, _ traceLimit: Int) -> Result<UInt64, Stop> {
    if terms.count > 1 << 16 {
      terms = TermManager()
      cellTerms = []
    }
    if cellTerms.isEmpty {
      cellTerms = zip(cells, entries).map(term)
    }
    var state = MachineState(
      terms: terms, cells: cellTerms,
      memory: memory,
      nextInstruction: terms.constant(instruction.end &+ input.codeSlide, width: 64))
    state.codeSlide = terms.constant(input.codeSlide, width: 64)
    let stackTop = stackPointer
    var changes: [TraceStep.Change] = []
    memory.accesses = []
    memory.writes = []
    instruction.form.family.execute(instruction, &state)
    let fault = state.faults.first { !choice.resolve($0.condition, terms).isZero }
    if fault == nil {
      let changed = cells.indices.filter { state.cells[$0] != cellTerms[$0] }
      hasFailed = changed.contains { failsByChance(state.cells[$0]) }
      for index in changed {
        let (old, new) = (cells[index], choice.resolve(state.cells[index], terms))
        cells[index] = new
        cellTerms[index] = term(new, entries[index])
        if old != new {
          changes.append(.init(name: entries[index].name, before: old, after: new))
        }
      }
      checkStack(from: stackTop)
    }
    steps += 1
    if trace.count < traceLimit {
      let writes = memory.writes.map { TraceStep.Write(address: $0.address, value: $0.value) }
      trace.append(TraceStep(instruction: instruction, changes: changes, writes: writes))
    }
    if let reference = memory.unresolved {
      let error = stream.unsupported(instruction, "reads what refers to \(reference.text)")
      return .failure(Stop(end: .unsupported(error)))
    }
    if let violation = memory.violation { return .failure(Stop(end: .access(violation))) }
    if let fault, fault.fault == .systemFlag {
      let error = stream.unsupported(instruction, fault.fault.rawValue)
      return .failure(Stop(end: .unsupported(error)))
    }
    if let fault { return .failure(Stop(end: .fault(fault.fault))) }
    if let pointer = strayStackPointer { return .failure(Stop(end: .stackPointer(pointer))) }
    return .success(choice.resolve(state.nextInstruction, terms).low &- input.codeSlide)
  }

  /// Whether the environment has a part in a value, and lets something fail.
  private func failsByChance(_ value: Term) -> Bool {
    if terms.isConstant(value) { return false }
    if let variable = terms.variable(value), !variable.isEnvironment { return false }
    return terms.freeVariables(of: [value]).contains {
      (terms.variable($0)?.isEnvironment ?? false) && !choice.resolve($0, terms).isZero
    }
  }

  private func term(_ value: BitVector, _ entry: RegisterFile.Entry) -> Term {
    entry.sort == .bool ? terms.bool(!value.isZero) : terms.constant(value)
  }

  private var stackPointer: UInt64? {
    convention.stackPointer.cell.map { cells[$0.index].low }
  }

  /// Refuses accesses below the part of the stack in use, and forgets what is released.
  private func checkStack(from old: UInt64?) {
    guard !isFragment, let old, let new = stackPointer else { return }
    let red = UInt64(convention.redZone)
    let top = input.stackPointer
    let limit = UInt64(EntryState.stackLimit)
    for access in memory.accesses
    where access.address < Swift.min(old, new) &- red && access.address >= top &- limit
      && access.address < top
    {
      memory.forbid(access.address, access.byteCount, isWrite: access.isWrite)
    }
    let (low, high) = (old &- red, Swift.min(new &- red, top))
    if old < new, old >= top &- limit, low < high { memory.release(low...high - 1) }
  }

  /// The stack pointer, if it is outside the stack.
  private var strayStackPointer: UInt64? {
    guard let stackRise, let pointer = stackPointer else { return nil }
    let lowest = input.stackPointer &- UInt64(EntryState.stackLimit)
    return pointer &- lowest > UInt64(EntryState.stackLimit + stackRise) ? pointer : nil
  }

  /// The value of a register after the run.
  func value(of register: Register) -> BitVector {
    guard let cell = register.cell else { return .zero(register.width) }
    return cells[cell.index].extracting(register.low + register.width - 1, register.low)
  }
}
