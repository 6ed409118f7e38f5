import MachineModel
import Terms
import Testing
import X86Model

/// What decoders of x86-64 get wrong, one line each.
@Suite struct DecodingPitfallTests {
  @Test(
    arguments: [
      ("90", "nop"), ("6690", "nop"), ("4890", "nop"), ("4190", "xchg r8d, eax"),
      ("87c0", "xchg eax, eax"), ("63c1", "movsxd eax, ecx"), ("4863c1", "movsxd rax, ecx"),
      ("6648050a000000", "add rax, 10"),
      ("f3c3", "ret"), ("f2c3", "ret"), ("3effe0", "jmp rax"), ("2e7500", "jne 0x1003"),
      ("f390", "pause"), ("f34190", "pause"), ("f366480f7ec0", "movq xmm0, xmm0"),
      ("f24190", "xchg r8d, eax"),
      ("f290", "nop"), ("f30f1efa", "endbr64"), ("0f1efa", "nop edx, edi"),
      ("488d0500000000", "lea rax, [rip]"), ("678d0500000000", "lea eax, [eip]"),
      ("8b0425ffffffff", "mov eax, dword ptr [-1]"),
      ("678b0425ffffffff", "mov eax, dword ptr [4294967295]"),
      ("8b0420", "mov eax, dword ptr [rax]"), ("8b0460", "mov eax, dword ptr [rax]"),
      ("428b0420", "mov eax, dword ptr [rax + r12]"),
      ("8b4500", "mov eax, dword ptr [rbp]"), ("418b4500", "mov eax, dword ptr [r13]"),
      ("88e0", "mov al, ah"), ("4088e0", "mov al, spl"), ("668b00", "mov ax, word ptr [rax]"),
      ("66488b00", "mov rax, qword ptr [rax]"), ("6666668b00", "mov ax, word ptr [rax]"),
      ("2e3e268b00", "mov eax, dword ptr [rax]"), ("f38b00", "mov eax, dword ptr [rax]"),
      ("6683c0ff", "add ax, -1"), ("4883c0ff", "add rax, -1"), ("6aff", "push -1"),
      ("666aff", "pushw -1"), ("48c7c0ffffffff", "mov rax, -1"), ("b8ffffffff", "mov eax, -1"),
      ("48b8ffffffff00000000", "movabs rax, 4294967295"), ("66c9", "leavew"),
      ("67a104030201", "movabs eax, dword ptr [16909060]"),
      ("f0ff00", "lock inc dword ptr [rax]"), ("f0830001", "lock add dword ptr [rax], 1"),
      ("f066418300ff", "lock add word ptr [r8], -1"), ("f3a4", "rep movsb"),
      ("f348ab", "rep stosq"), ("66f3a7", "repe cmpsw"),
      ("f2ae", "repne scasb"), ("67f3a4", "rep addr32 movsb"), ("a4", "movsb"),
      ("f0480fc708", "lock cmpxchg16b xmmword ptr [rax]"), ("0faee8", "lfence"),
      ("660fae38", "clflushopt byte ptr [rax]"), ("9c", "pushfq"), ("669d", "popf"),
      ("c8100002", "enter 16, 2"), ("0fc7f0", "rdrand eax"), ("0f01f9", "rdtscp"),
      ("0faeef", "lfence"), ("0faef3", "mfence"),
      ("0faefd", "sfence"), ("0fb908", "ud1 ecx, dword ptr [rax]"),
      ("c4e269900ca7", "vpgatherdd xmm1, xmmword ptr [rdi + 4*xmm4], xmm2"),
      ("c4a26d900ca7", "vpgatherdd ymm1, ymmword ptr [rdi + 4*ymm12], ymm2"),
      ("67c4e2ed900c27", "vpgatherdq ymm1, ymmword ptr [edi + xmm4], ymm2"),
      ("c4e269910c2500000000", "vpgatherqd xmm1, qword ptr [1*xmm4], xmm2"),
      // The stack protector's guard.
      ("64488b042528000000", "mov rax, qword ptr fs:[40]"),
      ("64482b142528000000", "sub rdx, qword ptr fs:[40]"),
      ("64483304a528000000", "xor rax, qword ptr fs:[40]"),
      ("644c390c2528000000", "cmp qword ptr fs:[40], r9"),
      ("6466483b042528000000", "cmp rax, qword ptr fs:[40]"),
    ])
  func meaning(hex: String, text: String) throws {
    #expect(try disassembled(hex) == text, "\(hex)")
  }

  /// Reserved or illegal encodings.
  @Test(arguments: [
    "06", "27", "60", "82c000", "9a", "ce", "d400", "ea", "8dc0", "fed0",
    "fff8", "f089c0", "f08b00", "f090", "f0e900000000", "f0a4", "f03900", "f00fa308", "0f04",
    "0fbac000", "c4e303f0c108",
    "c4e2699007", "c4e269904500", "66c4e278f2c1", "48c4e278f2c1", "f0c4e278f2c1",
    "66666666666666666666666666666690", "2e2e2e2e2e2e2e2e2e2e2e2e8b0425",
  ])
  func invalid(hex: String) {
    let kind = failure(hex)
    #expect(kind == .invalid, "\(hex)")
  }

  /// Legal, but not in the tables, or different on different processors.
  @Test(arguments: [
    "648b042500000000", "65488b00", "65488b042528000000", "64488b042530000000", "648b042528000000",
    "64488904" + "2528000000", "64488d042528000000", "6448030425" + "28000000",
    "2e64488b042528000000",
    "6464488b042528000000", "6764488b042528000000", "6448a12800000000000000", "64488b0528000000",
    "64488b8028000000", "644a8b042528000000", "6448ff342528000000", "64480fb6042528000000",
    "66e900000000", "66c3", "667500",
    "f30fc7f8", "f30f1ec8", "d1f0", "f6c801", "62f17c48", "0f05", "4866" + "90",
    "f2a4", "64a4", "0fa2",
    // F2 and F3 win over 66, with REX.W too; REX counts only just before VEX.
    "f266480f6ec0", "f266480f7ec0", "4867c4e278f2c1",
  ])
  func unsupported(hex: String) {
    let kind = failure(hex)
    #expect(kind == .unsupported || kind == .truncated, "\(hex)")
  }

  /// Why an opcode has no row.
  @Test(
    arguments: [
      ("0f58c1", "floating-point arithmetic"), ("660f58c1", "floating-point arithmetic"),
      ("c5f058c1", "floating-point arithmetic"),
      ("c4e2f198c1", "floating-point arithmetic (FMA, F16C)"), ("0ffec1", "MMX"),
      ("f30fd6c1", "MMX"), ("0f380001", "MMX"), ("d8c1", "x87 floating point"),
      ("62f17c4858c1", "AVX-512"), ("0fae10", "processor state (MXCSR, XSAVE and their kind)"),
      ("0fa2", "system instructions"), ("8cd8", "segment registers"), ("6c", "input and output"),
      ("ff18", "interrupts and far transfers"),
    ])
  func reason(hex: String, group: String) {
    #expect {
      try X86().decode(bytes(hex)[...], at: 0)
    } throws: { error in
      (error as? DecodingError)?.reason == group + ": no row of the tables"
    }
  }

  @Test func everyPrefixOfFifteenBytesIsKept() throws {
    // 14 operand-size prefixes and a no-op: the longest instruction, encoded to the very same.
    #expect(try disassembled("666666666666666666666666666690") == "nop")
  }
}
