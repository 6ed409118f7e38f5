import Glibc
import MachineModel
import Verification

/// Judges many candidates for one specification, from any number of threads at once.
///
/// Candidates are judged in worker processes, which end with the verifier or with the host. Whatever
/// a candidate does to its worker (crash, endless work, hunger for memory), the host gets a result,
/// and the limits hold for each candidate. The host is not forked and none of its signal handlers,
/// descriptors or environment is touched.
public final class CandidateVerifier: Sendable {
  private let pool: WorkerPool

  /// Judges whether candidates meet a specification.
  ///
  /// Compiles it at once, in a worker: an error in it is thrown here.
  /// - Parameters:
  ///   - specification: the text of a specification (`Docs/Contracts.md`).
  ///   - file: the name of the specification in messages.
  ///   - cpu: the CPU that candidates are for, as `--cpu` names it; a candidate with an instruction that
  ///     it does not have is unsupported.
  ///   - options: the limits for each candidate.
  ///   - tests: the inputs that each candidate is run on before anything is proved.
  ///   - reports: whether results have reports and counterexamples, most of the time that wrong candidates
  ///     take; verdicts, rewards, reasons and failing inputs are the same without.
  public convenience init(
    specification: String, file: String = "specification", isa: String, cpu: String = "any",
    options: VerificationOptions = .init(), tests: Int = 32, reports: Bool = true,
    program: WorkerProgram
  ) throws(CandidateError) {
    try self.init(
      CandidateSetup(
        specification: specification, file: file, isa: isa, cpu: cpu, reference: nil,
        options: options, tests: tests, reports: reports), program)
  }

  /// Judges whether candidates can stand for `reference`.
  ///
  /// - Parameters:
  ///   - contract: a C prototype, or the text of a specification of which the prototype and the
  ///     precondition are used.
  ///   - cpu: the CPU that candidates are for; `reference` may use all instructions.
  public convenience init(
    reference: [UInt8], isa referenceISA: String, contract: String, file: String = "prototype",
    candidateISA: String, cpu: String = "any", options: VerificationOptions = .init(),
    reports: Bool = true, program: WorkerProgram
  ) throws(CandidateError) {
    try self.init(
      CandidateSetup(
        specification: contract, file: file, isa: candidateISA, cpu: cpu,
        reference: .init(bytes: reference, isa: referenceISA), options: options, tests: 0,
        reports: reports),
      program)
  }

  private init(_ setup: CandidateSetup, _ program: WorkerProgram) throws(CandidateError) {
    let options = setup.options
    guard options.seconds > 0, options.seconds.isFinite else {
      throw .usage("a time limit of more than 0 s was expected, found \(options.seconds)")
    }
    guard options.memory >= 1 << 26 else {
      throw .usage("a memory limit of 64 MiB or more was expected, found \(options.memory) bytes")
    }
    guard options.obligations == Set(ObligationKind.allCases) else {
      throw .usage("a candidate's tests look at all obligations: none can be left out")
    }
    guard options.iterations >= 0, options.placements >= 0 else {
      throw .usage("numbers of iterations and placements that are not negative were expected")
    }
    guard 0...4_096 ~= setup.tests else {
      throw .usage("0 to 4096 tests were expected, found \(setup.tests)")
    }
    pool = WorkerPool(setup, program)
    pool.give(try pool.take())
  }

  /// The result for one candidate.
  /// - Parameter bank: inputs that it is run on before the tests of the specification.
  public func verify(
    _ candidate: [UInt8], bank: CounterexampleBank = CounterexampleBank()
  ) throws(CandidateError) -> CandidateResult {
    try verify(many: [candidate], bank: bank, workers: 1)[0]
  }

  /// The results for candidates in their order, which is all that their number, their order and the
  /// number of workers decide.
  /// - Parameters:
  ///   - bank: inputs that they are run on before the tests of the specification; one that the
  ///     specification does not permit is an error.
  ///   - workers: how many candidates are judged at a time; nil for one a processor.
  public func verify(
    many candidates: [[UInt8]], bank: CounterexampleBank = CounterexampleBank(),
    workers: Int? = nil
  ) throws(CandidateError) -> [CandidateResult] {
    let workers = workers ?? Swift.max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
    guard 1...1_024 ~= workers else {
      throw .usage("1 to 1024 workers were expected, found \(workers)")
    }
    var batch = CandidateBatch(pool, candidates, bank)
    return try batch.run(workers: workers)
  }
}
