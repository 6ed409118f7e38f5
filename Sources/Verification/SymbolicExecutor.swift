import MachineModel
import Terms

/// Why execution could not be carried through; never a verdict on the code.
struct Incomplete: Error, Hashable {
  let obligation: ObligationKind
  let reason: String
}

/// A load that may miss what was stored through another buffer: what follows is not what the code
/// does where the two overlap.
struct StaleCopy: Error, Hashable {
  /// The address of the instruction.
  let address: UInt64
}

/// Executes code on terms: every path at once, states merged wherever they meet.
///
/// Each path that ends elsewhere than at the exit leaves an obligation that it is not taken, so
/// that none is lost.
struct SymbolicExecutor {
  /// A state and the condition under which execution is in it.
  struct Path {
    var state: MachineState
    var condition: Term
    /// The most instructions that a run has executed that is here.
    var instructions = 0
    /// The addresses that calls within the code return to, outermost first.
    var calls: [UInt64] = []
    /// Whether something that the stack holds was given up, so that what is claimed of what follows can be false
    /// where the code does right.
    var hasForgotten = false
    /// The cells that the last instruction wrote.
    var written: [Int] = []
    /// Whether the last instruction led back to where a loop begins.
    var goesRound = false
  }

  /// States with equal keys are merged.
  struct Key: Hashable {
    let address: UInt64
    let calls: [UInt64]
    let stackPointer: Term
  }

  /// Where a loop begins again, wherever the stack pointer is by then.
  struct LoopHeader: Hashable {
    let address: UInt64
    let calls: [UInt64]
  }

  /// A path that came to where a loop begins, and how many terms there were by then.
  struct Visit {
    let path: Path
    let termCount: Int
  }

  /// Whether a path can be taken.
  enum Feasibility {
    case possible, impossible
    case unknown(String)
  }

  /// What bounds the work.
  struct Bounds {
    /// How often one address may be reached by a back edge.
    var iterations = 1_024
    var steps = 2_000_000
    var callDepth = 64
    var deadline = Deadline(seconds: 60)
  }

  let terms: TermManager
  let stream: InstructionStream
  /// What a return has to go to; nil for a fragment, which ends by falling off its end.
  let returnAddress: Term?
  /// The stack pointer at entry.
  let entryStackPointer: Term
  /// How far above that it may be meanwhile, in bytes; nil if it may be anything.
  let stackRise: Int64?
  /// How the stack pointer is aligned at entry; nil if it may be anything.
  let alignment: StackAlignment?
  /// How many instructions a run may execute; nil for any finite number.
  let instructionLimit: Int?
  let bounds: Bounds
  let feasibility: (Term) -> Feasibility

  let order: FlowOrder
  private var pending: [Key: Path] = [:]
  /// How often each loop began again, and the state in which each place was last come back to.
  var visits: [LoopHeader: Int] = [:]
  var headers: [Key: Visit] = [:]
  var obligations: [Obligation] = []
  private(set) var steps = 0
  /// The state at the exit, merged from all ways there; nil if there is none.
  private(set) var exit: Path?

  init(
    terms: TermManager, stream: InstructionStream, returnAddress: Term?,
    entryStackPointer: Term, stackRise: Int64?, alignment: StackAlignment? = nil,
    instructionLimit: Int? = nil, bounds: Bounds,
    feasibility: @escaping (Term) -> Feasibility
  ) {
    self.terms = terms
    self.stream = stream
    self.returnAddress = returnAddress
    self.entryStackPointer = entryStackPointer
    self.stackRise = stackRise
    self.alignment = alignment
    self.instructionLimit = instructionLimit
    self.bounds = bounds
    self.feasibility = feasibility
    order = FlowOrder(stream)
  }

  var convention: CallingConvention { stream.architecture.convention }

  /// Runs from `state` at the code's entry until every path has ended.
  mutating func run(from state: MachineState) throws {
    try enqueue(Path(state: state, condition: terms.true), at: stream.code.entry)
    while let (key, path) = takeNext() {
      try checkLimits()
      steps += 1
      if steps > bounds.steps {
        throw Incomplete(
          obligation: .termination, reason: "more than \(bounds.steps) instructions executed")
      }
      try step(path, at: key)
    }
  }

  func checkLimits() throws {
    if terms.isFull {
      throw Incomplete(obligation: .termination, reason: "out of memory for terms")
    }
    if bounds.deadline.hasPassed {
      throw Incomplete(obligation: .termination, reason: "time limit reached during execution")
    }
  }

  /// The pending state that comes first: inside calls before their callers, then by flow order.
  private mutating func takeNext() -> (Key, Path)? {
    let next = pending.min { left, right in
      let (a, b) = (left.key, right.key)
      if a.calls.count != b.calls.count { return a.calls.count > b.calls.count }
      let turn = order.turn(at: a.address, isBack: left.value.goesRound)
      let other = order.turn(at: b.address, isBack: right.value.goesRound)
      if turn != other { return turn < other }
      if a.address != b.address { return a.address < b.address }
      return a.stackPointer.position < b.stackPointer.position
    }
    guard let next else { return nil }
    pending[next.key] = nil
    return next
  }

  // MARK: One instruction

  private mutating func step(_ path: Path, at key: Key) throws {
    if returnAddress == nil, key.address == stream.code.extent.upperBound {
      leave(path)
      return
    }
    if let instructionLimit, path.instructions >= instructionLimit {
      // Some runs may have come here sooner.
      add(
        .termination, terms.false, on: path, at: key.address,
        "takes more than \(instructionLimit) instructions", isExact: false)
      return
    }
    let instruction: Instruction
    do {
      instruction = try stream.instruction(at: key.address)
    } catch {
      if error.endsProgram {
        add(.faults, terms.false, on: path, at: key.address, error.reason)
      } else {
        try refuse(error, path)
      }
      return
    }
    var next = path
    next.instructions += 1
    let before = stackDepth(next.state)
    prepareMemory(of: &next, before)
    next.state.nextInstruction = next.state.codeAddress(instruction.end)
    instruction.form.family.execute(instruction, &next.state)
    passVeneer(of: instruction, &next)
    followStackPointer(of: &next, after: path, at: key.address)
    try collect(&next, instruction, before)
    keepToStack(next, after: path, instruction)
    if next.condition == terms.false { return }
    if instruction.form.family.flow == .call { next.calls.append(instruction.end) }
    next.written = next.state.cells.indices.filter {
      next.state.cells[$0] != path.state.cells[$0]
    }
    try proceed(next, to: next.state.nextInstruction, instruction, from: key)
  }

  /// The instructions of the longest veneer.
  private static let veneerLength = 4

  /// Leaves undefined what a veneer may change that a linker puts between a branch and its target.
  private func passVeneer(of instruction: Instruction, _ path: inout Path) {
    guard stream.isThroughVeneer(instruction) else { return }
    path.instructions += SymbolicExecutor.veneerLength
    for register in convention.veneerRegisters {
      path.state[register] = path.state.undefined(
        .bitVector(register.width), "\(register.name) after a branch that a linker directs")
    }
  }

  /// Ends a path at code that cannot be followed, unless it can never get there.
  func refuse(_ error: UnsupportedCode, _ path: Path) throws {
    switch feasibility(path.condition) {
    case .impossible: return
    case .possible: throw error
    case .unknown(let reason):
      throw UnsupportedCode(
        address: error.address, bytes: error.bytes,
        reason: "\(error.reason) (not known whether this is reached: \(reason))")
    }
  }

  // MARK: Control flow

  mutating func leave(_ path: Path) {
    exit = exit.map { merge($0, path) } ?? path
  }

  mutating func enqueue(_ path: Path, at address: UInt64, from: Key? = nil) throws {
    guard try nests(path, from: from) else { return }
    guard path.calls.count <= bounds.callDepth else {
      throw Incomplete(
        obligation: .termination, reason: "calls nest deeper than \(bounds.callDepth)")
    }
    let key = Key(
      address: address, calls: path.calls, stackPointer: path.state[convention.stackPointer])
    var path = path
    path.goesRound = false
    if let from, goesBack(path, to: address, from: from) {
      guard try continues(path, at: key) else { return }
      path.goesRound = true
    }
    pending[key] = pending[key].map { merge($0, path) } ?? path
  }
}

extension SymbolicExecutor {
  /// Whether a path leads back to the head of a loop, by itself or by the return of a call that is the loop's last
  /// instruction.
  private func goesBack(_ path: Path, to address: UInt64, from: Key) -> Bool {
    if from.calls == path.calls { return order.isBack(from.address, address) }
    return from.calls == path.calls + [address] && order.isBack(returnTo: address)
  }
}

/// `0x` and lower-case digits.
func hex(_ address: UInt64) -> String { "0x" + String(address, radix: 16) }
