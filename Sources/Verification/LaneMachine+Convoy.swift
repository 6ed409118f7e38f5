import MachineModel

/// Instructions for all lanes at once.
extension LaneMachine {
  /// Where all lanes are, and how many instructions each has taken.
  private struct Convoy {
    var address: UInt64
    var steps: Int
  }

  /// Lets all lanes arrive at the entry, and go on together.
  func setOff() {
    let convoy = Convoy(address: stream.code.entry, steps: 0)
    guard ends.allSatisfy({ $0 == .running }), arrive(convoy) else { return disband(convoy) }
    runTogether()
  }

  /// Goes on with all lanes together as long as each takes the same instructions, and these change registers alone.
  ///
  /// All have arrived where they are, before and after it.
  func runTogether() {
    guard var convoy = convoy() else { return }
    while case .tape(let tape) = find(convoy.address), tape.isPlain,
      tape.flow == .sequential, !tape.changed.contains(where: { $0 == stackPointer?.index })
    {
      run(tape)
      convoy.address &+= UInt64(tape.length)
      convoy.steps += 1
      if !arrive(convoy) { return disband(convoy) }
    }
    addresses = Array(repeating: convoy.address, count: count)
    steps = Array(repeating: convoy.steps, count: count)
  }

  private func convoy() -> Convoy? {
    guard let address = addresses.first, let taken = steps.first else { return nil }
    let isTogether = ends.indices.allSatisfy {
      ends[$0] == .running && addresses[$0] == address && steps[$0] == taken && !isReturning[$0]
    }
    return isTogether ? Convoy(address: address, steps: taken) : nil
  }

  /// Lets each lane arrive by itself.
  private func disband(_ convoy: Convoy) {
    for lane in ends.indices where ends[lane] == .running {
      (addresses[lane], steps[lane]) = (convoy.address, convoy.steps)
      arrive(lane)
    }
  }

  /// What comes before an instruction for all lanes; false where that is for each to decide.
  private func arrive(_ convoy: Convoy) -> Bool {
    if convoy.steps >= ConcreteMachine.steps(within: instructionLimit)
      || convoy.steps == instructionLimit || landmarkAddresses.contains(convoy.address)
    {
      return false
    }
    if case .nothing = find(convoy.address) { return false }
    if convoy.steps.nonzeroBitCount == 1 { setLandmarks(convoy.address) }
    return true
  }

  private func setLandmarks(_ address: UInt64) {
    for lane in ends.indices {
      landmarkAddresses[lane] = address
      memories[lane].isChanged = false
    }
    for column in changedColumns {
      for word in column..<column + count { landmarks[word] = words[word] }
    }
  }

  private func run(_ tape: InstructionTape) {
    tape.runResults(words)
    note(tape.changed)
    tape.withResults { columns in
      words.withUnsafeMutableBufferPointer { words in
        for passage in tape.outputs { passage.copy(from: columns, to: words, lanes: count) }
      }
    }
  }
}
