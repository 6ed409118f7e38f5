import Contracts
import MachineModel
import Terms

/// What running code on one test showed.
package struct TestRun: Sendable, Hashable {
  /// The obligation that the run violates; nil where it shows nothing wrong.
  package let violated: ObligationKind?
  /// Whether the code got to its end.
  package let hasEnded: Bool
  /// The share of the outcome's bits that equal those of the allowed outcome, where both exist.
  package let agreement: Double
}

/// What running code on the tests in turn showed.
package struct TestRuns {
  /// One for each test that was run.
  package var runs: [TestRun] = []
  /// The tests that were not run, since those before took too long.
  package var skipped = 0
  /// The first violation.
  package var refutation: Refutation?
  /// The run that shows it, where one is asked for.
  package var counterexample: Counterexample?

  /// Whether a test was stopped for its length.
  package var isTooLong = false
}

extension TestBank {
  /// The instructions after which a test is stopped.
  package static var runLimit: Int { ConcreteMachine.stepLimit }

  /// Runs the code on each test, everything undefined zero. Throws `UnsupportedCode` where a run
  /// comes to something that the engine cannot follow.
  /// - Parameters:
  ///   - inTurn: whether tests are run one after the other also where they could be run together, which
  ///     gives the same.
  ///   - shows: whether the run is asked for that shows the first violation.
  package func run(
    _ stream: InstructionStream, inTurn: Bool = false, shows: Bool = true
  ) throws(UnsupportedCode) -> TestRuns {
    if !inTurn, let result = try runTogether(stream, shows) { return result }
    return try runEach(stream)
  }

  /// What a run on one test alone shows to be wrong, if it shows anything early.
  package func counterexample(
    _ stream: InstructionStream, test number: Int
  ) throws(UnsupportedCode) -> Counterexample? {
    let test = tests[number]
    let replay = try replay(stream, test, steps: Landmark.watchLimit)
    return replay.violation.map { counterexample(test, replay, $0) }
  }

  /// Where the instructions lie that a run on one test executes.
  package func visited(
    _ stream: InstructionStream, test number: Int
  ) throws(UnsupportedCode) -> Set<Range<UInt64>> {
    guard tests.indices.contains(number) else { return [] }
    let trace = try replay(stream, tests[number]).trace
    return Set(trace.map { $0.instruction.address..<$0.instruction.end })
  }

  /// Runs the code on all tests at once, and those in turn that need it; nil where that contradicts
  /// the run that is shown to a user.
  private func runTogether(
    _ stream: InstructionStream, _ shows: Bool
  ) throws(UnsupportedCode) -> TestRuns? {
    guard let batch else { return nil }
    var result = TestRuns()
    let stepLimit = stepLimit
    var steps = 0
    for (lane, known) in batch.run(stream, stepLimit: stepLimit).enumerated()
    where steps < stepLimit {
      steps += known.steps
      var violated: ObligationKind?
      switch known.outcome {
      case .ended(let kind, let agreement):
        violated = kind
        result.runs.append(TestRun(violated: kind, hasEnded: true, agreement: agreement))
      case .failed(let kind):
        violated = kind
        result.runs.append(TestRun(violated: kind, hasEnded: false, agreement: 0))
      case .tooLong:
        // A run of its own tells early whether it comes back to where it was for ever.
        let replay = try replay(stream, tests[lane], steps: Landmark.watchLimit)
        if replay.violation == nil {
          result.runs.append(TestRun(violated: .termination, hasEnded: false, agreement: 0))
          result.isTooLong = true
        } else {
          steps += replay.steps - known.steps
          add(replay, tests[lane], &result)
        }
      case .unknown:
        let replay = try replay(stream, tests[lane])
        steps += replay.steps - known.steps
        add(replay, tests[lane], &result)
      }
      if result.isTooLong { break }
      guard let violated, result.refutation == nil else { continue }
      if !shows, let refutation = batch.refutation(known.outcome, lane: lane) {
        result.refutation = refutation
        continue
      }
      // What is shown to a user was run, and so was what only a run tells.
      let replay = try replay(stream, tests[lane])
      guard let violation = replay.violation, violation.kind == violated else { return nil }
      refute(tests[lane], replay, violation, &result)
    }
    result.skipped = tests.count - result.runs.count
    return result
  }

  private func replay(
    _ stream: InstructionStream, _ test: Test, steps: Int = TestBank.runLimit
  ) throws(UnsupportedCode) -> Replay {
    let replay = Replay(stream, contract, layout, test.input, choice: .zeros, steps: steps)
    if let error = replay.unsupported { throw error }
    return replay
  }

  private func add(_ replay: Replay, _ test: Test, _ result: inout TestRuns) {
    result.runs.append(run(replay, test))
    if result.refutation == nil, let violation = replay.violation {
      refute(test, replay, violation, &result)
    }
    if replay.isTooLong { result.isTooLong = true }
  }

  private func refute(
    _ test: Test, _ replay: Replay, _ violation: Replay.Violation, _ result: inout TestRuns
  ) {
    result.refutation = Refutation(kind: violation.kind, message: violation.message)
    result.counterexample = counterexample(test, replay, violation)
  }

  private func run(_ replay: Replay, _ test: Test) -> TestRun {
    TestRun(
      violated: replay.violation?.kind ?? (replay.isTooLong ? .termination : nil),
      hasEnded: replay.hasEnded,
      agreement: !replay.hasEnded
        ? 0 : replay.violation == nil ? 1 : agreement(replay.outputs, replay.buffers, test))
  }

  private func runEach(_ stream: InstructionStream) throws(UnsupportedCode) -> TestRuns {
    var result = TestRuns()
    let stepLimit = stepLimit
    var steps = 0
    for test in tests where steps < stepLimit && !result.isTooLong {
      let replay = try replay(stream, test)
      steps += replay.steps
      add(replay, test, &result)
    }
    result.skipped = tests.count - result.runs.count
    return result
  }

  private func counterexample(
    _ test: Test, _ replay: Replay, _ violation: Replay.Violation
  ) -> Counterexample {
    let reachedEnd = violation.kind == .ensures || violation.kind == .abi
    return Counterexample(
      obligation: violation.kind, message: violation.message, address: violation.address,
      input: test.input,
      outcome: reachedEnd ? .init(outputs: replay.outputs, buffers: replay.buffers) : nil,
      alternative: nil, allowed: violation.kind == .ensures ? test.allowed : nil,
      trace: replay.trace, steps: replay.steps)
  }

  /// The share of bits of outputs and writable buffers that are those of the allowed outcome; zero
  /// where there is nothing to compare.
  private func agreement(
    _ outputs: [String: BitVector], _ buffers: [[BitVector]], _ test: Test
  ) -> Double {
    guard let allowed = test.allowed else { return 0 }
    var (equal, total) = (0, 0)
    func compare(_ first: BitVector, _ second: BitVector) {
      total += first.width
      for (one, other) in zip(first.words, second.words) {
        equal += 64 - (one ^ other).nonzeroBitCount
      }
      equal -= first.words.count * 64 - first.width
    }
    for output in contract.outputs {
      guard let own = outputs[output.name], let wanted = allowed.outputs[output.name]
      else { continue }
      compare(own, wanted)
    }
    for (index, buffer) in test.input.buffers.enumerated() where !buffer.type.isConst {
      for (own, wanted) in zip(buffers[index], allowed.buffers[index]) {
        compare(own, wanted)
      }
    }
    return total == 0 ? 0 : Double(equal) / Double(total)
  }
}
