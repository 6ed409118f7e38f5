import BinVerify
import Glibc
import Testing

/// Verifiers whose worker is the example program, which is built beside the tests.
@Suite struct CandidateVerifierTests {
  private static let specification = """
    (set-logic QF_BV)
    (set-info :kernel "int32_t abs32(int32_t x)")
    (declare-const x (_ BitVec 32))
    (declare-const result (_ BitVec 32))
    (define-fun requires () Bool true)
    (define-fun ensures () Bool
      (= result (ite (bvslt x #x00000000) (bvneg x) x)))
    """
  /// mov eax, edi; neg eax; cmovs eax, edi; ret
  private static let right: [UInt8] = [0x89, 0xF8, 0xF7, 0xD8, 0x0F, 0x48, 0xC7, 0xC3]

  private static let program: WorkerProgram = {
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let own = String(decoding: buffer.prefix(max(length, 0)).map(UInt8.init), as: UTF8.self)
    let folder = own[..<(own.lastIndex(of: "/") ?? own.startIndex)]
    var root = Substring(#filePath)
    for _ in 0..<3 { root = root[..<(root.lastIndex(of: "/") ?? root.startIndex)] }
    let candidates =
      ["\(folder)/EmbeddingExample"]
      + ["release", "debug"].map { "\(root)/.build/\($0)/EmbeddingExample" }
    return WorkerProgram(path: candidates.first { access($0, X_OK) == 0 } ?? "EmbeddingExample")
  }()

  private func verifier(
    _ text: String = specification, isa: String = "x86-64", tests: Int = 32,
    options: VerificationOptions = .init(), program: WorkerProgram = program
  ) throws(CandidateError) -> CandidateVerifier {
    try CandidateVerifier(
      specification: text, isa: isa, options: options, tests: tests, program: program)
  }

  @Test func codeThatIsNearerToRightEarnsMore() throws {
    let codes: [[UInt8]] = [
      Self.right,
      [0x89, 0xF8, 0xF7, 0xD8, 0xC3],  // -x: right for half of the inputs
      [0x89, 0xF8, 0x31, 0xDB, 0xC3],  // x, and rbx is lost
      [0x8B, 0x04, 0x25, 0, 0, 0, 0, 0xC3],  // reads address 0
      [0x0F, 0xFF],  // no instruction
    ]
    let results = try verifier().verify(many: codes, workers: 2)
    let rewards = results.map(\.reward)
    #expect(rewards == rewards.sorted(by: >), "\(rewards)")
    #expect(Set(rewards).count == rewards.count, "\(rewards)")
    #expect(rewards[0] == Reward.proved && rewards[4] == Reward.unsupported)
    #expect(rewards[1...3].allSatisfy { Reward.range.contains($0) })
    #expect(
      results.map(\.verdict)
        == [.proved, .refuted, .refuted, .refuted, .unsupported])
    #expect(results[2].reason.hasPrefix("abi: ") && results[3].reason.hasPrefix("memory: "))
  }

  /// Instructions that do nothing do not help: tests that are not started count as not passed.
  @Test func wastedInstructionsEarnNothing() throws {
    // mov ecx, 40000; 1: dec ecx; jnz 1b
    let waste: [UInt8] = [0xB9, 0x40, 0x9C, 0, 0, 0xFF, 0xC9, 0x75, 0xFC]
    let constant: [UInt8] = [0x31, 0xC0, 0xC3]
    let judge = try verifier()
    let plain = try judge.verify(constant).reward
    let wasting = try judge.verify(waste + constant).reward
    #expect(wasting < plain, "\(wasting), \(plain)")
    let right = try judge.verify(waste + Self.wrong(at: 0x1234_5678)).reward
    #expect(right < Reward.range.upperBound, "\(right)")
  }

  /// A specification of long buffers is compiled within the memory of a worker.
  @Test func longBuffers() throws {
    let text = """
      (set-logic QF_ABV)
      (set-info :kernel "void fill(uint8_t p[n], uint32_t n, uint8_t k)")
      (declare-const p (Array (_ BitVec 64) (_ BitVec 8)))
      (declare-const p.out (Array (_ BitVec 64) (_ BitVec 8)))
      (declare-const n (_ BitVec 32))
      (declare-const k (_ BitVec 8))
      (define-fun requires () Bool (bvule n (_ bv16384 32)))
      (define-fun ensures () Bool
        (=> (distinct n #x00000000) (= (select p.out #x0000000000000000) k)))
      """
    // test esi, esi; jz end; mov [rdi], dl; end: ret
    let judge = try verifier(text)
    #expect(try judge.verify([0x85, 0xF6, 0x74, 0x02, 0x88, 0x17, 0xC3]).verdict == .proved)
    #expect(try judge.verify([0xC3]).verdict == .refuted)
  }

  @Test func passingAllTestsIsNoProof() throws {
    // Right but for x = 0x12345678, which no test hits.
    let code: [UInt8] = [
      0x89, 0xF8, 0xF7, 0xD8, 0x0F, 0x48, 0xC7, 0x81, 0xFF, 0x78, 0x56, 0x34, 0x12, 0x75, 0x02,
      0x31, 0xC0, 0xC3,
    ]
    let result = try verifier().verify(code)
    #expect(result.verdict == .refuted)
    #expect(result.reward == Reward.range.upperBound)
    #expect(result.counterexample?.contains("0x12345678") == true)
  }

  /// `mov eax, edi; neg eax; cmovs eax, edi`, then zero for one input.
  private static func wrong(at input: UInt32) -> [UInt8] {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: input >> ($0 * 8)) }
    return [0x89, 0xF8, 0xF7, 0xD8, 0x0F, 0x48, 0xC7, 0x81, 0xFF] + bytes
      + [0x75, 0x02, 0x31, 0xC0, 0xC3]
  }

  @Test func counterexamplesAreTestsOfTheNext() throws {
    let judge = try verifier()
    let first = try judge.verify(Self.wrong(at: 0x1234_5678))
    let input = try #require(first.failingInput)
    let bank = CounterexampleBank().adding([first, first])
    #expect(bank.inputs == [input])
    // With the bank a test refutes it, and it earns less; without, all is as before.
    let again = try judge.verify(Self.wrong(at: 0x1234_5678), bank: bank)
    #expect(again.verdict == .refuted && again.failingInput == nil)
    #expect(again.reward < first.reward && again.counterexample?.contains("0x12345678") == true)
    #expect(try judge.verify(Self.wrong(at: 0x1234_5678)).reward == first.reward)
    let codes = [Self.right, Self.wrong(at: 0x1234_5678), Self.wrong(at: 0x2345_6789)]
    let some = try judge.verify(many: codes, bank: bank, workers: 1)
    let others = try verifier().verify(many: codes.reversed(), bank: bank, workers: 3)
    #expect(some.map(\.reward) == others.reversed().map(\.reward))
    #expect(some.map(\.verdict) == [.proved, .refuted, .refuted])
    #expect(some[2].failingInput != nil && some[1].reward == again.reward)
  }

  @Test(arguments: [
    "", "buffers ", "buffers \n1 nothing", "buffers 0@0", "buffers \nz x", "buffers \n1:1 x",
    // A stack pointer that is not aligned.
    "buffers \n7fff00000003 %rsp",
  ]) func aBankHasInputsOfTheSpecification(text: String) throws {
    let judge = try verifier()
    func verdict() throws(CandidateError) -> CandidateResult.Verdict {
      try judge.verify(Self.right, bank: CounterexampleBank([text])).verdict
    }
    // All variables at their usual values are an input.
    if text == "buffers " {
      #expect(try verdict() == .proved)
    } else {
      #expect(
        throws: CandidateError.usage("input 0 of the bank is none that this specification permits")
      ) { try verdict() }
    }
    #expect(try judge.verify(Self.right).verdict == .proved)
  }

  @Test func rewardsDoNotDependOnOrderOrWorkers() throws {
    let codes: [[UInt8]] = (0..<24).map {
      [0x89, 0xF8, 0x83, 0xF0 | UInt8($0 % 2), UInt8($0), 0xC3]
    }
    let judge = try verifier()
    let forwards = try judge.verify(many: codes, workers: 1)
    let backwards = try verifier().verify(many: codes.reversed(), workers: 3)
    #expect(forwards.map(\.reward) == backwards.map(\.reward).reversed())
    #expect(Set(forwards.map(\.reward)).count > 1)
  }

  @Test func limitsHoldForEachCandidate() throws {
    var options = VerificationOptions()
    options.seconds = 5
    // Counts 2^64 down; then returns.
    let long: [UInt8] = [0x48, 0x31, 0xC9, 0x48, 0xFF, 0xC9, 0x75, 0xFB, 0x89, 0xF8, 0xC3]
    let results = try verifier(options: options).verify(many: [long, Self.right], workers: 1)
    #expect(results[0].verdict == .inconclusive)
    #expect(results[0].reward < 0.5)
    #expect(results[1].verdict == .proved)
    // A report says what the command's says.
    let text = results[0].report
    for member in [
      "binverify/2/prove", "\"obligation\"", "\"isa\"", "\"cpu\"", "\"specification\"",
    ] {
      #expect(text.contains(member), "\(member)")
    }
  }

  /// Candidates keep to the CPU that they are for, alone and compared.
  @Test func candidatesAreForACPU() throws {
    // andn eax, ecx, edi needs BMI1; then the right answer.
    let andn: [UInt8] = [0xC4, 0xE2, 0x70, 0xF2, 0xC7] + Self.right
    for (cpu, expected) in [
      ("x86-64-v1", CandidateResult.Verdict.unsupported), ("x86-64-v3", .proved),
    ] {
      let alone = try CandidateVerifier(
        specification: Self.specification, isa: "x86-64", cpu: cpu, program: Self.program)
      let compared = try CandidateVerifier(
        reference: andn, isa: "x86-64", contract: "int32_t f(int32_t x)", candidateISA: "x86-64",
        cpu: cpu, program: Self.program)
      for judge in [alone, compared] {
        let result = try judge.verify([0xB9, 5, 0, 0, 0] + andn)
        #expect(
          result.verdict == expected && result.report.contains("\"\(cpu)\""), "\(result.report)")
        #expect(try judge.verify(Self.right).verdict == .proved)
      }
    }
    #expect(throws: CandidateError.self) {
      try CandidateVerifier(
        specification: Self.specification, isa: "x86-64", cpu: "z80", program: Self.program)
    }
  }

  /// What a host leaves out of the engine is left out by its workers; of the obligations nothing can be.
  @Test func allOptionsReachTheWorkers() throws {
    var options = VerificationOptions()
    options.stages = []
    #expect(try verifier(options: options).verify(Self.right).verdict == .inconclusive)
    options = VerificationOptions()
    options.obligations.remove(.ensures)
    let whole = options
    #expect(throws: CandidateError.self) { try verifier(options: whole) }
  }

  /// Without reports everything else is the same.
  @Test func reportsCanBeLeftOut() throws {
    let silent = try CandidateVerifier(
      specification: Self.specification, isa: "x86-64", tests: 0, reports: false,
      program: Self.program)
    let full = try verifier(tests: 0)
    let codes: [[UInt8]] = [
      Self.right, [0x89, 0xF8, 0xC3], [0x0F, 0xFF], [0x89, 0xF8, 0x31, 0xDB, 0xC3],
    ]
    for (one, other) in zip(try silent.verify(many: codes), try full.verify(many: codes)) {
      #expect(one.verdict == other.verdict && one.reward == other.reward)
      #expect(one.reason == other.reason && one.obligations == other.obligations)
      #expect(one.failingInput == other.failingInput)
      #expect(one.report.isEmpty && one.counterexample == nil && !other.report.isEmpty)
    }
  }

  /// A reference of no instruction set is not taken for none.
  @Test func aReferenceWithoutAnInstructionSet() throws {
    let text = Self.specification.replacing(
      "(= result (ite (bvslt x #x00000000) (bvneg x) x))", with: "true")
    #expect(throws: CandidateError.self) {
      try CandidateVerifier(
        reference: [0x89, 0xF8, 0xC3], isa: "", contract: text, candidateISA: "x86-64",
        program: Self.program
      ).verify([0x8D, 0x47, 0x01, 0xC3])
    }
  }

  @Test func equivalenceToAReference() throws {
    let judge = try CandidateVerifier(
      reference: Self.right, isa: "x86-64", contract: "int32_t f(int32_t x)",
      candidateISA: "arm64", program: Self.program)
    // cmp w0, #0; cneg w0, w0, mi; ret
    let same: [UInt8] = [
      0x1F, 0x00, 0x00, 0x71, 0x00, 0x54, 0x80, 0x5A, 0xC0, 0x03, 0x5F, 0xD6,
    ]
    let results = try judge.verify(many: [same, Array(same.suffix(4))], workers: 1)
    #expect(results.map(\.verdict) == [.proved, .refuted])
    #expect(results[1].report.contains("\"verdict\": \"different\""))
  }

  @Test func errorsBelongToTheSpecification() {
    func error(_ make: () throws(CandidateError) -> CandidateVerifier) -> CandidateError? {
      do {
        _ = try make()
        return nil
      } catch { return error }
    }
    #expect(
      error { () throws(CandidateError) in try verifier("(set-logic") }?.description
        .hasPrefix("specification:1:") == true)
    let never =
      "(set-logic QF_BV)(set-info :kernel \"int f(int x)\")"
      + "(declare-const x (_ BitVec 32))(declare-const result (_ BitVec 32))"
      + "(define-fun requires () Bool (bvult x x))(define-fun ensures () Bool (= result x))"
    #expect(error { () throws(CandidateError) in try verifier(never) } == .vacuous)
    #expect(
      error { () throws(CandidateError) in try verifier(isa: "z80") }?.description
        .contains("x86-64 or arm64") == true)
    let other = WorkerProgram(path: "/bin/true")
    guard case .worker? = error({ () throws(CandidateError) in try verifier(program: other) })
    else {
      Issue.record("a program that is no worker was taken for one")
      return
    }
  }
}
