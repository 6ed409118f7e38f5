import Testing

/// What a generator of code under pressure would try: the edges of the model.
struct AttackPitfalls {
  private static let zero = "#x0000000000000000"

  /// The stack pointer stays within the stack, whatever it is at the end: a signal may come at any time.
  static let stackPointer: [Kernel] = [
    Kernel(
      "a scratch register", .arm64, "uint64_t f(uint64_t x)",
      "mov x9, sp; mov sp, x0; add x0, sp, #1; mov sp, x9; ret", verdict: .refuted(.abi)),
    Kernel(
      "a buffer as the stack", .arm64, "void f(uint64_t p[4])",
      "mov x9, sp; add sp, x0, #32; str xzr, [sp, #-16]!; mov sp, x9; ret",
      requires: "(= ((_ extract 3 0) p.addr) #x0)", verdict: .refuted(.abi)),
    Kernel(
      "above the frame of the caller", .arm64, "void f(void)",
      "add sp, sp, #4, lsl #12; sub sp, sp, #4, lsl #12; ret", verdict: .refuted(.abi)),
    Kernel(
      "above the return address", .x86, "void f(void)", "add rsp, 64; sub rsp, 64; ret",
      verdict: .notProved),
    Kernel(
      "more than the stack there is", .x86, "void f(void)",
      "sub rsp, 0x20000; add rsp, 0x20000; ret", verdict: .refuted(.abi)),
    Kernel(
      "all that there is", .x86, "void f(void)", "sub rsp, 0x10000; add rsp, 0x10000; ret",
      verdict: .proved),
    Kernel(
      "in a fragment", .x86, "in: x=rdi; out: y=rax; clobbers: flags",
      "mov rax, rsp; lea rsp, [rdi + 1]; xchg rax, rsp", verdict: .refuted(.abi)),
    Kernel(
      "a frame of a size that an argument gives", .x86, "uint64_t f(uint64_t n)",
      "mov rax, rsp; and edi, 0xFFF0; sub rsp, rdi; mov rsp, rax; ret", verdict: .notProved),
  ]

  /// Calls within the code, and what lies below the stack pointer.
  static let calls: [Kernel] = [
    Kernel(
      "a call overwrites the red zone", .x86, "uint64_t f(uint64_t x)",
      "mov qword ptr [rsp - 8], rdi; call next; next: add rsp, 8; mov rax, qword ptr [rsp - 8]; ret",
      fails: ["(= result x)"]),
    Kernel(
      "the red zone below a call's return address", .x86, "uint64_t f(uint64_t x)",
      "mov qword ptr [rsp - 16], rdi; call next; mov rax, qword ptr [rsp - 16]; ret; next: ret",
      holds: ["(= result x)"]),
    Kernel(
      "a callee-saved register in the red zone", .x86, "uint64_t f(uint64_t x)",
      "mov qword ptr [rsp - 8], rbx; mov rbx, rdi; lea rax, [rbx + 1]; mov rbx, qword ptr [rsp - 8];"
        + "ret", holds: ["(= result (bvadd x #x0000000000000001))"]),
    Kernel(
      "a callee-saved register in the red zone that a push overwrites", .x86,
      "uint64_t f(uint64_t x)",
      "mov qword ptr [rsp - 8], rbx; mov rbx, rdi; push rdi; pop rax; mov rbx, qword ptr [rsp - 8];"
        + "ret", verdict: .refuted(.abi)),
    Kernel(
      "a return address that is not the caller's", .x86, "uint64_t f(uint64_t x)",
      "mov rax, rdi; add qword ptr [rsp], 1; ret", verdict: .refuted(.memory)),
    Kernel(
      "a return to an argument", .x86, "uint64_t f(uint64_t x)", "push rdi; ret",
      verdict: .notProved),
    Kernel(
      "recursion without end", .x86, "uint64_t f(uint64_t x)", "start: call start; ret",
      verdict: .notProved),
  ]

  /// Where code is and ends.
  static let code: [Kernel] = [
    Kernel("off the end", .x86, "uint64_t f(uint64_t x)", "mov rax, rdi", verdict: .unsupported),
    Kernel(
      "off the end on some inputs", .x86, "uint64_t f(uint64_t x)",
      "mov rax, rdi; test rdi, rdi; jz end; ret; end: nop", verdict: .unsupported),
    Kernel(
      "into the middle of an instruction", .x86, "uint64_t f(uint64_t x)",
      // mov eax, 0xC3F8F748 holds neg rax; ret.
      ".byte 0x48,0x89,0xF8,0xEB,0x01,0xB8,0x48,0xF7,0xD8,0xC3", holds: ["(= result (bvneg x))"],
      fails: ["(= result x)"]),
    Kernel(
      "before the first byte", .x86, "uint64_t f(uint64_t x)", "mov rax, rdi; .byte 0xEB,0x80",
      verdict: .unsupported),
  ]

  /// Lengths, and contents beyond them.
  static let lengths: [Kernel] = [
    Kernel(
      "a product of lengths that would wrap around", .x86,
      "uint8_t f(uint64_t n, const uint8_t p[n*n*n*n])", "mov al, byte ptr [rsi]; ret",
      requires: "(= n #x0001000000000000)", verdict: .vacuous),
    Kernel(
      "a length in bytes that would wrap around", .x86,
      "uint8_t f(uint64_t n, const uint64_t p[n])", "mov al, byte ptr [rsi]; ret",
      requires: "(= n #x2000000000000001)", verdict: .notProved),
    Kernel(
      "a length of less than nothing", .x86, "uint8_t f(uint32_t n, const uint8_t p[n-1])",
      "mov al, byte ptr [rsi]; ret", requires: "(bvule n #x00000002)",
      verdict: .refuted(.memory)),
    Kernel(
      "an element beyond the length is not the code's to write", .x86,
      "void f(uint32_t n, uint8_t p[n])", "mov byte ptr [rsi + 2], 7; ret",
      requires: "(bvule n #x00000002)", verdict: .refuted(.memory)),
    Kernel(
      "an element beyond the length has no value", .x86, "uint8_t f(const uint8_t p[2])",
      "mov al, byte ptr [rdi]; ret", opens: ["(= result (select p #x0000000000000002))"]),
    Kernel(
      "an element beyond the length after the return has no value", .x86, "void f(uint8_t p[2])",
      "mov byte ptr [rdi + 1], 7; ret", opens: ["(= (select p.out #x0000000000000002) #x07)"]),
  ]

  /// State that outlives an instruction: directions, flags, undefined values.
  static let state: [Kernel] = [
    Kernel(
      "a string instruction that runs downwards", .x86, "void f(uint8_t p[2])",
      "std; mov ecx, 2; mov al, 7; rep stosb; cld; ret", verdict: .refuted(.memory)),
    Kernel(
      "a string instruction that runs downwards from the end", .x86, "void f(uint8_t p[2])",
      "inc rdi; std; mov ecx, 2; mov al, 7; rep stosb; cld; ret",
      holds: ["(= (select p.out \(zero)) #x07)"]),
    Kernel(
      "the direction stays", .x86, "void f(uint8_t p[2])", "std; ret", verdict: .refuted(.abi)),
    Kernel(
      "a flag that a shift by zero leaves alone", .x86, "uint8_t f(uint32_t x, uint8_t n)",
      "mov ecx, esi; cmp edi, edi; shl edi, cl; setz al; ret", requires: "(= n #x00)",
      holds: ["(= result #x01)"]),
    Kernel(
      "a flag that a shift may leave alone", .x86, "uint8_t f(uint32_t x, uint8_t n)",
      "mov ecx, esi; cmp edi, edi; shl edi, cl; setz al; ret", fails: ["(= result #x01)"]),
    Kernel(
      "an undefined flag decides which constant element is read", .x86,
      "uint8_t f(const uint8_t p[2], uint32_t x)",
      "imul esi, esi; setz al; movzx eax, al; mov al, byte ptr [rdi + rax]; ret",
      verdict: .refuted(.independence)),
    Kernel(
      "an undefined flag decides between two ways to the same", .x86, "uint32_t f(uint32_t x)",
      "mov eax, edi; imul edi, edi; jz end; nop; end: ret", holds: ["(= result x)"]),
  ]

  /// The end of memory.
  static let addresses: [Kernel] = [
    Kernel(
      "a buffer's last byte may be the last but one", .x86, "uint8_t f(const uint8_t p[2])",
      "mov al, byte ptr [rdi + 1]; lea rcx, [rdi + 3]; test rcx, rcx; jnz end; ud2; end: ret",
      verdict: .refuted(.faults)),
    Kernel(
      "a buffer that ends near the end of memory is no other's neighbour", .x86,
      "uint8_t f(const uint8_t p[2], const uint8_t q[2])",
      "lea rcx, [rdi + 2]; cmp rcx, rsi; jne end; test rcx, rcx; jnz end; ud2; end: mov al, 0; ret",
      verdict: .proved),
    Kernel(
      "the stack and a buffer have no byte in common", .x86,
      "uint64_t f(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t g, "
        + "uint64_t h, uint64_t p[1])",
      "mov rax, qword ptr [rsp + 16]; mov qword ptr [rax], 0; mov rax, qword ptr [rsp + 8]; ret",
      holds: ["(= result h)"]),
    Kernel(
      "an argument on the stack is the code's own", .x86,
      "uint64_t f(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t g, "
        + "uint64_t h)",
      "mov qword ptr [rsp + 8], rdi; mov rax, qword ptr [rsp + 8]; ret", holds: ["(= result a)"],
      fails: ["(= result h)"]),
  ]

  /// What is constant stays so, wherever else it may be written through.
  static let constants: [Kernel] = [
    Kernel(
      "a constant buffer written through another", .x86,
      "uint8_t f(const uint8_t p[1], uint8_t q[1])",
      "mov byte ptr [rsi], 7; mov al, byte ptr [rdi]; ret", fails: ["(= result (select p \(zero)))"]
    ),
    Kernel(
      "a constant buffer written through its own address", .x86,
      "void f(const uint8_t p[1], uint8_t q[1])", "mov byte ptr [rdi], 7; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "a constant buffer that uninitialised stack decides about", .x86,
      "void f(const uint8_t p[1])",
      "cmp byte ptr [rsp - 1], 0; je end; mov al, byte ptr [rdi]; mov byte ptr [rdi], al; end: ret",
      verdict: .refuted(.memory)),
  ]

  static let kernels =
    stackPointer + calls + code + lengths + state + addresses + constants
}
