import Testing

/// Addresses whose form does not say where they point to: they are followed where they can be proved to be
/// at one of the few places where they seem to be, and never taken to be there.
@Suite struct ApparentAddressTests {
  private static let isAligned = "(= ((_ extract 3 0) p.addr) #x0)"
  private static let second = "(select p.out #x0000000000000001)"
  /// `rax` is `rdi + 8` with the low bits of `rdi + 4`.
  private static let mixed =
    "lea rcx, [rdi + 4]; lea rax, [rdi + 8]; mov al, cl; mov dword ptr [rax], 1; ret"

  static let kernels = [
    Kernel(
      "the low bits of a sum, added apart", .x86, "uint32_t f(const uint32_t p[9])",
      "lea rax, [rdi + 32]; mov ecx, edi; add ecx, 32; mov ax, cx; mov eax, dword ptr [rax]; ret",
      holds: ["(= result (select p #x0000000000000008))"],
      fails: ["(= result (select p #x0000000000000000))"]),
    Kernel(
      "low bits of another place in an aligned block", .x86, "void f(uint32_t p[4])", mixed,
      requires: isAligned, holds: ["(= \(second) #x00000001)"],
      fails: ["(= \(second) #x00000000)"]),
    Kernel(
      "low bits of another place", .x86, "void f(uint32_t p[4])", mixed,
      verdict: .refuted(.memory)),
    Kernel(
      "low bits of another place of the stack, in one block", .x86, "uint32_t f(uint32_t x)",
      "lea rcx, [rsp - 24]; lea rax, [rsp - 20]; mov al, cl; mov dword ptr [rax], edi;"
        + "mov eax, dword ptr [rsp - 24]; ret",
      holds: ["(= result x)"]),
    Kernel(
      "low bits of another place of the stack, in two blocks", .x86, "uint32_t f(uint32_t x)",
      "lea rcx, [rsp - 24]; lea rax, [rsp - 32]; mov al, cl; mov dword ptr [rax], edi;"
        + "mov eax, dword ptr [rsp - 24]; ret",
      opens: ["(= result x)", "true"]),
    Kernel(
      "a bit that may be set already", .x86, "uint8_t f(const uint8_t p[16])",
      "mov rax, rdi; or rax, 5; movzx eax, byte ptr [rax]; ret",
      holds: ["(= result (select p (bvsub (bvor p.addr #x0000000000000005) p.addr)))"],
      fails: ["(= result (select p #x0000000000000005))"]),
    Kernel(
      "a bit that may be set already, and is beyond the end then", .arm64,
      "uint8_t f(const uint8_t p[5])", "orr x0, x0, #8; ldrb w0, [x0]; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "rounded up within the buffer", .x86, "void f(uint8_t p[16])",
      "lea rax, [rdi + 15]; and rax, -16; mov byte ptr [rax], 7; ret",
      holds: ["(= (select p.out (bvand (bvneg p.addr) #x000000000000000f)) #x07)"],
      fails: ["(= (select p.out #x0000000000000000) #x07)"]),
    Kernel(
      "rounded up within the buffer", .arm64, "void f(uint8_t p[16])",
      "add x1, x0, #15; and x1, x1, #0xfffffffffffffff0; mov w2, #7; strb w2, [x1]; ret",
      holds: ["(= (select p.out (bvand (bvneg p.addr) #x000000000000000f)) #x07)"],
      fails: ["(= (select p.out #x0000000000000000) #x07)"]),
    Kernel(
      "rounded up to the end and beyond", .x86, "void f(uint8_t p[15])",
      "lea rax, [rdi + 15]; and rax, -16; mov byte ptr [rax], 7; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "rounded down before the buffer", .x86, "uint8_t f(const uint8_t p[16])",
      "mov rax, rdi; and rax, -4; movzx eax, byte ptr [rax]; ret", verdict: .refuted(.memory)),
    Kernel(
      "a stack pointer that is aligned to what it is aligned to", .x86, "uint64_t f(uint64_t x)",
      "and rsp, -8; push rdi; pop rax; ret", holds: ["(= result x)"]),
    Kernel(
      "a stack pointer that is aligned to more", .x86, "uint64_t f(uint64_t x)",
      "and rsp, -16; push rdi; pop rax; ret", verdict: .notProved),
    Kernel(
      "a stack pointer that is never moved", .x86, "uint64_t f(uint64_t x)",
      "sub rsp, 24; cmovb sp, di; cmove rsp, rdi; mov [rsp], rdi; mov rax, [rsp]; add rsp, 24; ret",
      holds: ["(= result x)"], fails: ["(= result (bvnot x))"]),
    Kernel(
      "a stack pointer exchanged for itself", .x86, "uint64_t f(uint64_t x)",
      "push rdi; mov eax, esi; cmpxchg sp, ax; pop rax; ret", holds: ["(= result x)"]),
    Kernel(
      "a bit of the stack pointer that is set already", .x86, "uint64_t f(uint64_t x)",
      "push rdi; push rdi; mov eax, 3; bts sp, ax; pop rax; pop rax; ret", holds: ["(= result x)"]),
    Kernel(
      "a bit of the stack pointer that is set already", .arm64, "uint64_t f(uint64_t x)",
      "sub sp, sp, #16; mov x9, sp; bfi x9, xzr, #0, #3; mov sp, x9; str x0, [sp];"
        + "ldr x0, [sp], #16; ret",
      holds: ["(= result x)"]),
    Kernel(
      "a stack pointer that is elsewhere for one argument", .x86, "uint64_t f(uint64_t x)",
      "mov rdx, rsp; mov rax, rsp; xor al, al; mov rcx, 0x123456789abcdef; xor rcx, rdi;"
        + "cmove rsp, rax; mov rsp, rdx; mov rax, rdi; ret",
      opens: ["(= result x)"]),
    Kernel(
      "a stack pointer that returns elsewhere for one argument", .x86, "uint64_t f(uint64_t x)",
      "mov rax, rdi; mov rcx, 0x123456789abcdef; xor rcx, rdi; cmp rcx, 1; adc rsp, 0; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "a stack pointer that depends on an argument", .x86,
      "uint64_t f(uint64_t x)", "and edi, 1; or rsp, rdi; mov rax, rdi; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "the low bits of a place in the code, cleared", .x86, "uint8_t f(void)",
      "lea rax, [rip - 7]; and al, 0xFE; movzx eax, byte ptr [rax]; ret",
      holds: ["(= result #x48)"], fails: ["(= result #x8D)"]),
    Kernel(
      "an address in two parts", .x86, "void f(uint8_t p[1], uint64_t x)",
      "mov rax, rdi; and rax, rsi; not rsi; and rsi, rdi; add rax, rsi; mov byte ptr [rax], 1; ret",
      holds: ["(= (select p.out #x0000000000000000) #x01)"],
      fails: ["(= (select p.out #x0000000000000000) #x00)"]),
    Kernel(
      "an address in two parts", .arm64, "uint32_t f(const uint32_t p[1], uint64_t x)",
      "and x2, x0, x1; bic x3, x0, x1; orr x2, x2, x3; ldr w0, [x2]; ret",
      holds: ["(= result (select p #x0000000000000000))"]),
    Kernel(
      "an address that is elsewhere for one argument", .x86, "void f(uint8_t p[1], uint64_t x)",
      "mov rax, rdi; and rax, rsi; mov rdx, rsi; not rdx; and rdx, rdi; add rax, rdx;"
        + "mov ecx, 0x12345678; xor rcx, rsi; cmp rcx, 1; adc rax, 0; mov byte ptr [rax], 1; ret",
      verdict: .refuted(.memory)),
  ]

  @Test(arguments: kernels) func isProvedOrNotFollowed(_ kernel: Kernel) throws {
    try kernel.check()
  }
}
