import Contracts
import Terms
import Testing
import Verification

/// Specifications that say how many instructions the code may execute.
@Suite struct InstructionLimitTests {
  /// A kernel with the most instructions that it executes on any input.
  struct Counted: Sendable, CustomTestStringConvertible {
    let kernel: Kernel
    let most: Int

    var testDescription: String { kernel.testDescription }

    init(
      _ name: String, _ isa: ISA, _ interface: String, _ assembly: String,
      requires: String = "true", most: Int
    ) {
      kernel = Kernel(
        name, isa, interface, assembly, requires: requires, holds: ["true"])
      self.most = most
    }
  }

  private static let scalar = "uint32_t f(uint32_t x)"

  static let kernels = [
    Counted("one after the other", .x86, scalar, "mov eax, edi; inc eax; ret", most: 3),
    Counted("one after the other", .arm64, scalar, "add w0, w0, #1; ret", most: 2),
    Counted("only a return", .x86, "void f(void)", "ret", most: 1),
    Counted(
      "a fragment, which has no return", .x86, "in: x=rax; out: y=rcx; clobbers: flags",
      "mov rcx, rax; inc rcx", most: 2),
    Counted(
      "the way that is not taken is longer", .x86, scalar,
      "mov eax, edi; test edi, edi; je done; inc eax; inc eax; done: ret", most: 6),
    Counted(
      "the way that is taken is longer", .x86, scalar,
      "mov eax, edi; test edi, edi; je other; ret; other: inc eax; inc eax; ret", most: 6),
    Counted(
      "both ways are long, but at different turns", .arm64, scalar,
      "tbz w0, #0, a; nop; nop; a: tbz w0, #1, b; nop; b: ret", most: 6),
    Counted(
      "calls within the code", .x86, scalar, "call g; call g; ret; g: mov eax, edi; ret", most: 7),
    Counted(
      "a loop", .x86, scalar, "mov eax, edi; again: dec edi; jns again; ret",
      requires: "(bvult x #x00000006)", most: 14),
    Counted(
      "a loop", .arm64, scalar,
      "mov w1, #0; again: add w1, w1, w0; subs w0, w0, #1; b.hi again; ret",
      requires: "(bvult x #x00000006)", most: 17),
    Counted(
      "a repeated instruction, each time that it may repeat", .x86,
      "void f(uint8_t p[4], uint32_t n)", "mov ecx, esi; xor eax, eax; rep stosb; ret",
      requires: "(bvule n #x00000004)", most: 7),
  ]

  private func verdict(_ kernel: Kernel, within limit: Int?) throws -> Verdict {
    let text =
      try kernel.specification(kernel.claims[0])
      + (limit.map { "\n(set-info :instructions \($0))" } ?? "")
    return try Verifier(
      code: kernel.code(), contract: Contract.parse(text: text, file: kernel.name),
      architecture: kernel.isa.architecture, solvers: .standard(), options: .short
    ).verify().verdict
  }

  private func isProved(_ kernel: Kernel, within limit: Int?) throws -> Bool {
    if case .proved = try verdict(kernel, within: limit) { true } else { false }
  }

  @Test(arguments: kernels) func isExact(_ counted: Counted) throws {
    #expect(try isProved(counted.kernel, within: counted.most))
    guard counted.most > 1 else { return }
    let verdict = try verdict(counted.kernel, within: counted.most - 1)
    guard case .refuted(let found) = verdict else {
      Issue.record("\(counted.kernel.name): \(verdict)")
      return
    }
    #expect(found.obligation == .termination)
    #expect(found.steps == counted.most - 1)
    #expect(found.message == "takes more than \(counted.most - 1) instructions")
  }

  /// What nothing bounds is refuted at once, and not left open at a limit of the engine's.
  @Test(arguments: [
    Kernel(
      "four thousand million turns", .x86, scalar, "mov ecx, -1; again: dec ecx; jne again; ret",
      holds: ["true"]),
    Kernel(
      "as many as the argument says", .arm64, scalar, "again: subs w0, w0, #1; b.hi again; ret",
      holds: ["true"]),
    Kernel(
      "calls itself", .x86, scalar, "f: dec edi; je done; call f; done: ret", holds: ["true"]),
  ]) func manyAreTooMany(_ kernel: Kernel) throws {
    #expect(try !isProved(kernel, within: nil))
    guard case .refuted(let found) = try verdict(kernel, within: 1_000) else {
      Issue.record("\(kernel.name) is not refuted")
      return
    }
    #expect(found.obligation == .termination && found.steps == 1_000)
  }

  /// A store-exclusive may fail any number of times, so that no number is enough.
  @Test func eachFailureCounts() throws {
    let kernel = Kernel(
      "increments", .arm64, "void f(uint32_t p[1])",
      "again: ldxr w1, [x0]; add w1, w1, #1; stxr w3, w1, [x0]; cbnz w3, again; ret",
      requires: "(= ((_ extract 1 0) p.addr) #b00)", holds: ["true"])
    #expect(try isProved(kernel, within: nil))
    #expect(try !isProved(kernel, within: 5))
    #expect(try !isProved(kernel, within: 100))
  }

  /// Random conditions on the bits of an argument, each with some instructions to leave out: what some
  /// argument needs is never proved to be too much.
  @Test(arguments: 0..<24) func neverTooFew(_ seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    let parts = (0..<Int.random(in: 2...5, using: &random)).map { _ in
      (
        mask: Int.random(in: 1...15, using: &random), isInverted: Bool.random(using: &random),
        count: Int.random(in: 1...4, using: &random)
      )
    }
    let most = (0..<16).map { x in
      parts.reduce(1) { $0 + 2 + ((x & $1.mask != 0) == $1.isInverted ? 0 : $1.count) }
    }.max()
    var lines: [String] = []
    for (index, part) in parts.enumerated() {
      lines += ["test dil, \(part.mask)", "\(part.isInverted ? "jne" : "je") l\(index)"]
      lines += Array(repeating: "inc esi", count: part.count) + ["l\(index):"]
    }
    let kernel = Kernel(
      "random", .x86, "void f(uint8_t x)", (lines + ["ret"]).joined(separator: ";"),
      holds: ["true"])
    let limit = try #require(most)
    #expect(try !isProved(kernel, within: limit - 1), "\(kernel.assembly)")
    let all = parts.reduce(1) { $0 + 2 + $1.count }
    #expect(try isProved(kernel, within: all), "\(kernel.assembly)")
  }

  /// How long code may take is nothing that two codes have to agree on.
  @Test func equivalenceDoesNotCount() throws {
    let short = Kernel("short", .x86, Self.scalar, "mov eax, edi; ret", holds: ["true"])
    let long = Kernel("long", .x86, Self.scalar, "nop; nop; mov eax, edi; ret", holds: ["true"])
    let text = try short.specification(short.claims[0]) + "\n(set-info :instructions 2)"
    #expect(try isProved(short, within: 2))
    #expect(try !isProved(long, within: 2))
    for (first, second) in [(short, long), (long, short)] {
      let report = try EquivalenceVerifier(
        first: first.code(), first.isa.architecture, second: second.code(),
        second.isa.architecture, contract: Contract.parse(text: text, file: "both"),
        solvers: .standard(), options: .short
      ).verify()
      guard case .equivalent = report.verdict else {
        Issue.record("\(first.name) and \(second.name): \(report.verdict)")
        continue
      }
    }
  }
}
