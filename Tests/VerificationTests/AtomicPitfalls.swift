import ARM64Model
import Contracts
import Testing
import Verification
import Z3Backend

/// Store-exclusives may fail, some fail for certain, and none fails for ever.
struct AtomicPitfalls {
  private static let zero = "#x0000000000000000"
  private static let before = "(select p \(zero))"
  private static let after = "(select p.out \(zero))"
  private static let isAligned = "(= ((_ extract 1 0) p.addr) #b00)"
  private static let increment = "ldxr w1, [x0]; add w2, w1, #1; stxr w3, w2, [x0]"
  private static let isIncremented = "(= \(after) (bvadd \(before) #x00000001))"

  /// A failure that has released what was stored on the stack meanwhile; `\(between)` goes before.
  private static func released(_ between: String) -> String {
    "sub sp, sp, #32; ldr x6, [sp]; mov x4, #0; mov w3, #0; mov w2, #0; cmp x6, x6; b middle;"
      + "head: ldr x4, [sp]; cmp x4, x6; b.ne bad; mov x4, #0; ldxr w2, [x0]; stxr w3, w2, [x0];"
      + "mov w2, #0; cbnz w3, raise; middle: ldxr w2, [x0]; stxr w3, w2, [x0]; mov w2, #0;"
      + "cbnz w3, second; add sp, sp, #32; ret; second: mov w3, #0; b head;"
      + "raise: \(between)add sp, sp, #32; sub sp, sp, #32; mov w3, #0; b head; bad: brk #0"
  }

  static let kernels: [Kernel] = [
    Kernel(
      "the stack is another one after a failure", .arm64, "void f(uint32_t p[1], uint32_t x)",
      released("str xzr, [sp]; "), requires: isAligned, verdict: .notProved),
    Kernel(
      "the stack may be another one after a failure", .arm64, "void f(uint32_t p[1], uint32_t x)",
      released(""), requires: isAligned, verdict: .notProved),
    Kernel(
      "a stack that nothing reads is released after each failure", .arm64, "void f(uint32_t p[1])",
      "again: sub sp, sp, #32; str x0, [sp]; add sp, sp, #32; ldxr w2, [x0]; stxr w3, w2, [x0];"
        + "mov w2, #0; cbnz w3, again; ret", requires: isAligned, verdict: .proved),
    Kernel(
      "a loop that goes on for ever after one failure", .arm64, "void f(uint32_t p[1], uint32_t x)",
      "ldxr w8, [x0]; stxr w9, w8, [x0]; cmp w9, #0; ccmp w1, #0, #4, ne; mov w10, #1;"
        + "head: cbz w10, next; mov w10, #0; b head; next: b.ne head; ret", requires: isAligned,
      verdict: .notProved),
    Kernel(
      "a store-exclusive is tried until it succeeds", .arm64, "uint32_t f(uint32_t p[1])",
      "again: \(increment); cbnz w3, again; mov w0, w1; ret", requires: isAligned,
      holds: [isIncremented, "(= result \(before))"], fails: ["(= \(after) \(before))"],
      verdict: .proved),
    Kernel(
      "a store-exclusive that is tried once", .arm64, "uint32_t f(uint32_t p[1])",
      "\(increment); mov w0, w3; ret", requires: isAligned,
      holds: [
        "(or (= result #x00000000) (= result #x00000001))",
        "(= (= result #x00000000) \(isIncremented))",
        "(= (= result #x00000001) (= \(after) \(before)))",
      ], fails: [isIncremented, "(= result #x00000000)", "(= result #x00000001)"],
      verdict: .proved),
    Kernel(
      "a store-exclusive that is given up after two failures", .arm64, "uint32_t f(uint32_t p[1])",
      "mov w4, #0; again: \(increment); cbz w3, done; add w4, w4, #1; cmp w4, #2; b.ne again;"
        + "done: mov w0, w4; ret", requires: isAligned,
      holds: [
        "(bvule result #x00000002)", "(= (bvult result #x00000002) \(isIncremented))",
      ], fails: ["(= result #x00000000)", "(bvult result #x00000002)"], verdict: .proved),
    Kernel(
      "a load-exclusive at an address of any alignment", .arm64, "uint32_t f(uint32_t p[1])",
      "again: \(increment); cbnz w3, again; mov w0, w1; ret", verdict: .refuted(.faults)),
    Kernel(
      "without a mark a store-exclusive fails", .arm64, "uint32_t f(uint32_t p[1])",
      "ldxr w1, [x0]; clrex; stxr w3, w1, [x0]; mov w0, w3; ret", requires: isAligned,
      holds: ["(= result #x00000001)", "(= \(after) \(before))"], verdict: .proved),
    Kernel(
      "a mark is used up", .arm64, "uint32_t f(uint32_t p[1])",
      "ldxr w1, [x0]; stxr w3, w1, [x0]; stxr w3, wzr, [x0]; mov w0, w3; ret",
      requires: isAligned, holds: ["(= result #x00000001)", "(= \(after) \(before))"]),
    Kernel(
      "a mark of another size leaves it open", .arm64, "uint32_t f(uint32_t p[1])",
      "ldxrb w1, [x0]; stxr w3, w1, [x0]; mov w0, w3; ret", requires: isAligned,
      verdict: .notProved),
    Kernel(
      "a store-exclusive without a mark is tried for ever", .arm64, "void f(uint32_t p[1])",
      "clrex; again: stxr w3, w1, [x0]; cbnz w3, again; ret", requires: isAligned,
      verdict: .refuted(.termination)),
    Kernel(
      "a loop that goes on while it succeeds", .arm64, "void f(uint32_t p[1])",
      "again: ldxr w1, [x0]; stxr w3, w1, [x0]; cbz w3, again; ret", requires: isAligned,
      verdict: .refuted(.termination)),
    Kernel(
      "a pair of registers is stored to the lower address first", .arm64,
      "void f(uint64_t p[2], uint64_t a, uint64_t b)",
      "again: ldxp x3, x4, [x0]; stxp w5, x1, x2, [x0]; cbnz w5, again; ret",
      requires: "(= ((_ extract 3 0) p.addr) #x0)",
      holds: ["(= \(after) a)", "(= (select p.out #x0000000000000001) b)"]),
    Kernel(
      "compare and swap stores only if equal", .arm64,
      "uint32_t f(uint32_t p[1], uint32_t expected, uint32_t new)",
      "casal w1, w2, [x0]; mov w0, w1; ret", requires: isAligned,
      holds: [
        "(= result \(before))", "(= \(after) (ite (= expected \(before)) new \(before)))",
      ], fails: ["(= \(after) new)"]),
    Kernel(
      "a lock that nobody will release", .arm64, "void f(uint32_t p[1])",
      "mov w1, #1; again: mov w2, #0; casa w2, w1, [x0]; cbnz w2, again; ret",
      requires: "(and \(isAligned) (= \(before) #x00000001))", verdict: .refuted(.termination)),
    Kernel(
      "bits to clear, and the value before", .arm64, "uint16_t f(uint16_t p[1], uint16_t bits)",
      "ldclrh w1, w0, [x0]; ret", requires: "(= ((_ extract 0 0) p.addr) #b0)",
      holds: ["(= result \(before))", "(= \(after) (bvand \(before) (bvnot bits)))"]),
  ]
}

/// The mark of an exclusives monitor is nothing that a fragment has to keep.
@Suite struct AtomicFragmentTests {
  @Test(arguments: [("(bvadd v \(before))", true), ("v", false)])
  func adds(value: String, isRight: Bool) throws {
    let contract = try Contract.parse(
      text: """
        (set-logic QF_ABV)
        (set-info :fragment "in: p=x0, v=w1; clobbers: w2, w3; memory: p[1] uint32_t")
        (declare-const p (Array (_ BitVec 64) (_ BitVec 32)))
        (declare-const p.out (Array (_ BitVec 64) (_ BitVec 32)))
        (declare-const p.addr (_ BitVec 64))
        (declare-const v (_ BitVec 32))
        (define-fun requires () Bool (= ((_ extract 1 0) p.addr) #b00))
        (define-fun ensures () Bool (= (select p.out #x0000000000000000) \(value)))
        """, file: "add.smt")
    let kernel = Kernel(
      "add", .arm64, "", "again: ldxr w2, [x0]; add w2, w2, w1; stxr w3, w2, [x0]; cbnz w3, again")
    let report = try Verifier(
      code: kernel.code(), contract: contract, architecture: ARM64(), solvers: .standard()
    ).verify()
    if case .proved = report.verdict { #expect(isRight) } else { #expect(!isRight) }
  }

  private static let before = "(select p #x0000000000000000)"
}
