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
  ]
  private static let arm64: [String] = [
    "e0 03 00 2a", "e0 03 00 4b", "1f 00 00 71", "00 54 80 5a", "00 00 01 0b", "20 08 c0 1a",
    "f3 03 00 aa", "fe 03 1f aa", "00 00 40 b9", "ff 43 00 d1", "00 00 00 d4", "20 00 00 54",
    "00 7c 1f 13", "00 00 00 4a", "e0 03 21 2a", "00 00 01 1a", "00 1c 01 4e",
  ]

  @Test(arguments: ["x86-64", "arm64"]) func sameAsOneByOne(isa: String) throws {
    let contract = try Contract.parse(
      text: """
        (set-logic QF_BV)
        (set-info :kernel "int32_t f(int32_t x, int32_t y)")
        (declare-const x (_ BitVec 32))
        (declare-const y (_ BitVec 32))
        (declare-const result (_ BitVec 32))
        (define-fun requires () Bool (not (= y #x00000000)))
        (define-fun ensures () Bool (bvsle (bvadd x #x00000001) result))
        """, file: "test")
    let architecture = try architecture(named: isa)
    let bank = try TestBank(
      contract, architecture, count: 12, solvers: Solvers.standard(), options: .init())
    try #require(bank.tests.count == 12)
    var random = SeededGenerator(state: 5)
    var kinds: Set<ObligationKind> = []
    let pool = isa == "arm64" ? Self.arm64 : Self.x86
    for number in 0..<60 {
      let chosen = (0..<Int.random(in: 1...5, using: &random)).map { _ in
        pool.randomElement(using: &random) ?? ""
      }
      // Each instruction once by itself, too.
      let text = number < pool.count ? [pool[number]] : chosen
      let bytes = (text + [isa == "arm64" ? "c0 03 5f d6" : "c3"]).flatMap {
        $0.split(separator: " ").compactMap { UInt8($0, radix: 16) }
      }
      let code = Code(bytes: bytes, name: "candidate")
      let together = Result { try bank.run(InstructionStream(code, architecture)) }
      let alone = Result { try bank.run(InstructionStream(code, architecture), inTurn: true) }
      switch (together, alone) {
      case (.success(let one), .success(let other)):
        #expect(one.runs == other.runs, "\(text)")
        #expect(one.skipped == other.skipped && one.isTooLong == other.isTooLong)
        let (first, second) = (one.counterexample, other.counterexample)
        #expect(first?.obligation == second?.obligation, "\(text)")
        #expect(first?.message == second?.message && first?.input == second?.input, "\(text)")
        #expect(first?.outcome == second?.outcome && first?.trace == second?.trace, "\(text)")
        kinds.formUnion(one.runs.compactMap { $0.violated })
      case (.failure(let one), .failure(let other)):
        #expect("\(one)" == "\(other)", "\(text)")
      default: Issue.record("\(text): \(together) and \(alone)")
      }
    }
    #expect(kinds.isSuperset(of: [.ensures, .abi, .memory]), "\(kinds)")
  }
}
