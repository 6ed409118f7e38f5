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
  private let seconds: Double

  init(_ sample: Sample, seconds: Double) throws {
    self.sample = sample
    self.seconds = seconds
    original = try sample.code()
    bank = try? TestBank(
      sample.contract(), sample.architecture, count: 16, solvers: .standard(),
      options: VerificationOptions())
    // Each batch's process begins with what is known of the instructions that mutants keep.
    _ = try? bank?.run(InstructionStream(original, sample.architecture))
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
      let outcome = IsolatedProcess.run(timeout: limit) { batch.map { fate($0).rawValue } }
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
    let outcome = IsolatedProcess.run(timeout: 600 + seconds * 2) { [fate(mutant).rawValue] }
    guard case .finished(let bytes) = outcome, let byte = bytes.first else { return .broken }
    return Mutant.Fate(rawValue: byte) ?? .broken
  }

  /// Runs on the inputs first: what they refute, the verifier would.
  private func fate(_ mutant: Mutant) -> Mutant.Fate {
    guard let bank else { return mutant.fate(seconds: seconds) }
    do {
      let stream = InstructionStream(mutant.code(of: original), sample.architecture)
      if let found = try bank.run(stream).counterexample {
        return found.trace.isEmpty ? .broken : .refuted
      }
    } catch {
      return .unsupported
    }
    return mutant.fate(seconds: seconds)
  }
}
