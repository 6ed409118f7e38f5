import Contracts
import Isolation
import MachineModel
import Terms
import Verification
import Z3Backend

/// The mutants of one sample, with what they share: the sample's code, its specification, and inputs
/// that show most of them to be wrong before anything is proved.
struct MutantBatches {
  private static let size = 256

  let sample: Sample
  private let original: Code
  private let bank: TestBank?
  /// Where the instructions of the sample lie that a run on the first input executes.
  private let visited: Set<Range<UInt64>>
  private let seconds: Double
  let known = KnownProofs()

  init(_ sample: Sample, seconds: Double) throws {
    self.sample = sample
    self.seconds = seconds
    original = try sample.code()
    bank = try? TestBank(
      sample.contract(), sample.architecture, count: 16, solvers: .standard(),
      options: VerificationOptions())
    let stream = InstructionStream(original, sample.architecture)
    visited = (try? bank?.visited(stream, test: 0)) ?? []
    // Each batch's process begins with what is known of the instructions that mutants keep.
    _ = try? bank?.run(stream)
    _ = try? Verifier(
      code: original, contract: sample.contract(), architecture: sample.architecture,
      solvers: .standard(), options: VerificationOptions(), ledger: known
    ).verify()
  }

  /// Every other value of every byte.
  var all: [Mutant] {
    Mutant.bytes(of: original).enumerated().flatMap { offset, old in
      (0...255).filter { $0 != old }.map { Mutant(sample: sample, offset: offset, value: $0) }
    }
  }

  /// The fates of mutants, each batch in a process of its own so that a crash is seen as one.
  func fates(_ mutants: [Mutant]) -> [Mutant.Fate] {
    var result: [Mutant.Fate] = []
    for start in stride(from: 0, to: mutants.count, by: Self.size) {
      let batch = mutants[start..<min(start + Self.size, mutants.count)]
      let limit = 600 + Double(batch.count) * seconds * 2
      let outcome = IsolatedProcess.run(timeout: limit) {
        var test = 0
        return batch.map { fate($0, first: &test).rawValue }
      }
      if case .finished(let bytes) = outcome, bytes.count == batch.count {
        result += bytes.map { Mutant.Fate(rawValue: $0) ?? .broken }
      } else {
        result += batch.map(alone)
      }
    }
    return result
  }

  /// The fate of one whose batch did not come to its end.
  private func alone(_ mutant: Mutant) -> Mutant.Fate {
    let outcome = IsolatedProcess.run(timeout: 600 + seconds * 2) {
      var test = 0
      return [fate(mutant, first: &test).rawValue]
    }
    guard case .finished(let bytes) = outcome, let byte = bytes.first else { return .broken }
    return Mutant.Fate(rawValue: byte) ?? .broken
  }

  /// Whether it has bytes outside the tables where a run on the first input comes to them as the
  /// sample's does.
  private func isStopped(_ mutant: Mutant, _ stream: InstructionStream) -> Bool {
    let address = original.extent.lowerBound + UInt64(mutant.offset)
    return visited.contains { extent in
      extent.contains(address) && (try? stream.instruction(at: extent.lowerBound)) == nil
    }
  }

  /// Runs on the inputs first: what they refute, the verifier would.
  /// - Parameter test: the input to begin with; that which refuted the last mutant.
  private func fate(_ mutant: Mutant, first test: inout Int) -> Mutant.Fate {
    guard let bank, !bank.tests.isEmpty else { return mutant.fate(seconds: seconds, known) }
    var seconds = seconds
    do {
      let stream = InstructionStream(mutant.code(of: original), sample.architecture)
      if isStopped(mutant, stream) { return .unsupported }
      var found = try bank.counterexample(stream, test: test)
      if found == nil {
        let result = try bank.run(stream)
        test = result.runs.firstIndex { $0.violated != nil } ?? test
        found = result.counterexample
        // Then it is not proved, and what refutes it is found soon or not at all.
        if result.isTooLong { seconds /= 5 }
      }
      if let found { return found.trace.isEmpty ? .broken : .refuted }
    } catch {
      return .unsupported
    }
    return mutant.fate(seconds: seconds, known)
  }
}
