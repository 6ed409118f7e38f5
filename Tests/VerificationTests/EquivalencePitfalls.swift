import ARM64Model
import BinVerify
import Contracts
import Testing
import Verification
import Z3Backend

/// What `equivalent` must not be said of, and what the first code's own limits leave out.
@Suite struct EquivalencePitfalls {
  enum Answer: Equatable {
    case equivalent, different
    case inconclusive
  }

  private func compare(
    _ first: String, _ second: String, _ prototype: String, requires: String = "true"
  ) throws -> Answer {
    let kernels = [first, second].map { Kernel("pair", .x86, prototype, $0) }
    let contract = try Contract.parse(
      text: kernels[0].specification(
        Kernel.Claim(requires: requires, ensures: "true", expected: .proved)), file: "pair.smt")
    var options = VerificationOptions.short
    options.iterations = 8
    let architecture = ISA.x86.architecture
    let report = try EquivalenceVerifier(
      first: kernels[0].code(), architecture, second: kernels[1].code(), architecture,
      contract: contract, solvers: .standard(), options: options
    ).verify()
    switch report.verdict {
    case .equivalent: return .equivalent
    case .different: return .different
    case .inconclusive: return .inconclusive
    }
  }

  private static let countdown = "xor eax, eax; next: inc eax; dec edi; jne next; ret"

  @Test func aLoopPastItsBoundInBothIsInconclusive() throws {
    let prototype = "uint32_t f(uint32_t n)"
    let answer = try compare(EquivalencePitfalls.countdown, "mov eax, edi; ret", prototype)
    #expect(answer == .inconclusive)
    let same = try compare(
      EquivalencePitfalls.countdown, EquivalencePitfalls.countdown, prototype)
    #expect(same == .inconclusive)
    let bounded = try compare(
      EquivalencePitfalls.countdown, "mov eax, edi; ret", prototype,
      requires: "(and (bvult #x00000000 n) (bvult n #x00000007))")
    #expect(bounded == .equivalent)
  }

  /// The first reads past its buffer for some inputs; those are left out, the others are compared.
  @Test func theFirstMayBeUnsafeOnSomeInputs() throws {
    let prototype = "uint8_t f(const uint8_t p[4], uint64_t i)"
    let plain = "movzx eax, byte ptr [rdi + rsi]; ret"
    let checked =
      "cmp rsi, 4; jae out; movzx eax, byte ptr [rdi + rsi]; ret; out: xor eax, eax; ret"
    #expect(try compare(plain, checked, prototype) == .equivalent)
    #expect(try compare(checked, plain, prototype) == .different)
    #expect(try compare(plain, "movzx eax, byte ptr [rdi]; ret", prototype) == .different)
  }

  @Test func theFirstMayLoopForEverOnSomeInputs() throws {
    let prototype = "uint32_t f(uint32_t n)"
    let stuck = "again: cmp edi, 0; je again; mov eax, edi; ret"
    #expect(try compare(stuck, "mov eax, edi; ret", prototype) == .equivalent)
    #expect(try compare("mov eax, edi; ret", stuck, prototype) != .equivalent)
  }

  @Test func aFirstThatIsNeverSafeSaysNothing() throws {
    let prototype = "uint32_t f(uint32_t n)"
    #expect(try compare("ud2", "mov eax, edi; ret", prototype) == .inconclusive)
    #expect(try compare("ud2", "ud2", prototype) == .inconclusive)
  }

  /// The first faults in the engine's eyes, which does not follow its second store, and not in truth.
  @Test func aStoreThatIsNotFollowedInTheFirstIsNotAssumedAway() throws {
    let prototype = "void f(uint8_t p[1], uint64_t x)"
    let first = """
      cmp rsi, 12345; je done; mov byte ptr [rdi], 0
      mov rax, rdi; and rax, rsi; mov rdx, rsi; not rdx; and rdx, rdi; add rax, rdx
      mov byte ptr [rax], 1; cmp byte ptr [rdi], 0; je no; done: ret; no: ud2
      """
    let second = """
      cmp rsi, 12345; je done; mov byte ptr [rdi], 1
      mov eax, 0x12345678; cmp rsi, rax; jne done; mov byte ptr [rdi], 77; done: ret
      """
    #expect(try compare(first, second, prototype) == .inconclusive)
    #expect(try compare(second, first, prototype) != .equivalent)
  }

  @Test func anAddressOfNoBufferInTheFirstIsNotAssumedAway() throws {
    let prototype = "uint64_t f(uint64_t address)"
    let read = "mov rax, qword ptr [rdi]; ret"
    #expect(try compare(read, "xor eax, eax; ret", prototype) == .inconclusive)
  }
}
