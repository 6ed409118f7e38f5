import Contracts
import MachineModel
import Terms
import Verification
import Z3Backend

/// A sample's code with one byte changed.
struct Mutant: Sendable, CustomStringConvertible {
  let sample: Sample
  /// The byte's distance from the start of the symbol.
  let offset: Int
  let value: UInt8

  var description: String { "\(sample.kernel)+\(offset)=\(value)" }

  /// What became of it.
  enum Fate: UInt8, CaseIterable, Sendable {
    /// A counterexample that a run of the code confirmed.
    case refuted
    /// The specification itself was proved of it.
    case proved
    /// Bytes outside the tables, or control flow that is not followed.
    case unsupported
    case inconclusive
    /// Anything else: a crash, a refutation without a run, another error.
    case broken
  }

  /// The bytes that belong to a sample's own code.
  static func bytes(of code: Code) -> [UInt8] {
    guard let segment = code.segment(at: code.entry) else { return [] }
    return code.extent.compactMap { address in
      segment.contains(address) ? segment.bytes[Int(address - segment.address)] : nil
    }
  }

  /// The sample's code with the byte changed.
  func code() throws -> Code { code(of: try sample.code()) }

  /// `code`, which is the sample's, with the byte changed.
  func code(of code: Code) -> Code {
    let address = code.extent.lowerBound + UInt64(offset)
    let segments = code.segments.map { segment in
      guard segment.contains(address) else { return segment }
      var bytes = segment.bytes
      bytes[Int(address - segment.address)] = value
      return Segment(
        name: segment.name, address: segment.address, bytes: bytes,
        isExecutable: segment.isExecutable, ownStep: segment.ownStep)
    }
    return Code(
      name: description, segments: segments, entry: code.entry, extent: code.extent,
      unresolved: code.unresolved, linkedFields: code.linkedFields, slideStep: code.slideStep)
  }

  /// What the verifier says, in this process.
  func verdict(seconds: Double, _ known: KnownProofs? = nil) throws -> Verdict {
    var options = VerificationOptions()
    options.seconds = seconds
    options.memory = 1 << 30
    options.iterations = 1_000
    return try Verifier(
      code: code(), contract: sample.contract(), architecture: sample.architecture,
      solvers: .standard(), options: options, ledger: known
    ).verify().verdict
  }

  /// What becomes of it, in this process.
  func fate(seconds: Double, _ known: KnownProofs? = nil) -> Fate {
    do {
      switch try verdict(seconds: seconds, known) {
      case .proved: return .proved
      case .inconclusive: return .inconclusive
      case .refuted(let found): return found.trace.isEmpty ? .broken : .refuted
      }
    } catch is UnsupportedCode {
      return .unsupported
    } catch {
      return .broken
    }
  }

  /// Whether it is the same as the original for every input, by comparing the two codes.
  func isEquivalent(seconds: Double, _ known: KnownProofs? = nil) throws -> Bool? {
    var options = VerificationOptions()
    options.seconds = seconds
    let report = try EquivalenceVerifier(
      first: sample.code(), sample.architecture, second: code(), sample.architecture,
      contract: sample.contract(), solvers: .standard(), options: options, ledger: known
    ).verify()
    switch report.verdict {
    case .equivalent: return true
    case .different: return false
    case .inconclusive: return nil
    }
  }
}

/// What was proved of the same sample or its mutants before: most that are proved come to the same
/// queries.
final class KnownProofs: ProofLedger {
  private static let limit = 256
  private var stages: [ObligationQuery: Stage] = [:]

  func begin(_ query: ObligationQuery) -> Stage? { query.text == nil ? nil : stages[query] }

  func end(_ query: ObligationQuery, provedBy stage: Stage?) {
    if stages.count == Self.limit { stages = [:] }
    stages[query] = stage
  }
}
