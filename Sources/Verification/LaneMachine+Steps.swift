import MachineModel

/// One instruction for the lanes that are at it.
extension LaneMachine {
  /// What comes before an instruction: the checks of `ConcreteMachine.run`.
  mutating func arrive(_ lane: Int) {
    let address = addresses[lane]
    if steps[lane] >= ConcreteMachine.steps(within: instructionLimit) {
      ends[lane] = .tooLong
      return
    }
    if landmarkAddresses[lane] == address, !memories[lane].isChanged, isAtLandmark(lane) {
      ends[lane] = .failed(.termination)
      return
    }
    if steps[lane].nonzeroBitCount == 1 { setLandmark(lane) }
    let actual = address &+ starts[lane].slide
    if isReturning[lane], actual == starts[lane].returnAddress {
      ends[lane] = .left(actual)
    } else if steps[lane] == instructionLimit {
      ends[lane] = .failed(.termination)
    } else if case .nothing = find(address) {
      ends[lane] = isReturning[lane] ? .left(actual) : .unknown
    }
  }

  private func isAtLandmark(_ lane: Int) -> Bool {
    changedColumns.allSatisfy { words[$0 + lane] == landmarks[$0 + lane] }
  }

  /// Brent: a landmark at every power of two is met again by any cycle.
  private mutating func setLandmark(_ lane: Int) {
    landmarkAddresses[lane] = addresses[lane]
    memories[lane].isChanged = false
    for column in changedColumns { landmarks[column + lane] = words[column + lane] }
  }

  mutating func step(_ tape: InstructionTape, _ active: [Int]) {
    if tape.accessesMemory {
      for lane in active { accesses[lane].removeAll(keepingCapacity: true) }
    }
    if !tape.loads.isEmpty {
      tape.runAddresses(words)
      tape.withAddresses { columns in for lane in active { load(tape, columns, lane) } }
    }
    tape.runResults(words)
    note(tape.changed)
    tape.withResults { columns in
      for lane in active {
        steps[lane] += 1
        if ends[lane] == .running { finish(tape, columns, lane) }
        isReturning[lane] = tape.flow == .return
        if ends[lane] == .running { arrive(lane) }
      }
    }
  }

  private mutating func load(
    _ tape: InstructionTape, _ columns: UnsafeBufferPointer<UInt64>, _ lane: Int
  ) {
    for load in tape.loads where columns[load.condition + lane] != 0 {
      let address = columns[load.address + lane]
      guard memories[lane].allows(address, load.byteCount, isWrite: false) else {
        ends[lane] = .failed(.memory)
        return
      }
      guard stream.code.unresolved(at: address &- starts[lane].slide, load.byteCount) == nil else {
        ends[lane] = .unknown
        return
      }
      accesses[lane].append(address)
      guard let column = load.value else { continue }
      for (word, start) in stride(from: 0, to: load.byteCount, by: 8).enumerated() {
        let byteCount = Swift.min(8, load.byteCount - start)
        tape.setLoaded(
          column, word: word, lane: lane,
          memories[lane].word(address &+ UInt64(start), byteCount))
      }
    }
  }

  /// Stores, and makes the results the lane's state.
  private mutating func finish(
    _ tape: InstructionTape, _ columns: UnsafeBufferPointer<UInt64>, _ lane: Int
  ) {
    for store in tape.stores where columns[store.condition + lane] != 0 {
      let address = columns[store.address + lane]
      guard memories[lane].allows(address, store.byteCount, isWrite: true) else {
        ends[lane] = .failed(.memory)
        return
      }
      accesses[lane].append(address)
      for (word, start) in stride(from: 0, to: store.byteCount, by: 8).enumerated() {
        memories[lane].write(
          address &+ UInt64(start), Swift.min(8, store.byteCount - start),
          columns[store.value + word * count + lane])
      }
    }
    if columns[tape.fault + lane] != 0 {
      ends[lane] = .failed(.faults)
      return
    }
    let before = stackTop(lane)
    for passage in tape.outputs {
      for index in 0..<passage.words {
        words[passage.to + index * count + lane] = columns[passage.from + index * count + lane]
      }
    }
    if checkStack(lane, from: before, tape.accessesMemory ? accesses[lane] : []) {
      addresses[lane] =
        tape.next.map { columns[$0 + lane] &- starts[lane].slide }
        ?? addresses[lane] &+ UInt64(tape.length)
    }
  }

  private func stackTop(_ lane: Int) -> UInt64 {
    stackPointer.map { words[variables.columns[$0.index] + lane] } ?? 0
  }

  /// Refuses accesses below the part of the stack in use and a stack pointer outside the stack, and
  /// forgets what is released; whether the lane can go on.
  private mutating func checkStack(_ lane: Int, from old: UInt64, _ accesses: [UInt64]) -> Bool {
    let (new, top) = (stackTop(lane), starts[lane].stackPointer)
    let limit = UInt64(EntryState.stackLimit)
    let unused = Swift.min(old, new) &- red
    if accesses.contains(where: { $0 < unused && $0 >= top &- limit && $0 < top }) {
      ends[lane] = .failed(.memory)
      return false
    }
    let (low, high) = (old &- red, Swift.min(new &- red, top))
    if old < new, old >= top &- limit, low < high { memories[lane].release(low...high - 1) }
    if let stackRise, new &- (top &- limit) > UInt64(EntryState.stackLimit + stackRise) {
      ends[lane] = .failed(.abi)
      return false
    }
    return true
  }
}
