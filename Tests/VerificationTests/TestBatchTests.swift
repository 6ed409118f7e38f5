import BinVerify
import Contracts
import MachineModel
import Terms
import Testing
import Verification

/// Tests that are evaluated together show what they show one by one.
@Suite struct TestBatchTests {
  /// Instructions of x86-64 that are right, wrong, fault, leave things undefined, break the calling
  /// convention, touch memory, or go elsewhere.
  private static let x86: [String] = [
    "89 f8", "f7 d8", "0f 48 c7", "31 c0", "29 f0", "01 f0", "0f af c7", "99", "f7 fe", "f7 e6",
    "0f bc c6", "d3 e0", "48 89 fb", "48 83 c4 08", "57", "58", "8b 07", "89 07", "fd", "fc", "cc",
    "75 02", "0f c7 f0", "f8", "11 f8", "83 d0 00", "48 89 3c 24", "48 8d 44 37 01", "0f 0b",
    "66 0f 6e c7", "66 0f 7e c0", "0f 94 c0", "0f b6 c0", "c1 f8 1f", "31 f8", "29 f8",
    // A branch over an instruction, loops that end, never end, and end too late.
    "85 ff 74 02 31 c0", "b9 05 00 00 00 01 f8 e2 fc", "eb fe", "48 ff c1 75 fb",
  ]
  private static let arm64: [String] = [
    "e0 03 00 2a", "e0 03 00 4b", "1f 00 00 71", "00 54 80 5a", "00 00 01 0b", "20 08 c0 1a",
    "f3 03 00 aa", "fe 03 1f aa", "00 00 40 b9", "ff 43 00 d1", "00 00 00 d4", "20 00 00 54",
    "00 7c 1f 13", "00 00 00 4a", "e0 03 21 2a", "00 00 01 1a", "00 1c 01 4e",
    "40 00 00 34 e0 03 00 4b", "a2 00 80 52 00 00 02 0b 42 04 00 71 c1 ff ff 54",
    "00 00 00 14", "fd 7b bf a9", "fd 7b c1 a8",
  ]

  /// Accesses that are allowed and others: beyond the end, writes of what is const, below the stack in
  /// use, of the code itself.
  private static let x86Memory: [String] = [
    "8b 07", "89 07", "8b 46 04", "03 46 04", "89 47 04", "89 06", "8b 47 08", "01 07", "87 07",
    "57 5f", "a5", "ff 36 8f 07", "48 89 04 24", "48 8b 44 24 f8", "48 89 44 24 f8",
    "89 84 24 00 ff ff ff", "8b 05 fa ff ff ff", "89 05 fa ff ff ff", "ff 07 ff 07 7f fa",
    "f3 0f 6f 07", "48 83 ec 18", "48 83 c4 18",
  ]
  private static let arm64Memory: [String] = [
    "02 00 40 b9", "22 04 40 b9", "02 00 00 b9", "22 00 00 b9", "42 00 03 0b", "02 44 40 b8",
    "fd 7b bf a9", "fd 7b c1 a8", "00 0c 00 b9", "03 04 40 b9", "03 04 00 b9", "e2 83 1f f8",
    "02 00 00 58", "43 7c 40 93", "02 00 e3 b8",
  ]

  /// Instructions that change registers and flags alone, and depend on flags of others before.
  private static let x86Plain: [String] = [
    "89 f8", "01 f0", "29 f8", "11 f8", "19 f0", "f7 d8", "ff c0", "85 ff", "39 f8", "0f 48 c7",
    "0f 42 c6", "0f 94 c0", "d1 d8", "c1 e8 03", "d3 e0", "f5", "99", "31 c8", "11 c9",
    "66 0f 6e c7",
  ]
  private static let arm64Plain: [String] = [
    "00 00 01 2b", "00 00 01 3a", "00 00 01 ba", "1f 00 01 6b", "00 00 81 1a", "e0 03 00 6b",
    "20 00 80 9a", "00 04 00 31", "00 00 01 4a", "02 00 01 0a", "00 08 41 7a", "40 00 02 1a",
  ]

  /// Long enough that flags are not found where nothing reads them.
  @Test(arguments: ["x86-64", "arm64"]) func sameInLongCode(isa: String) throws {
    let kinds = try compare(
      isa == "arm64" ? Self.arm64Plain : Self.x86Plain, isa, Self.scalars, lengths: 10...24)
    #expect(kinds.contains(.ensures), "\(kinds)")
  }

  private static let scalars = """
    (set-logic QF_BV)
    (set-info :kernel "int32_t f(int32_t x, int32_t y)")
    (declare-const x (_ BitVec 32))
    (declare-const y (_ BitVec 32))
    (declare-const result (_ BitVec 32))
    (define-fun requires () Bool (not (= y #x00000000)))
    (define-fun ensures () Bool (bvsle (bvadd x #x00000001) result))
    """

  @Test(arguments: ["x86-64", "arm64"]) func sameAsOneByOne(isa: String) throws {
    let kinds = try compare(isa == "arm64" ? Self.arm64 : Self.x86, isa, Self.scalars)
    #expect(kinds.isSuperset(of: [.ensures, .abi, .memory, .termination]), "\(kinds)")
  }

  @Test(arguments: ["x86-64", "arm64"], [1, 2, 3, 50_000])
  func sameWithinANumberOfInstructions(isa: String, limit: Int) throws {
    let kinds = try compare(
      isa == "arm64" ? Self.arm64 : Self.x86, isa,
      Self.scalars + "\n(set-info :instructions \(limit))")
    #expect(kinds.contains(.termination), "\(kinds)")
  }

  @Test(arguments: ["x86-64", "arm64"]) func sameInMemory(isa: String) throws {
    let kinds = try compare(
      isa == "arm64" ? Self.arm64Memory : Self.x86Memory, isa,
      """
      (set-logic QF_ABV)
      (set-info :kernel "void f(int32_t p[2], const int32_t q[2])")
      (declare-const p (Array (_ BitVec 64) (_ BitVec 32)))
      (declare-const p.out (Array (_ BitVec 64) (_ BitVec 32)))
      (declare-const q (Array (_ BitVec 64) (_ BitVec 32)))
      (define-fun requires () Bool true)
      (define-fun ensures () Bool
        (= (select p.out #x0000000000000001) (bvadd #x00000001 (select p #x0000000000000000))))
      """)
    #expect(kinds.isSuperset(of: [.ensures, .abi, .memory]), "\(kinds)")
  }

  /// Compares both ways of running each of `pool`, and random sequences of them; the obligations that
  /// were violated.
  private func compare(
    _ pool: [String], _ isa: String, _ specification: String, lengths: ClosedRange<Int> = 1...5
  ) throws -> Set<ObligationKind> {
    let contract = try Contract.parse(text: specification, file: "test")
    let architecture = try architecture(named: isa)
    let bank = try TestBank(
      contract, architecture, count: 12, solvers: Solvers.standard(), options: .init())
    try #require(bank.tests.count == 12)
    var random = SplitMix64(seed: 5)
    var kinds: Set<ObligationKind> = []
    for number in 0..<pool.count + 25 {
      let chosen = (0..<Int.random(in: lengths, using: &random)).map { _ in
        pool.randomElement(using: &random) ?? ""
      }
      // Each instruction once by itself, too.
      let text = number < pool.count ? [pool[number]] : chosen
      let bytes = (text + [isa == "arm64" ? "c0 03 5f d6" : "c3"]).flatMap {
        $0.split(separator: " ").compactMap { UInt8($0, radix: 16) }
      }
      kinds.formUnion(try compare(bank, Code(bytes: bytes, name: "candidate"), architecture))
    }
    return kinds
  }

  private func compare(
    _ bank: TestBank, _ code: Code, _ architecture: any Architecture
  ) throws -> [ObligationKind] {
    let text = "\(code.segments.map(\.bytes))"
    let together = Result { try bank.run(InstructionStream(code, architecture)) }
    let alone = Result { try bank.run(InstructionStream(code, architecture), inTurn: true) }
    let unshown = Result { try bank.run(InstructionStream(code, architecture), shows: false) }
    switch (together, alone) {
    case (.success(let one), .success(let other)):
      #expect(one.runs == other.runs, "\(text)")
      #expect(one.skipped == other.skipped && one.isTooLong == other.isTooLong, "\(text)")
      let (first, second) = (one.counterexample, other.counterexample)
      #expect(first?.obligation == second?.obligation, "\(text)")
      #expect(first?.message == second?.message && first?.input == second?.input, "\(text)")
      #expect(first?.outcome == second?.outcome && first?.trace == second?.trace, "\(text)")
      let told = try unshown.get()
      #expect(told.refutation == other.refutation && told.runs == other.runs, "\(text)")
      return one.runs.compactMap(\.violated)
    case (.failure(let one), .failure(let other)): #expect("\(one)" == "\(other)", "\(text)")
    default: Issue.record("\(text): \(together) and \(alone)")
    }
    return []
  }
}
