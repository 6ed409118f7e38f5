import MachineModel

/// Instructions for all lanes at once.
extension LaneMachine {
  /// Where all lanes are, and how many instructions each has taken.
  private struct Convoy {
    var address: UInt64
    var steps: Int
  }

  /// Lets all lanes arrive at the entry, and go on together.
  mutating func setOff() {
    let convoy = Convoy(address: stream.code.entry, steps: 0)
    guard ends.allSatisfy({ $0 == .running }), let found = arrive(convoy)
    else { return disband(convoy) }
    run(convoy, found)
  }

  /// Goes on with all lanes together, if they are.
  ///
  /// All have arrived where they are, before and after it.
  mutating func runTogether() {
    if let convoy = convoy() { run(convoy, find(convoy.address)) }
  }

  /// Goes on as long as each lane takes the same instructions, and these change registers alone.
  private mutating func run(_ start: Convoy, _ first: Found) {
    var (convoy, found) = (start, first)
    var waiting: [InstructionTape] = []
    while let tape = found.plainTape {
      waiting.append(tape)
      convoy.address &+= UInt64(tape.length)
      convoy.steps += 1
      let next = arrive(convoy)
      let isLandmark = convoy.steps.nonzeroBitCount == 1
      if isLandmark || next?.plainTape == nil {
        run(waiting)
        waiting.removeAll(keepingCapacity: true)
      }
      guard let next else { return disband(convoy) }
      if isLandmark { setLandmarks(convoy.address) }
      found = next
    }
    if convoy.steps == start.steps { return }
    for lane in 0..<count { (addresses[lane], steps[lane]) = (convoy.address, convoy.steps) }
  }

  /// Runs plain instructions in their order. Flags are found only where they are not overwritten before any of these
  /// depends on them.
  private mutating func run(_ tapes: [InstructionTape]) {
    var overwritten: FlagSet = []
    var steps: [UnflaggedTape?] = []
    for tape in tapes.reversed() {
      let isOverwritten = tape.writtenFlags.isSubset(of: overwritten)
      let step = isOverwritten ? tape.withoutFlags : nil
      steps.append(step)
      overwritten.formUnion(tape.writtenFlags)
      overwritten.subtract(step?.readFlags ?? tape.readFlags)
    }
    for (tape, step) in zip(tapes, steps.reversed()) {
      note(step?.changed ?? tape.changed)
      if let step {
        step.run(&words)
      } else {
        tape.runResults(words)
        tape.writeResults(to: &words)
      }
    }
  }

  private func convoy() -> Convoy? {
    guard let address = addresses.first, let taken = steps.first else { return nil }
    let isTogether = ends.indices.allSatisfy {
      ends[$0] == .running && addresses[$0] == address && steps[$0] == taken && !isReturning[$0]
    }
    return isTogether ? Convoy(address: address, steps: taken) : nil
  }

  /// Lets each lane arrive by itself.
  private mutating func disband(_ convoy: Convoy) {
    for lane in ends.indices where ends[lane] == .running {
      (addresses[lane], steps[lane]) = (convoy.address, convoy.steps)
      arrive(lane)
    }
  }

  /// What comes before an instruction for all lanes, and what is there; nil where that is for each to decide.
  private mutating func arrive(_ convoy: Convoy) -> Found? {
    if convoy.steps >= ConcreteMachine.steps(within: instructionLimit)
      || convoy.steps == instructionLimit || landmarkAddresses.contains(convoy.address)
    {
      return nil
    }
    let found = find(convoy.address)
    if case .nothing = found { return nil }
    return found
  }

  private mutating func setLandmarks(_ address: UInt64) {
    for lane in ends.indices {
      landmarkAddresses[lane] = address
      memories[lane].isChanged = false
    }
    let (columns, count) = (changedColumns, count)
    words.withUnsafeBufferPointer { words in
      landmarks.withUnsafeMutableBufferPointer { landmarks in
        for column in columns {
          ColumnPassage(from: column, to: column, words: 1)
            .copy(from: words, to: landmarks, lanes: count)
        }
      }
    }
  }
}

extension LaneMachine.Found {
  /// The tape of an instruction that changes registers alone.
  fileprivate var plainTape: InstructionTape? {
    if case .tape(let tape) = self, tape.isPlain { tape } else { nil }
  }
}
