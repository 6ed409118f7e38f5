import MachineModel
import Terms

/// What instructions leave to be proved.
extension SymbolicExecutor {
  /// Turns what an instruction recorded into obligations, and keeps the stack's extent.
  mutating func collect(
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
    isExact: Bool = true
  ) {
    let claim = terms.implies(path.condition, claim)
    guard claim != terms.true else { return }
    obligations.append(
      Obligation(kind: kind, claim: claim, isExact: isExact, address: address, text: text))
  }

  /// The stack pointer's distance from its value at entry, if it is known.
  func stackOffset(_ state: MachineState) -> Int64? {
    let offset = terms.subtract(state[convention.stackPointer], entryStackPointer)
    return terms.small(offset).map { Int64(bitPattern: $0) }
  }

  /// Tells the memory how far the stack is in use and what holds on the path.
  func prepareMemory(of path: inout Path, _ stackOffset: Int64?) {
    guard var memory = path.state.memory as? SymbolicMemory else { return }
    memory.stackFloor = stackOffset.map { $0 - convention.redZone } ?? .max
    memory.known = path.condition
    path.state.memory = memory
  }
}
