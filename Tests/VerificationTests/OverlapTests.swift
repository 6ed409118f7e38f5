import Contracts
import MachineModel
import Testing
import Verification

/// Buffers that may overlap: one proof for all placements where the code does the same in each, and
/// otherwise one for each, so that code which is wrong in a single one is found.
@Suite struct OverlapTests {
  private static let zero = "#x0000000000000000"
  private static let one = "#x0000000000000001"

  /// The number of placements that were looked at, where everything was proved.
  private func placements(_ kernel: Kernel) throws -> Int {
    let contract = try Contract.parse(
      text: kernel.specification(kernel.claims[0]), file: kernel.name)
    let report = try Verifier(
      code: kernel.code(), contract: contract, architecture: kernel.isa.architecture,
      solvers: .standard(), options: .short
    ).verify()
    guard case .proved = report.verdict else {
      Issue.record("\(kernel.testDescription): \(report.verdict)")
      return 0
    }
    return report.placements
  }

  private static let sum =
    "(= (select r.out \(zero)) (bvadd (select a \(zero)) (select b \(zero))))"
  private static let three = "void f(uint32_t r[1], const uint32_t a[1], const uint32_t b[1])"

  /// Loads come before stores, or nothing is stored: the placements do not matter.
  static let alike: [Kernel] = [
    Kernel(
      "loads before the store", .x86, three,
      "mov eax, dword ptr [rsi]; add eax, dword ptr [rdx]; mov dword ptr [rdi], eax; ret",
      holds: [sum]),
    Kernel(
      "loads before the store", .arm64, three,
      "ldr w3, [x1]; ldr w4, [x2]; add w3, w3, w4; str w3, [x0]; ret", holds: [sum]),
    Kernel(
      "loads from what was stored", .x86, three,
      "mov eax, dword ptr [rsi]; mov ecx, dword ptr [rdx]; mov dword ptr [rdi], eax;"
        + "add dword ptr [rdi], ecx; ret", holds: [sum]),
    Kernel(
      "nothing is stored, and too many placements to consider each", .x86,
      "uint8_t f(const uint8_t p[900], const uint8_t q[900], const uint8_t r[900])",
      "mov al, byte ptr [rdi]; xor al, byte ptr [rsi]; xor al, byte ptr [rdx]; ret",
      holds: [
        "(= result (bvxor (select p \(zero)) (select q \(zero)) (select r \(zero))))"
      ]),
    Kernel(
      "a store to a restricted buffer is seen by no other", .x86,
      "uint8_t f(uint8_t r[restrict 1], const uint8_t a[2], const uint8_t b[2])",
      "mov byte ptr [rdi], 0; mov al, byte ptr [rsi]; xor al, byte ptr [rdx + 1]; ret",
      holds: ["(= result (bvxor (select a \(zero)) (select b \(one))))"]),
  ]

  @Test(arguments: alike)
  func oneProofServesAll(_ kernel: Kernel) throws {
    #expect(try placements(kernel) == 1)
  }

  /// A load may see a store: each placement is looked at.
  @Test func loadsAfterStoresAreLookedAtOneByOne() throws {
    let kernel = Kernel(
      "a copy byte by byte", .x86, "void f(uint8_t r[2], const uint8_t a[2])",
      "mov al, byte ptr [rsi]; mov byte ptr [rdi], al; mov al, byte ptr [rsi + 1];"
        + "mov byte ptr [rdi + 1], al; ret",
      holds: ["(= (select r.out \(OverlapTests.zero)) (select a \(OverlapTests.zero)))"])
    #expect(try placements(kernel) == 4)
  }

  /// Addresses whose lowest bits `requires` gives are at few distances.
  @Test(arguments: [
    (bits: "2 0", r: "#b000", a: "#b000", count: 4), (bits: "3 0", r: "#x8", a: "#x0", count: 3),
    (bits: "3 0", r: "#x0", a: "#x0", count: 2),
  ])
  func alignmentLeavesFewPlacements(_ aligned: (bits: String, r: String, a: String, count: Int))
    throws
  {
    func low(_ name: String, _ value: String) -> String {
      "(= ((_ extract \(aligned.bits)) \(name).addr) \(value))"
    }
    let kernel = Kernel(
      "a copy word by word", .x86, "void f(uint64_t r[2], const uint64_t a[2])",
      "mov rax, [rsi]; mov [rdi], rax; mov rax, [rsi + 8]; mov [rdi + 8], rax; ret",
      requires: "(and \(low("r", aligned.r)) \(low("a", aligned.a)))",
      holds: ["(= (select r.out \(OverlapTests.zero)) (select a \(OverlapTests.zero)))"],
      fails: aligned.r == "#x0"
        ? [] : ["(= (select r.out \(OverlapTests.one)) (select a \(OverlapTests.one)))"])
    try kernel.check()
    #expect(try placements(kernel) == aligned.count)
  }

  /// Where there are far too many placements to count, none is looked at.
  @Test func tooManyPlacementsAreGivenUpAtOnce() throws {
    let kernel = Kernel(
      "a large buffer among small ones", .x86,
      "void f(int16_t p[3], uint8_t q[1], uint8_t r[65536])",
      "mov word ptr [rdi], 7; mov al, byte ptr [rsi]; mov byte ptr [rdx], al; ret",
      verdict: .inconclusive("ways for the buffers to overlap"))
    try kernel.check()
  }

  /// Right in all placements but one, or but few.
  static let wrongInOne: [Kernel] = [
    Kernel(
      "a store of what was there already, on one of two ways", .x86,
      "uint8_t f(uint8_t p[1], uint8_t q[1], int32_t c, int32_t d)",
      "mov eax, 5; test edx, edx; je out; mov r8b, [rdi]; mov r9b, [rsi]; mov byte ptr [rsi], 5;"
        + "test ecx, ecx; je next; mov [rdi], r8b; next: movzx eax, byte ptr [rsi];"
        + "mov [rsi], r9b; out: ret",
      fails: ["(= result #x05)"]),
    Kernel(
      "the last load comes after a store that only one distance makes it see", .x86,
      "void f(uint8_t r[2], const uint8_t a[2])",
      "mov al, byte ptr [rsi]; mov byte ptr [rdi], al; mov al, byte ptr [rsi + 1];"
        + "mov byte ptr [rdi + 1], al; ret",
      fails: ["(= (select r.out \(one)) (select a \(one)))"]),
    Kernel(
      "the same where that distance is excluded", .x86,
      "void f(uint8_t r[2], const uint8_t a[2])",
      "mov al, byte ptr [rsi]; mov byte ptr [rdi], al; mov al, byte ptr [rsi + 1];"
        + "mov byte ptr [rdi + 1], al; ret",
      requires: "(distinct r.addr (bvadd a.addr \(one)))",
      holds: ["(= (select r.out \(one)) (select a \(one)))"]),
    Kernel(
      "wrong where two addresses are equal", .x86, three,
      "mov eax, dword ptr [rsi]; add eax, dword ptr [rdx]; cmp rdi, rsi; jne end; inc eax;"
        + "end: mov dword ptr [rdi], eax; ret", fails: [sum]),
    Kernel(
      "wrong at one distance in bytes", .x86, three,
      "mov eax, dword ptr [rsi]; add eax, dword ptr [rdx]; lea rcx, [rsi + 3]; cmp rdi, rcx;"
        + "jne end; inc eax; end: mov dword ptr [rdi], eax; ret", fails: [sum]),
    Kernel(
      "wrong at one distance in bytes", .arm64, three,
      "ldr w3, [x1]; ldr w4, [x2]; add w3, w3, w4; add x5, x1, #3; cmp x5, x0; cinc w3, w3, eq;"
        + "str w3, [x0]; ret", fails: [sum]),
    Kernel(
      "the store is hidden by a branch that only some inputs take", .x86, three,
      "mov eax, dword ptr [rsi]; cmp eax, 7; jne next; mov dword ptr [rdi], 0;"
        + "next: add eax, dword ptr [rdx]; mov dword ptr [rdi], eax; ret", fails: [sum]),
    Kernel(
      "another output shows the store", .x86, "void f(uint8_t r[1], uint8_t s[1])",
      "mov byte ptr [rdi], 7; ret", fails: ["(= (select s.out \(zero)) (select s \(zero)))"]),
    Kernel(
      "what was stored faults later", .x86, "void f(uint8_t r[1], const uint8_t a[1])",
      "cmp byte ptr [rsi], 9; mov byte ptr [rdi], 7; jne end; cmp byte ptr [rsi], 9; je end; ud2;"
        + "end: ret", verdict: .refuted(.faults)),
    Kernel(
      "only equal addresses are allowed", .x86, "void f(uint8_t r[1], const uint8_t a[1])",
      "mov byte ptr [rdi], 7; ret", requires: "(= r.addr a.addr)",
      holds: ["(= (select r.out \(zero)) #x07)"],
      fails: ["(= (select r.out \(zero)) (select a \(zero)))"]),
    Kernel(
      "contents that differ where the buffers are one", .x86,
      "void f(const uint8_t r[1], const uint8_t a[1])", "ret",
      requires: "(and (= r.addr a.addr) (distinct (select r \(zero)) (select a \(zero))))",
      verdict: .vacuous),
  ]

  @Test(arguments: wrongInOne)
  func whatIsWrongInOneIsFound(_ kernel: Kernel) throws { try kernel.check() }

  // MARK: Equivalence

  /// What is said of two x86-64 codes, and the number of placements that were looked at.
  private func comparison(
    _ prototype: String, _ first: String, _ second: String
  ) throws -> EquivalenceReport {
    func code(_ source: String) throws -> Code {
      try Kernel("compared", .x86, prototype, source).code()
    }
    let architecture = ISA.x86.architecture
    return try EquivalenceVerifier(
      first: code(first), architecture, second: code(second), architecture,
      contract: Contract(prototype: Prototype.parse(prototype)), solvers: .standard(),
      options: .short
    ).verify()
  }

  private static let two = "void f(uint8_t r[2], const uint8_t a[2])"
  private static let wholeCopy = "mov ax, word ptr [rsi]; mov word ptr [rdi], ax; ret"

  @Test func oneProofComparesAll() throws {
    let report = try comparison(
      Self.two, Self.wholeCopy,
      "mov cl, byte ptr [rsi]; mov ch, byte ptr [rsi + 1]; mov byte ptr [rdi + 1], ch;"
        + "mov byte ptr [rdi], cl; ret")
    guard case .equivalent = report.verdict else {
      Issue.record("\(report.verdict)")
      return
    }
    #expect(report.placements == 1)
  }

  /// Codes that agree in all placements but one or few, by the second's loads, by an address, by the order
  /// of stores; and where the first is safe in one placement only, in which they differ.
  @Test(arguments: [
    (
      two, wholeCopy,
      "mov al, byte ptr [rsi]; mov byte ptr [rdi], al; mov al, byte ptr [rsi + 1];"
        + "mov byte ptr [rdi + 1], al; ret"
    ),
    (
      two, wholeCopy,
      "mov ax, word ptr [rsi]; lea rcx, [rsi + 1]; cmp rdi, rcx; jne end; inc eax;"
        + "end: mov word ptr [rdi], ax; ret"
    ),
    (
      "void f(uint8_t r[1], uint8_t s[1])", "mov byte ptr [rdi], 7; mov byte ptr [rsi], 8; ret",
      "mov byte ptr [rsi], 8; mov byte ptr [rdi], 7; ret"
    ),
    (
      "uint8_t f(uint8_t r[2], const uint8_t a[1])", "movzx eax, byte ptr [rsi + 1]; ret",
      "xor eax, eax; ret"
    ),
  ])
  func whatDiffersInOneIsFound(prototype: String, first: String, second: String) throws {
    let report = try comparison(prototype, first, second)
    guard case .different = report.verdict else {
      Issue.record("\(report.verdict)")
      return
    }
    #expect(report.placements > 1)
  }
}
