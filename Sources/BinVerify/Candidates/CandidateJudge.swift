import CaDiCaLBackend
import Contracts
import MachineModel
import Verification
import Z3Backend

/// Judges candidates in a worker: first by tests, then by proof.
struct CandidateJudge {
  /// The longest candidate, in bytes.
  static let byteLimit = 1 << 16

  let setup: CandidateSetup
  let contract: Contract
  let architecture: any Architecture
  private let cpu: CPUProfile
  let reference: LoadedCode?
  /// The tests of the specification, and those with the inputs of the host's bank before them.
  private let ownBank: TestBank?
  private var bank: TestBank?
  private var memory = ResultMemory()
  /// What was proved of candidates so far.
  private let shapes = ProvedShapes()
  private let solvers = Solvers.standard()

  init(_ setup: CandidateSetup) throws {
    self.setup = setup
    contract = try CandidateJudge.contract(setup)
    let base = try BinVerify.architecture(named: setup.isa)
    cpu = try base.profile(named: setup.cpu)
    architecture = base.restricted(to: cpu)
    _ = try contract.layout(for: architecture)
    if let other = setup.reference {
      let referenceArchitecture = try BinVerify.architecture(named: other.isa)
      _ = try contract.layout(for: referenceArchitecture)
      reference = LoadedCode(
        code: Code(bytes: other.bytes, name: CandidateSetup.referenceName), isa: other.isa)
      ownBank = nil
      return
    }
    reference = nil
    do {
      // What it finds must not depend on time: a few conflicts, no Z3, and a limit of its own.
      var options = setup.options
      options.seconds = VerificationOptions().seconds
      ownBank = try TestBank(
        contract, architecture, count: setup.tests,
        solvers: Solvers(smt: CaDiCaL(conflicts: 2_000)), options: options)
      bank = ownBank
      if bank?.tests.isEmpty ?? true { try requireInput() }
    } catch let error as TestBank.Undetermined {
      throw CandidateError.usage("nothing can be judged by this specification: \(error.reason)")
    }
  }

  /// Has candidates run on these inputs first, from now on. Nothing that was found out without them
  /// counts any longer.
  mutating func use(_ inputs: [String]) throws {
    guard let ownBank else {
      throw CandidateError.usage("comparisons have no tests, and so no bank of counterexamples")
    }
    do {
      bank = inputs.isEmpty ? ownBank : try ownBank.preceded(by: inputs)
      memory = ResultMemory()
    } catch let error as TestBank.ForeignInput {
      throw CandidateError.usage(
        "input \(error.number) of the bank is none that this specification permits")
    }
  }

  /// The contract of the text: a script, or for a comparison a prototype alone.
  private static func contract(_ setup: CandidateSetup) throws -> Contract {
    let text = setup.specification
    let isScript = text.first { !$0.isWhitespace }.map { $0 == "(" || $0 == ";" } ?? true
    if setup.reference != nil, !isScript {
      return Contract(prototype: try Prototype.parse(text), file: setup.file)
    }
    return try Contract.parse(text: text, file: setup.file)
  }

  /// Throws `VacuousSpecification` if no input satisfies the precondition.
  private func requireInput() throws {
    let code = LoadedCode(code: Code(bytes: [0]), isa: setup.isa)
    do {
      _ = try prove(
        code: code, specification: contract, options: setup.options, solvers: solvers)
    } catch is UnsupportedCode {
      // It got as far as the code, so there is an input.
    }
  }

  /// - Parameter tested: told the reward as far as tests go, before a proof is tried.
  func judge(_ bytes: [UInt8], tested: (UInt64) -> Void) -> CandidateResult {
    if let known = memory[bytes] { return known }
    let result = judgeAnew(bytes, tested: tested)
    memory.keep(result, of: bytes)
    return result
  }

  private func judgeAnew(_ bytes: [UInt8], tested: (UInt64) -> Void) -> CandidateResult {
    let code = LoadedCode(code: Code(bytes: bytes, name: CandidateSetup.codeName), isa: setup.isa)
    let answer = CandidateAnswer(
      setup: setup,
      subject: ProofSubject(
        code: code, contract: contract, architecture: architecture, explains: false))
    guard bytes.count <= CandidateJudge.byteLimit else {
      return answer.unsupported(
        UnsupportedCode(
          address: 0, bytes: [], reason: "more than \(CandidateJudge.byteLimit) bytes of code"))
    }
    do {
      if let reference { return answer.comparison(try compare(reference, code), reference) }
      var reward = Reward.range.lowerBound
      if let bank {
        let start = ContinuousClock.now
        let runs = try bank.run(
          InstructionStream(code.code, architecture), shows: setup.reports)
        reward = Reward.tested(runs)
        if let refutation = runs.refutation, !setup.reports {
          return answer.refuted(refutation, reward: reward)
        }
        if let found = runs.counterexample {
          let spent = ContinuousClock.now - start
          let seconds =
            Double(spent.components.seconds) + Double(spent.components.attoseconds) / 1e18
          return answer.report(
            VerificationReport(refutedBy: found, seconds: seconds), reward: reward,
            isTested: true)
        }
        if runs.isTooLong {
          return answer.inconclusive(
            Inconclusive(
              obligation: .termination,
              reason: "a test takes more than \(TestBank.runLimit) instructions"), reward: reward)
        }
        tested(reward.bitPattern)
      }
      let report = try prove(
        code: code, specification: contract, options: setup.options, cpu: cpu, solvers: solvers,
        shapes: shapes)
      return answer.report(report, reward: reward)
    } catch let error as UnsupportedCode {
      return answer.unsupported(error)
    } catch {
      return answer.inconclusive(
        Inconclusive(obligation: .termination, reason: "\(error)"), reward: Reward.range.lowerBound)
    }
  }

  private func compare(_ first: LoadedCode, _ second: LoadedCode) throws -> EquivalenceReport {
    try equivalent(
      first: first, second: second, contract: contract, options: setup.options, secondCPU: cpu,
      solvers: solvers)
  }
}

/// Results of candidates by their bytes: generators write the same code again and again.
private final class ResultMemory {
  private static let limit = 4_096
  private var results: [[UInt8]: CandidateResult] = [:]

  subscript(bytes: [UInt8]) -> CandidateResult? { results[bytes] }

  /// Keeps a result, unless another try might find out more.
  func keep(_ result: CandidateResult, of bytes: [UInt8]) {
    if result.verdict == .inconclusive || bytes.count > 1_024 { return }
    if results.count >= ResultMemory.limit { results = [:] }
    results[bytes] = result
  }
}
