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
    /// The addresses that calls within the code return to, outermost first.
    var calls: [UInt64] = []
    /// The cells that the last instruction wrote.
    var written: [Int] = []
  }

  /// States with equal keys are merged.
  struct Key: Hashable {
    let address: UInt64
    let calls: [UInt64]
    let stackPointer: Term
  }

  /// Where a loop begins again, wherever the stack pointer is by then.
  private struct LoopHeader: Hashable {
    let address: UInt64
    let calls: [UInt64]
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
  let bounds: Bounds
  let feasibility: (Term) -> Feasibility

  private let order: FlowOrder
  private var pending: [Key: Path] = [:]
  private var visits: [LoopHeader: Int] = [:]
  private var headers: [Key: Path] = [:]
  private(set) var obligations: [Obligation] = []
  private(set) var steps = 0
  /// The state at the exit, merged from all ways there; nil if there is none.
  private(set) var exit: Path?

  init(
    terms: TermManager, stream: InstructionStream, returnAddress: Term?,
    entryStackPointer: Term, stackRise: Int64?, bounds: Bounds,
    feasibility: @escaping (Term) -> Feasibility
  ) {
    self.terms = terms
    self.stream = stream
    self.returnAddress = returnAddress
    self.entryStackPointer = entryStackPointer
    self.stackRise = stackRise
    self.bounds = bounds
    self.feasibility = feasibility
    order = FlowOrder(stream)
  }

  private var convention: CallingConvention { stream.architecture.convention }

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

  private func checkLimits() throws {
    if terms.isFull {
      throw Incomplete(obligation: .termination, reason: "out of memory for terms")
    }
    if bounds.deadline.hasPassed {
      throw Incomplete(obligation: .termination, reason: "time limit reached during execution")
    }
  }

  /// The pending state that comes first: inside calls before their callers, then by flow order.
  private mutating func takeNext() -> (Key, Path)? {
    let next = pending.keys.min { left, right in
      if left.calls.count != right.calls.count { return left.calls.count > right.calls.count }
      let (a, b) = (order.rank(left.address), order.rank(right.address))
      if a != b { return a < b }
      if left.address != right.address { return left.address < right.address }
      return left.stackPointer.position < right.stackPointer.position
    }
    guard let next, let path = pending.removeValue(forKey: next) else { return nil }
    return (next, path)
  }

  // MARK: One instruction

  private mutating func step(_ path: Path, at key: Key) throws {
    if returnAddress == nil, key.address == stream.code.extent.upperBound {
      leave(path)
      return
    }
    let instruction: Instruction
    do {
      instruction = try stream.instruction(at: key.address)
    } catch {
      try refuse(error, path)
      return
    }
    var next = path
    let before = stackOffset(next.state)
    prepareMemory(of: &next, before)
    next.state.nextInstruction = next.state.codeAddress(instruction.end)
    instruction.form.family.execute(instruction, &next.state)
    try collect(&next, instruction, before)
    keepToStack(next, after: path, instruction)
    if next.condition == terms.false { return }
    if instruction.form.family.flow == .call { next.calls.append(instruction.end) }
    next.written = next.state.cells.indices.filter {
      next.state.cells[$0] != path.state.cells[$0]
    }
    try proceed(next, to: next.state.nextInstruction, instruction, from: key)
  }

  /// Ends a path at code that cannot be followed, unless it can never get there.
  private func refuse(_ error: UnsupportedCode, _ path: Path) throws {
    if case .impossible = feasibility(path.condition) { return }
    throw error
  }

  /// Turns what an instruction recorded into obligations, and keeps the stack's extent.
  private mutating func collect(
    _ path: inout Path, _ instruction: Instruction, _ before: Int64?
  ) throws {
    for fault in path.state.faults {
      add(
        .faults, terms.not(fault.condition), on: path, at: instruction.address,
        fault.fault.rawValue)
      path.condition = terms.and(path.condition, terms.not(fault.condition))
    }
    path.state.faults = []
    guard var memory = path.state.memory as? SymbolicMemory else { return }
    if memory.readsStaleCopy { throw StaleCopy(address: instruction.address) }
    let after = stackOffset(path.state)
    let floor = [before, after].compactMap { $0 }.min().map { $0 - convention.redZone }
    for access in memory.accesses {
      var allowed = access.isAllowed
      var isExact = access.isExact
      if let offset = access.stackOffset, floor.map({ offset < $0 }) ?? true {
        allowed = terms.not(access.condition)
        isExact = floor != nil
      }
      add(
        .memory, allowed, on: path, at: instruction.address,
        "\(access.kind.rawValue) of \(access.byteCount) bytes: \(access.place)",
        isExact: isExact)
    }
    memory.accesses = []
    if let after {
      if let before, after > before {
        memory.releaseStack(below: after - convention.redZone, terms)
      }
    } else if before != nil {
      // It may have passed over anything.
      memory.releaseStack(below: .max, terms)
    }
    path.state.memory = memory
  }

  /// The stack pointer stays within the stack.
  private mutating func keepToStack(_ path: Path, after old: Path, _ instruction: Instruction) {
    let pointer = path.state[convention.stackPointer]
    guard let stackRise, pointer != old.state[convention.stackPointer] else { return }
    let lowest = terms.subtract(
      entryStackPointer, terms.constant(signed: EntryState.stackLimit, width: 64))
    let isInside = terms.unsignedLessOrEqual(
      terms.subtract(pointer, lowest),
      terms.constant(signed: EntryState.stackLimit + stackRise, width: 64))
    add(.abi, isInside, on: path, at: instruction.address, "the stack pointer leaves the stack")
  }

  private mutating func add(
    _ kind: ObligationKind, _ claim: Term, on path: Path, at address: UInt64?, _ text: String,
    isExact: Bool = true
  ) {
    let claim = terms.implies(path.condition, claim)
    guard claim != terms.true else { return }
    obligations.append(
      Obligation(kind: kind, claim: claim, isExact: isExact, address: address, text: text))
  }

  /// The stack pointer's distance from its value at entry, if it is known.
  private func stackOffset(_ state: MachineState) -> Int64? {
    let offset = terms.subtract(state[convention.stackPointer], entryStackPointer)
    return terms.small(offset).map { Int64(bitPattern: $0) }
  }

  /// Tells the memory how far the stack is in use and what holds on the path.
  private func prepareMemory(of path: inout Path, _ stackOffset: Int64?) {
    guard var memory = path.state.memory as? SymbolicMemory else { return }
    memory.stackFloor = stackOffset.map { $0 - convention.redZone } ?? .max
    memory.known = path.condition
    path.state.memory = memory
  }

  // MARK: Control flow

  /// Continues at every address that `target` may be.
  private mutating func proceed(
    _ path: Path, to target: Term, _ instruction: Instruction, from key: Key
  ) throws {
    var path = path
    // Branches stay within the code, so its slide cancels out; a return address has none.
    let local = path.state.codeSlide.map { terms.subtract(target, $0) } ?? target
    if let choice = choice(in: local) {
      // A target can have more ends than there is time for.
      try checkLimits()
      let parts = terms.children(choice)
      let isTaken = terms.decide(parts[0], given: path.condition)
      if isTaken != parts[0], let taken = terms.value(isTaken) {
        let end = terms.substitute(
          [choice: taken.isZero ? parts[2] : parts[1]], in: [target])[0]
        return try proceed(path, to: end, instruction, from: key)
      }
      var taken = path
      taken.condition = terms.and(path.condition, parts[0])
      path.condition = terms.and(path.condition, terms.not(parts[0]))
      terms.fixChance(parts[0], in: &taken.state)
      terms.fixChance(terms.not(parts[0]), in: &path.state)
      let ends = parts.dropFirst().map { terms.substitute([choice: $0], in: [target])[0] }
      try proceed(taken, to: ends[0], instruction, from: key)
      try proceed(path, to: ends[1], instruction, from: key)
      return
    }
    if path.condition == terms.false { return }
    settle(&path)
    if let address = terms.small(local) {
      if path.calls.last == address, instruction.form.family.flow == .return {
        path.calls.removeLast()
      }
      try enqueue(path, at: address, from: key)
    } else if instruction.form.family.flow == .return, let returnAddress {
      add(
        .abi, terms.equal(target, returnAddress), on: path, at: instruction.address,
        "returns to somewhere else than its caller")
      leave(path)
    } else {
      try refuse(
        UnsupportedCode(
          address: instruction.address, bytes: stream.bytes(of: instruction),
          reason: "indirect control flow is not followed"), path)
    }
  }

  /// Decides the choices in what the last instruction wrote by the path's condition, so that one
  /// that both writes and branches (a repeated string instruction) does not pile them up.
  private func settle(_ path: inout Path) {
    let open = path.written.filter { terms.operation(path.state.cells[$0]) == .ifThenElse }
    path.written = []
    for cell in open {
      let parts = terms.children(path.state.cells[cell])
      guard let holds = terms.value(terms.decide(parts[0], given: path.condition)) else {
        continue
      }
      path.state.cells[cell] = holds.isZero ? parts[2] : parts[1]
    }
  }

  /// A choice that decides between addresses; choices of constants may be inside a concatenation.
  private func choice(in target: Term) -> Term? {
    switch terms.operation(target) {
    case .ifThenElse: return target
    case .concat, .add, .multiply:
      return terms.children(target).lazy.compactMap { choice(in: $0) }.first
    case .signExtend, .negate, .not, .extract: return choice(in: terms.children(target)[0])
    default: return nil
    }
  }

  private mutating func leave(_ path: Path) {
    exit = exit.map { merge($0, path) } ?? path
  }

  private mutating func enqueue(_ path: Path, at address: UInt64, from: Key? = nil) throws {
    guard path.calls.count <= bounds.callDepth else {
      throw Incomplete(
        obligation: .termination, reason: "calls nest deeper than \(bounds.callDepth)")
    }
    let key = Key(
      address: address, calls: path.calls, stackPointer: path.state[convention.stackPointer])
    if let from, from.calls == path.calls, order.rank(address) <= order.rank(from.address) {
      guard try continues(path, at: key) else { return }
    }
    pending[key] = pending[key].map { merge($0, path) } ?? path
  }

  // MARK: Loops

  /// Whether a path that goes round a loop has to be followed once more.
  private mutating func continues(_ path: Path, at key: Key) throws -> Bool {
    if let earlier = headers[key], isSame(earlier, path) {
      if isRetry(path, after: earlier) { return false }
      add(.termination, terms.false, on: path, at: key.address, "loops for ever")
      return false
    }
    switch feasibility(path.condition) {
    case .impossible: return false
    case .possible: break
    case .unknown(let reason):
      throw Incomplete(
        obligation: .termination,
        reason: "the loop at \(hex(key.address)) may go on: \(reason)")
    }
    headers[key] = path
    let header = LoopHeader(address: key.address, calls: key.calls)
    visits[header, default: 0] += 1
    guard visits[header, default: 0] <= bounds.iterations else {
      add(
        .termination, terms.false, on: path, at: key.address,
        "the loop at \(hex(key.address)) runs more than \(bounds.iterations) times",
        isExact: false)
      return false
    }
    return true
  }

  /// Whether `path`, whose state is that of `earlier`, is one of the runs that `earlier` stands for
  /// in which something failed by chance meanwhile. Whatever follows has been followed from there,
  /// and chance fails only finitely often.
  private func isRetry(_ path: Path, after earlier: Path) -> Bool {
    let (_, own, theirs) = split(path.condition, earlier.condition)
    return theirs == terms.true
      && terms.conjuncts(of: own).contains { terms.variable($0)?.isEnvironment ?? false }
  }
}

/// `0x` and lower-case digits.
func hex(_ address: UInt64) -> String { "0x" + String(address, radix: 16) }
