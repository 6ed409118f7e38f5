import BinVerify
import ConstrainedDecoding
import Contracts
import FoundationEssentials
import MachineModel
import Terms
import Testing
import Verification

/// Code that is written under a contract's own constraint keeps everything that the constraint follows:
/// the verifier refutes none of it.
///
/// One of each kind in every run, a thousand with `DECODING=all`.
@Suite struct DecodedCodeTests {
  private static let functions = """
    (set-logic QF_ABV)
    (set-info :kernel "int32_t f(const uint32_t a[2], int32_t x, uint32_t p[12], int8_t y)")
    (declare-const a (Array (_ BitVec 64) (_ BitVec 32)))
    (declare-const x (_ BitVec 32))
    (declare-const p (Array (_ BitVec 64) (_ BitVec 32)))
    (declare-const p.out (Array (_ BitVec 64) (_ BitVec 32)))
    (declare-const y (_ BitVec 8))
    (declare-const result (_ BitVec 32))
    (define-fun requires () Bool true)
    (define-fun ensures () Bool true)
    """

  /// Arguments on the stack, a pointer among them; a result of 64 bits.
  private static let stacked = """
    (set-logic QF_ABV)
    (set-info :kernel "uint64_t f(uint64_t a, uint32_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t g, uint64_t h, uint8_t i, uint64_t j, uint16_t k, uint64_t p[2])")
    (declare-const a (_ BitVec 64))
    (declare-const b (_ BitVec 32))
    (declare-const c (_ BitVec 64))
    (declare-const d (_ BitVec 64))
    (declare-const e (_ BitVec 64))
    (declare-const g (_ BitVec 64))
    (declare-const h (_ BitVec 64))
    (declare-const i (_ BitVec 8))
    (declare-const j (_ BitVec 64))
    (declare-const k (_ BitVec 16))
    (declare-const p (Array (_ BitVec 64) (_ BitVec 64)))
    (declare-const p.out (Array (_ BitVec 64) (_ BitVec 64)))
    (declare-const result (_ BitVec 64))
    (define-fun requires () Bool true)
    (define-fun ensures () Bool true)
    """

  private static func fragment(_ text: String) -> String {
    """
    (set-logic QF_ABV)
    (set-info :fragment "\(text)")
    (declare-const x (_ BitVec 32))
    (declare-const r (_ BitVec 32))
    (define-fun requires () Bool true)
    (define-fun ensures () Bool true)
    """
  }

  private static func specification(_ kind: String, _ isa: String) -> String {
    switch kind {
    case "function": functions
    case "stack": stacked
    default:
      fragment(
        isa == "x86-64"
          ? "in: x=edi; out: r=eax; clobbers: rcx, xmm1, flags"
          : "in: x=w0; out: r=w1; clobbers: x2, v1, flags")
    }
  }

  private static let kinds = ["function", "stack", "fragment"]

  /// Instructions about the stack and what was put aside there; among them those that complete code.
  private static let stackMnemonics: [String: [String]] = [
    "x86-64": [
      "push", "pop", "mov", "lea", "add", "sub", "leave", "enter", "xchg", "nop", "ret", "je",
      "jmp",
      "xor", "vmaskmovps", "vpmaskmovd", "vmovups", "movups", "vpxor", "cmovne", "xadd", "cmpxchg",
      "movzx", "pushfq", "popfq", "lods", "stos", "movs", "bts", "shl", "movd", "movq",
    ],
    "arm64": [
      "stp", "ldp", "str", "ldr", "add", "sub", "mov", "movz", "orr", "hint", "ret", "cbz", "b",
      "ldur", "stur", "ldrb", "strb", "csel", "ldxr", "stxr", "swp", "cas", "st1", "ld1", "movi",
      "ldpsw", "b.cond", "tbz", "ldrsw",
    ],
  ]

  private static var count: Int {
    ProcessInfo.processInfo.environment["DECODING"] == "all" ? 1_000 : 1
  }

  /// Whether only instructions about the stack are tried, and what the constraint leaves to the proof.
  private static let settings: [(Bool, DecodingConstraint.Branches, DecodingConstraint.Addresses)] =
    [
      (true, .forward, .known), (false, .forward, .known), (true, .loops, .known),
      (true, .loops, .anyOffset),
    ]

  @Test(arguments: architectureNames, kinds)
  func completionsAreNotRefuted(isa: String, kind: String) throws {
    let specification = Self.specification(kind, isa)
    let contract = try Contract.parse(text: specification, file: "f.smt")
    var random: any RandomNumberGenerator = SplitMix64(seed: UInt64(Self.count))
    var seen: [String: Int] = [:]
    for (isNarrow, branches, addresses) in Self.settings {
      var constraint = try DecodingConstraint(contract: contract, isa: isa)
      constraint.maximumInstructions = 14
      constraint.branches = branches
      constraint.addresses = addresses
      var mnemonics: [String]?
      if isNarrow {
        let known = Set(try architecture(named: isa).forms.map(\.mnemonic))
        mnemonics = Self.stackMnemonics[isa]?.filter(known.contains)
        constraint.allowedMnemonics = mnemonics.map { Set($0) }
      }
      let writer = try DecodedCode(constraint, isa, mnemonics: mnemonics)
      for _ in 0..<Self.count {
        let code = writer.code(isNarrow ? 60 : 30, using: &random)
        // Nothing is left where the known completion was refused.
        #expect(!code.isEmpty, "a dead end")
        seen[try judge(code, specification, writer, constraint), default: 0] += 1
      }
    }
    if Self.count > 1 { print(isa, kind, seen.sorted { $0.key < $1.key }) }
  }

  /// What the verifier says of code, in a word; an issue if that should not be.
  private func judge(
    _ bytes: [UInt8], _ specification: String, _ writer: DecodedCode,
    _ constraint: DecodingConstraint
  ) throws -> String {
    var options = VerificationOptions()
    options.seconds = 5
    let report = try prove(
      bytes: bytes, isa: writer.isa, specification: specification, options: options)
    switch report.verdict {
    case .proved: return "proved"
    // Faults, such as a division's, are not followed.
    case .refuted(let counterexample) where counterexample.obligation == .faults: return "faults"
    case .refuted(let counterexample)
    where counterexample.obligation == .termination && constraint.branches == .loops:
      return "endless"
    // Bounds are left to the proof.
    case .refuted(let counterexample)
    where counterexample.obligation == .memory && constraint.addresses == .anyOffset:
      return "outside"
    case .inconclusive(let reason): return "inconclusive \(reason.obligation)"
    case .refuted(let counterexample):
      Issue.record(
        """
        \(writer.isa) \(specification.contains(":fragment") ? "fragment" : "function") \(bytes)
        \(writer.text(bytes))
        \(counterexample.obligation): \(counterexample)
        """)
      return "refuted"
    }
  }
}
