import MachineModel
import Terms

/// What instructions leave to be proved.
extension SymbolicExecutor {
  /// Turns what an instruction recorded into obligations, and keeps the stack's extent.
  mutating func collect(
    _ path: inout Path, _ instruction: Instruction, _ before: StackDepth?
  ) throws {
    for fault in path.state.faults {
      if fault.fault == .systemFlag {
        var changed = path
        changed.condition = terms.and(path.condition, fault.condition)
        try refuse(stream.unsupported(instruction, fault.fault.rawValue), changed)
        continue
      }
      add(
        .faults, terms.not(fault.condition), on: path, at: instruction.address,
        fault.fault.rawValue)
      path.condition = terms.and(path.condition, terms.not(fault.condition))
    }
    path.state.faults = []
    guard var memory = path.state.memory as? SymbolicMemory else { return }
    if memory.readsStaleCopy { throw StaleCopy(address: instruction.address) }
    let after = stackDepth(path.state)
    let depths = [before, after].compactMap { $0?.reach }
    let floor = depths.map(\.high).min().map { $0 - convention.redZone }
    for access in memory.accesses {
      var allowed = access.isAllowed
      var isExact = access.isExact
      if let offset = access.stackOffset, floor.map({ offset < $0 }) ?? true {
        allowed = terms.not(access.condition)
        isExact = isExact && floor != nil && depths.allSatisfy(\.isExact)
      }
      add(
        .memory, allowed, on: path, at: instruction.address,
        "\(access.kind.rawValue) of \(access.byteCount) bytes: \(access.place)",
        isExact: isExact, isWrong: access.isStray)
    }
    memory.accesses = []
    if let after {
      if let before, mayRise(from: before, to: after) {
        memory.releaseStack(below: after.reach.high - convention.redZone, terms)
        path.hasForgotten = path.hasForgotten || !after.reach.isExact
      }
    } else if before != nil {
      // It may have passed over anything.
      memory.releaseStack(below: .max, terms)
      path.hasForgotten = true
    }
    path.state.memory = memory
  }

  /// The stack pointer stays within the stack.
  mutating func keepToStack(_ path: Path, after old: Path, _ instruction: Instruction) {
    let pointer = path.state[convention.stackPointer]
    guard let stackRise, pointer != old.state[convention.stackPointer] else { return }
    let lowest = terms.subtract(
      entryStackPointer, terms.constant(signed: EntryState.stackLimit, width: 64))
    let isInside = terms.unsignedLessOrEqual(
      terms.subtract(pointer, lowest),
      terms.constant(signed: EntryState.stackLimit + stackRise, width: 64))
    add(.abi, isInside, on: path, at: instruction.address, "the stack pointer leaves the stack")
  }

  mutating func add(
    _ kind: ObligationKind, _ claim: Term, on path: Path, at address: UInt64?, _ text: String,
    isExact: Bool = true, isWrong: Term? = nil
  ) {
    let claim = terms.implies(path.condition, claim)
    guard claim != terms.true else { return }
    obligations.append(
      Obligation(
        kind: kind, claim: claim, isExact: isExact && !path.hasForgotten,
        isWrong: isWrong.map { terms.and(path.condition, $0) }, address: address, text: text))
  }

  /// The stack pointer's distance from its value at entry.
  struct StackDepth {
    /// Far beyond any stack.
    static let limit: Int64 = 1 << 40

    let offset: Term
    let reach: OffsetReach
  }

  /// The stack pointer's distance from its value at entry, if it is known up to an alignment.
  func stackDepth(_ state: MachineState) -> StackDepth? {
    let offset = terms.subtract(state[convention.stackPointer], entryStackPointer)
    guard let reach = OffsetReach(offset, in: terms), reach.low > -StackDepth.limit,
      reach.high < StackDepth.limit, reach.high - reach.low < 1 << 12
    else { return nil }
    return StackDepth(offset: offset, reach: reach)
  }

  private func mayRise(from before: StackDepth, to after: StackDepth) -> Bool {
    if after.reach.high <= before.reach.low { return false }
    guard let rise = terms.small(terms.subtract(after.offset, before.offset)) else { return true }
    return Int64(bitPattern: rise) > 0
  }

  /// Writes a stack pointer that an instruction made in a form that is followed: where code has aligned
  /// it, or, as a claim says, where it seems to be.
  mutating func followStackPointer(of path: inout Path, after old: Path, at address: UInt64) {
    let pointer = path.state[convention.stackPointer]
    guard let alignment, pointer != old.state[convention.stackPointer],
      terms.small(terms.subtract(pointer, entryStackPointer)) == nil
    else { return }
    if let followed = alignment.followed(pointer) {
      path.state[convention.stackPointer] = followed
    } else if stackDepth(path.state) == nil, let memory = path.state.memory as? SymbolicMemory,
      let depth = memory.apparentDepth(of: pointer, where: path.condition, terms)
    {
      let apparent = terms.add(entryStackPointer, terms.constant(signed: depth, width: 64))
      add(
        .memory, terms.equal(pointer, apparent), on: path, at: address,
        "a stack pointer that is not followed", isExact: false)
      path.state[convention.stackPointer] = apparent
    }
  }

  /// Tells the memory how far the stack is in use and what holds on the path.
  func prepareMemory(of path: inout Path, _ depth: StackDepth?) {
    guard var memory = path.state.memory as? SymbolicMemory else { return }
    memory.stackFloor = depth.map { $0.reach.low - convention.redZone } ?? .max
    memory.stackFloorTerm = depth.flatMap { depth in
      let redZone = terms.constant(signed: convention.redZone, width: 64)
      return depth.reach.isExact ? nil : terms.subtract(depth.offset, redZone)
    }
    memory.known = path.condition
    path.state.memory = memory
  }
}
