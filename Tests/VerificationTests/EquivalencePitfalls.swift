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
    case inconclusive, unsupported
  }

  private func compare(
    _ first: String, _ second: String, _ prototype: String, requires: String = "true",
    with: (Code) -> Code = { $0 }
  ) throws -> Answer {
    let kernels = [first, second].map { Kernel("pair", .x86, prototype, $0) }
    let contract = try Contract.parse(
      text: kernels[0].specification(
        Kernel.Claim(requires: requires, ensures: "true", expected: .proved)), file: "pair.smt")
    var options = VerificationOptions.short
    options.iterations = 8
    return try compare(with(kernels[0].code()), kernels[1].code(), contract, options)
  }

  private func compare(
    _ first: Code, _ second: Code, _ contract: Contract, _ options: VerificationOptions
  ) throws -> Answer {
    let architecture = ISA.x86.architecture
    do {
      let report = try EquivalenceVerifier(
        first: first, architecture, second: second, architecture,
        contract: contract, solvers: .standard(), options: options
      ).verify()
      switch report.verdict {
      case .equivalent: return .equivalent
      case .different: return .different
      case .inconclusive: return .inconclusive
      }
    } catch is UnsupportedCode {
      return .unsupported
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

  /// What lies beside a table may be read where it is another one; what is not known of it is no violation.
  @Test func whatLiesBesideATableIsNotLeftOut() throws {
    let contract = try Contract.parse(
      text: """
        (set-logic QF_BV)
        (set-info :kernel "uint64_t f(uint64_t x)")
        (declare-const x (_ BitVec 64))
        (declare-const result (_ BitVec 64))
        (define-fun ensures () Bool true)
        """, file: "beside.smt")
    // cmp edi, 5; jne +8; mov rax, [0x402004]; ret; mov rax, rdi; ret
    let reading: [UInt8] =
      [0x83, 0xFF, 5, 0x75, 9, 0x48, 0x8B, 0x04, 0x25, 4, 0x20, 0x40, 0, 0xC3]
    let plain: [UInt8] = [0x48, 0x89, 0xF8, 0xC3]
    func code(_ bytes: [UInt8], _ unresolved: [UnresolvedReference]) -> Code {
      let text = Segment(name: ".text", address: 0x40_0000, bytes: bytes, isExecutable: true)
      let tables = [UInt64(0x40_2000), 0x40_2008].map {
        Segment(name: "t", address: $0, bytes: [UInt8](repeating: 7, count: 8), isExecutable: false)
      }
      return Code(
        name: "beside", segments: [text] + tables, entry: text.address,
        extent: text.address..<text.end, unresolved: unresolved, slideStep: nil)
    }
    let unknown = UnresolvedReference(address: 0x40_2004, byteCount: 8, symbol: "s")
    for unresolved in [[], [unknown]] {
      let answer = try compare(
        code(reading + [0x48, 0x89, 0xF8, 0xC3], unresolved), code(plain, []), contract, .short)
      #expect(answer != .equivalent)
    }
  }

  /// A buffer may lie above the stack arguments, or below what of the stack is known to be apart.
  @Test func buffersBesideTheStackAreNotLeftOut() throws {
    let prototype = "uint64_t f(const uint64_t p[1], uint64_t x)"
    let zero = "xor eax, eax; ret"
    for reading in [
      "xor eax, eax; lea rdx, [rsp + 8]; cmp rdx, rdi; jne out; mov rax, [rsp + 8]; out: ret",
      "xor eax, eax; lea rdx, [rsp - 70000]; cmp rdx, rdi; jne out; mov rax, [rsp - 70000]; out: ret",
      "mov rax, [rsp + rsi]; ret",
    ] {
      #expect(try compare(reading, zero, prototype) != .equivalent)
    }
  }

  @Test func aFirstThatIsNeverSafeSaysNothing() throws {
    let prototype = "uint32_t f(uint32_t n)"
    #expect(try compare("ud2", "mov eax, edi; ret", prototype) == .inconclusive)
    #expect(try compare("ud2", "ud2", prototype) == .inconclusive)
  }

  /// Both ways lead to the head of the loop in one state, which is no endless loop.
  @Test func twoWaysToOnePlaceAreNoLoop() throws {
    let prototype = "uint32_t f(uint32_t x)"
    let first = """
      xor eax, eax; head: test eax, eax; jnz end; mov eax, 1; test edi, 1; jz b; jmp head
      b: jmp head; end: ret
      """
    let second = "mov eax, 1; test edi, 1; jnz end; mov eax, 7; end: ret"
    #expect(try compare(first, second, prototype) == .different)
    #expect(try compare(first, "mov eax, 1; ret", prototype) == .equivalent)
  }

  /// A look-up that goes from one table to another, as it may.
  @Test func aTableThatIsLeftIsNotAssumedToBeKept() throws {
    let prototype = "uint32_t f(uint32_t x)"
    let first = """
      lea rdx, [rip + 0x1000]; mov eax, edi; and eax, 1; shl eax, 12
      movzx eax, byte ptr [rdx + rax]; ret
      """
    func tables(_ code: Code) -> Code {
      let tables = [1, 2].map { place in
        Segment(
          name: ".rodata.\(place)", address: code.entry + 0x1000 * place,
          bytes: [UInt8](repeating: UInt8(place), count: 16), isExecutable: false)
      }
      return Code(
        name: code.name, segments: code.segments + tables, entry: code.entry, extent: code.extent)
    }
    let second = "mov eax, 1; test edi, 1; jz end; mov eax, 7; end: ret"
    #expect(try compare(first, second, prototype, with: tables) != .equivalent)
  }

  /// The identification flag may be changed, which is not followed, and is no fault.
  @Test func aChangeOfASystemFlagIsNoFault() throws {
    let prototype = "uint32_t f(uint32_t x)"
    let first = """
      pushfq; pop rcx; mov eax, edi; and eax, 1; shl eax, 21; mov edx, ecx; xor edx, eax
      push rdx; popfq; push rcx; popfq; mov eax, 1; ret
      """
    let second = "mov eax, 1; test edi, 1; jz end; mov eax, 7; end: ret"
    #expect(try compare(first, second, prototype) == .unsupported)
  }

  /// The two run on machines whose other flags may differ.
  @Test func systemFlagsAreNotShared() throws {
    let code = "pushfq; pop rax; and eax, 0x200; ret"
    #expect(try compare(code, code, "uint32_t f(uint32_t x)") != .equivalent)
  }

  /// The first faults in the engine's eyes, which does not follow its second store, and not in truth.
  @Test func aStoreThatIsNotFollowedInTheFirstIsNotAssumedAway() throws {
    let prototype = "void f(uint8_t p[1], uint64_t x)"
    // The address is the buffer's for the one argument that comes here.
    let first = """
      cmp rsi, 0x12345678; jne done; mov byte ptr [rdi], 0
      mov rax, rdi; and rax, rsi; mov rdx, rsi; not rdx; and rdx, rdi; add rax, rdx
      xor rsi, 0x12345678; add rax, rsi
      mov byte ptr [rax], 1; cmp byte ptr [rdi], 0; je no; done: ret; no: ud2
      """
    let second = "cmp rsi, 0x12345678; jne done; mov byte ptr [rdi], 77; done: ret"
    #expect(try compare(first, second, prototype) == .inconclusive)
    #expect(try compare(second, first, prototype) != .equivalent)
  }

  @Test func anAddressOfNoBufferInTheFirstIsNotAssumedAway() throws {
    let prototype = "uint64_t f(uint64_t address)"
    let read = "mov rax, qword ptr [rdi]; ret"
    #expect(try compare(read, "xor eax, eax; ret", prototype) == .inconclusive)
  }

  /// Where a return goes that the engine does not know, the code may go on and be right.
  @Test func aComputedReturnIsNotAssumedAway() throws {
    let prototype = "uint32_t f(uint64_t x)"
    let first = """
      mov eax, 1; test rdi, rdi; jnz out; lea rcx, [rip + next]; add rcx, rdi; push rcx; ret
      next: mov eax, 7; out: ret
      """
    #expect(try compare(first, "mov eax, 1; ret", prototype) == .inconclusive)
  }

  /// The engine gives up what the stack holds where the stack pointer moves too far: what it then claims of
  /// saved registers and return addresses says nothing of the code.
  @Test func aForgottenStackIsNotAssumedAway() throws {
    let prototype = "uint32_t f(uint32_t x)"
    let callee = """
      call g; add eax, eax; ret
      g: mov eax, edi; push rbp; and eax, 8176; mov rbp, rsp; sub rsp, rax; leave; lea eax, [rdi + 1]; ret
      """
    let first = "cmp edi, 6000; jb small; mov eax, edi; ret; small: \(callee)"
    #expect(try compare(first, "mov eax, edi; ret", prototype) == .inconclusive)
    // A register that is saved in between.
    let saving = """
      mov eax, edi; cmp edi, 6000; jae out; push rbx; mov ebx, 7; and eax, 8176; mov rcx, rsp; sub rsp, rax
      mov rsp, rcx; mov eax, ebx; pop rbx; out: ret
      """
    #expect(try compare(saving, "mov eax, edi; ret", prototype) != .equivalent)
  }
}
