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
  /// The tests that were not run, since an earlier one was stopped for its length.
  package var skipped = 0
  /// The first violation, confirmed by its run.
  package var counterexample: Counterexample?

  /// Whether a test was stopped for its length.
  package var isTooLong = false
}

extension TestBank {
  /// The instructions after which no further test is started.
  package static let stepLimit = 20_000

  /// The instructions after which a test is stopped.
  package static var runLimit: Int { ConcreteMachine.stepLimit }

  /// Runs the code on each test, everything undefined zero. Throws `UnsupportedCode` where a run
  /// comes to something that the engine cannot follow.
  package func run(
    _ stream: InstructionStream, also earlier: [ConcreteInput] = []
  ) throws(UnsupportedCode) -> TestRuns {
    var result = TestRuns()
    var steps = 0
    let all = earlier.map { Test(input: $0, allowed: nil) } + tests
    for (index, test) in all.enumerated() where steps < TestBank.stepLimit {
      let replay = Replay(stream, contract, layout, test.input, choice: .zeros)
      if let error = replay.unsupported { throw error }
      steps += replay.steps
      result.runs.append(
        TestRun(
          violated: replay.violation?.kind ?? (replay.isTooLong ? .termination : nil),
          hasEnded: replay.hasEnded, agreement: agreement(replay, test)))
      if result.counterexample == nil, let violation = replay.violation {
        result.counterexample = counterexample(test, replay, violation)
      }
      if replay.isTooLong {
        result.skipped = all.count - index - 1
        result.isTooLong = true
        break
      }
    }
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

  /// The share of equal bits of outputs and writable buffers; zero where there is nothing to
  /// compare, one where the run shows nothing wrong.
  private func agreement(_ replay: Replay, _ test: Test) -> Double {
    guard replay.hasEnded else { return 0 }
    if replay.violation == nil { return 1 }
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
      guard let own = replay.outputs[output.name], let wanted = allowed.outputs[output.name]
      else { continue }
      compare(own, wanted)
    }
    for (index, buffer) in test.input.buffers.enumerated() where !buffer.type.isConst {
      for (own, wanted) in zip(replay.buffers[index], allowed.buffers[index]) {
        compare(own, wanted)
      }
    }
    return total == 0 ? 0 : Double(equal) / Double(total)
  }
}
