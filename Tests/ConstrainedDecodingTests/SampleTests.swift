import BinVerify
import ConstrainedDecoding
import DecoderAgreement
import Glibc
import MachineModel
import Terms
import Testing

/// Random completions under the mask: what the verifier's front end and another disassembler make of them.
@Suite struct SampleTests {
  private static let programs = Scale.of(10_000, full: 1_000_000)
  /// One of as many is lifted to terms as well.
  private static let liftedShare = Scale.of(2_500, full: 20_000)
  private static let hasLLVM = access("/usr/bin/llvm-mc", X_OK) == 0

  @Test(arguments: ["x86-64", "arm64"])
  func completionsDecodeToTheirBoundaries(isa: String) throws {
    var constraint = DecodingConstraint(isa: isa)
    constraint.maximumInstructions = 4
    let compiled = try decoder(constraint)
    let architecture = try #require(architectures.first { $0.name == isa })
    var random = SplitMix64(seed: 11)
    var wrong: [String] = []
    var codes: Set<[UInt8]> = []
    var tally = AgreementTally()
    for number in 0..<Self.programs {
      let program = compiled.randomProgram(using: &random).program
      if let reason = fault(program, architecture, isLifted: number % Self.liftedShare == 0) {
        wrong.append("\(program.bytes): \(reason)")
      }
      let ends = program.boundaries.dropFirst() + [program.bytes.count]
      for (start, end) in zip(program.boundaries, ends) {
        codes.insert(Array(program.bytes[start..<end]))
      }
      if codes.count >= 100_000 || number == Self.programs - 1 {
        try compare(codes, isa, &tally)
        codes = []
      }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(5))")
    #expect(tally.differences.isEmpty, "\(tally.differences.prefix(10))")
    #expect(tally.bothRefuse == 0 && tally.notInTables == 0)
    #expect(!Self.hasLLVM || tally.same > Self.programs / 2)
    try EvidencePage.note(
      "random completions read by the front end with the boundaries told", isa,
      compared: Self.programs, wrong: wrong.count)
    try EvidencePage.note(
      "instructions of random completions read alike by LLVM, "
        + "\(tally.explainedCount) different by a rule of `agreement.md`", isa,
      compared: tally.count,
      wrong: tally.differences.count + tally.bothRefuse + tally.notInTables)
  }

  /// Branches forward and back go to boundaries of the code, which the front end follows.
  @Test(arguments: ["x86-64", "arm64"], [DecodingConstraint.Branches.forward, .loops])
  func completionsWithBranchesAreRead(isa: String, branches: DecodingConstraint.Branches) throws {
    var constraint = DecodingConstraint(isa: isa)
    constraint.maximumInstructions = 4
    constraint.branches = branches
    // Random bytes are hardly ever a branch that is near enough.
    let lines =
      isa == "arm64"
      ? "b #8; b #12; b.ne #8; cbz x1, #8; tbnz w2, #3, #12; b.lt #-4; add x0, x1, x2; nop; ret"
      : "jmp 0x3; jmp 0x5; je 0x4; jne 0x5; jle 0; add rax, rcx; nop; ret"
    let words = try lines.split(separator: ";").map { try SemanticsTests.bytes(isa, String($0)) }
    let compiled = try decoder(constraint, .instructions(words))
    let architecture = try #require(architectures.first { $0.name == isa })
    var random = SplitMix64(seed: 12)
    var wrong: [String] = []
    var branching = 0
    let count = Scale.of(200, full: 20_000)
    for number in 0..<count {
      let program = compiled.randomProgram(using: &random).program
      let reason = fault(
        program, architecture, isLifted: number % 20 == 0, mayEndInJump: branches == .loops)
      if let reason { wrong.append("\(program.bytes): \(reason)") }
      let stream = InstructionStream(Code(bytes: program.bytes), architecture)
      let flows = program.boundaries.map {
        (try? stream.instruction(at: Code(bytes: program.bytes).entry + UInt64($0)))?.form.family
          .flow
      }
      if flows.contains(.jump) || flows.contains(.conditionalJump) { branching += 1 }
    }
    #expect(wrong.isEmpty, "\(wrong.count): \(wrong.prefix(5))")
    #expect(branching > count / 10)
    try EvidencePage.note(
      "random completions with branches \(branches.rawValue), \(branching) with some, read by the front end",
      isa, compared: count, wrong: wrong.count)
  }

  /// Why the verifier would not read a program as the matcher says; nil if it does.
  private func fault(
    _ program: InstructionMatcher.Program, _ architecture: any Architecture, isLifted: Bool,
    mayEndInJump: Bool = false
  ) -> String? {
    let code = Code(bytes: program.bytes)
    let stream = InstructionStream(code, architecture)
    var boundaries: [Int] = []
    var place = code.entry
    var isReturn = false
    do throws(UnsupportedCode) {
      while place < code.extent.upperBound {
        boundaries.append(Int(place - code.entry))
        let instruction = try stream.instruction(at: place)
        isReturn = instruction.form.family.flow == .return
        place = instruction.end
      }
    } catch {
      return "no instruction at \(error.address): \(error.reason)"
    }
    if place != code.extent.upperBound || boundaries != program.boundaries {
      return "\(boundaries)"
    }
    if !isReturn && !mayEndInJump || boundaries.count > 4 { return "no return, or too long" }
    guard isLifted else { return nil }
    do {
      _ = try Lifter(code: code, architecture: architecture, solvers: .standard()).lift()
      return nil
    } catch let error as LiftingError {
      // What may follow a return to anywhere is a limit of the engine, not of the front end.
      return error.reason.isEmpty ? "no reason" : nil
    } catch let error as UnsupportedCode where isRead(error.bytes, architecture) {
      // A return to an address that was pushed, where there are no bytes; or what an instruction that was read
      // does to flags of the system.
      return nil
    } catch {
      return "\(error)"
    }
  }

  /// Whether bytes are none, or an instruction.
  private func isRead(_ bytes: [UInt8], _ architecture: any Architecture) -> Bool {
    bytes.isEmpty || (try? architecture.decode(bytes[...], at: 0)) != nil
  }

  private func compare(
    _ codes: Set<[UInt8]>, _ isa: String, _ tally: inout AgreementTally
  ) throws {
    guard Self.hasLLVM else {
      print("SampleTests: llvm-mc is not there; codes are compared with no other disassembler")
      return
    }
    let oracle: any DecoderOracle = isa == "arm64" ? ARM64LLVM() : X86LLVM()
    let sorted = codes.sorted { $0.lexicographicallyPrecedes($1) }
      .filter { isa != "arm64" || $0 != [0x00, 0x00, 0x20, 0xD4] }
    for (outcome, code) in zip(try oracle.outcomes(sorted), sorted) { tally.add(outcome, of: code) }
  }
}
