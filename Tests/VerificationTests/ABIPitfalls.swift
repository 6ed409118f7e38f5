import Testing

/// What callers rely on.
struct ABIPitfalls {
  static let calleeSaved: [Kernel] =
    ["rbx", "rbp", "r12", "r13", "r14", "r15"].flatMap { name in
      [
        Kernel(
          "\(name) is the caller's", .x86, "uint64_t f(uint64_t x)",
          "mov \(name), rdi; mov rax, \(name); ret", verdict: .refuted(.abi)),
        Kernel(
          "one bit of \(name)", .x86, "uint64_t f(uint64_t x)",
          "btc \(name), 63; mov rax, rdi; ret", verdict: .refuted(.abi)),
        Kernel(
          "\(name) is restored", .x86, "uint64_t f(uint64_t x)",
          "push \(name); mov \(name), rdi; mov rax, \(name); pop \(name); ret",
          holds: ["(= result x)"]),
      ]
    }
    + (19...29).flatMap { number in
      [
        Kernel(
          "x\(number) is the caller's", .arm64, "uint64_t f(uint64_t x)",
          "mov x\(number), x0; ret", verdict: .refuted(.abi)),
        Kernel(
          "w\(number) is the caller's", .arm64, "uint64_t f(uint64_t x)",
          "mov w\(number), w\(number); ret", verdict: .refuted(.abi)),
        Kernel(
          "x\(number) is restored", .arm64, "uint64_t f(uint64_t x)",
          "str x\(number), [sp, #-16]!; mov x\(number), x0; add x0, x\(number), #1;"
            + "ldr x\(number), [sp], #16; ret", holds: ["(= result (bvadd x #x0000000000000001))"]),
      ]
    }

  static let stackAndReturn: [Kernel] = [
    Kernel(
      "the stack pointer", .x86, "void f(void)", "mov rcx, qword ptr [rsp]; push rcx; ret",
      verdict: .refuted(.abi)),
    Kernel(
      "the stack pointer", .arm64, "void f(void)", "add sp, sp, #16; ret", verdict: .refuted(.abi)),
    Kernel("RET with an operand", .x86, "void f(void)", "ret 8", verdict: .refuted(.abi)),
    Kernel("the direction flag", .x86, "void f(void)", "std; ret", verdict: .refuted(.abi)),
    Kernel("the direction flag restored", .x86, "void f(void)", "std; cld; ret", verdict: .proved),
    Kernel(
      "a return address that is changed", .x86, "void f(void)",
      "inc qword ptr [rsp]; ret", verdict: .refuted(.memory)),
    Kernel(
      "a return address that is changed and restored", .x86, "void f(void)",
      "not qword ptr [rsp]; not qword ptr [rsp]; ret", verdict: .refuted(.memory)),
    Kernel(
      "a forged return", .x86, "void f(uint64_t x)", "push rdi; ret", verdict: .refuted(.abi)),
    Kernel(
      "a return address that is changed", .arm64, "void f(void)", "add x30, x30, #4; ret",
      verdict: .refuted(.abi)),
    Kernel(
      "a return through another register", .arm64, "void f(uint64_t x)", "ret x0",
      verdict: .refuted(.abi)),
    Kernel(
      "a return through a copy", .arm64, "void f(uint64_t x)", "mov x1, x30; mov x30, x0; ret x1",
      verdict: .proved),
    Kernel(
      "a link that a call overwrites", .arm64, "uint64_t f(uint64_t x)",
      "bl inner; ret; inner: add x0, x0, #1; ret", verdict: .notProved),
    Kernel(
      "a return into the middle of the code", .x86, "uint64_t f(uint64_t x)",
      "lea rcx, [rip + 3]; push rcx; ret; .byte 0xB8; mov rax, rdi; ret", holds: ["(= result x)"],
      fails: ["(= result #x0000000000000000)"]),
    Kernel(
      "a call within the code", .x86, "uint64_t f(uint64_t x)",
      "call inner; inc rax; ret; inner: lea rax, [rdi + 1]; ret",
      holds: ["(= result (bvadd x #x0000000000000002))"],
      fails: ["(= result (bvadd x #x0000000000000001))"]),
    Kernel(
      "a return from a call to somewhere else", .x86, "uint64_t f(uint64_t x)",
      "call inner; mov eax, 1; ret; inner: pop rcx; mov eax, 2; ret",
      holds: ["(= result #x0000000000000002)"], fails: ["(= result #x0000000000000001)"]),
    Kernel(
      "a call of itself", .x86, "void f(void)", "self: call self; ret", verdict: .notProved),
    Kernel(
      "the stack pointer in a buffer and back", .x86, "void f(uint64_t x, uint64_t p[1])",
      "mov rcx, rsp; mov rsp, rsi; push rdi; mov rsp, rcx; ret", verdict: .refuted(.abi)),
    Kernel(
      "an unbalanced branch", .x86, "uint64_t f(uint64_t x)",
      "xor eax, eax; test rdi, rdi; jz end; push rdi; end: ret", verdict: .refuted(.abi)),
  ]

  private static let eight =
    "uint64_t f(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t g, uint64_t h)"
  private static let nine =
    "uint64_t f(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, uint64_t g, uint64_t h,"
    + "uint64_t i, uint64_t j)"

  static let arguments: [Kernel] = [
    Kernel(
      "a narrow argument's upper bits are garbage", .x86, "uint32_t f(uint8_t x)",
      "mov eax, edi; ret", fails: ["(= result (concat #x000000 x))"],
      verdict: .refuted(.independence)),
    Kernel(
      "a narrow argument's upper bits are garbage", .arm64, "uint32_t f(uint8_t x)", "ret",
      fails: ["(= result (concat #x000000 x))"], verdict: .refuted(.independence)),
    Kernel(
      "a word's upper half is garbage", .x86, "uint64_t f(uint32_t x)", "mov rax, rdi; ret",
      fails: ["(= result (concat #x00000000 x))"]),
    Kernel(
      "a narrow result's upper bits are free", .x86, "uint8_t f(uint32_t x)", "mov eax, edi; ret",
      holds: ["(= result ((_ extract 7 0) x))"]),
    Kernel(
      "a bool's upper bits are garbage", .x86, "uint32_t f(bool x)", "mov eax, edi; ret",
      fails: ["(= result (concat #x000000 x))"]),
    Kernel(
      "the seventh argument is on the stack", .x86, eight, "mov rax, qword ptr [rsp + 8]; ret",
      holds: ["(= result h)"], fails: ["(= result g)"]),
    Kernel(
      "there is no eighth", .x86, eight, "mov rax, qword ptr [rsp + 16]; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "a stack argument may be overwritten", .x86, eight,
      "mov qword ptr [rsp + 8], rdi; mov rax, qword ptr [rsp + 8]; ret", holds: ["(= result a)"],
      fails: ["(= result h)"]),
    Kernel(
      "the ninth argument is on the stack", .arm64, nine, "ldr x0, [sp]; ret",
      holds: ["(= result j)"], fails: ["(= result i)"]),
    Kernel(
      "a narrow stack argument's slot has garbage", .arm64,
      nine.replacingLast("uint64_t j", "uint8_t j"), "ldr x0, [sp]; ret",
      fails: ["(= result (concat #x00000000000000 j))"]),
    Kernel(
      "a wide argument is not split", .x86,
      "uint64_t f(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, unsigned __int128 w)",
      "mov rax, qword ptr [rsp + 8]; ret", holds: ["(= result ((_ extract 63 0) w))"],
      fails: ["(= result ((_ extract 127 64) w))"]),
    Kernel(
      "a register that a wide argument leaves is used", .x86,
      "uint64_t f(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e, unsigned __int128 w,"
        + "uint64_t z)", "mov rax, r9; ret", holds: ["(= result z)"]),
    Kernel(
      "a wide argument starts at an even register", .arm64,
      "uint64_t f(uint64_t a, unsigned __int128 w)", "mov x0, x2; ret",
      holds: ["(= result ((_ extract 63 0) w))"]),
    Kernel(
      "a wide argument does not start at an odd register", .arm64,
      "uint64_t f(uint64_t a, unsigned __int128 w)", "mov x0, x1; ret",
      fails: ["(= result ((_ extract 63 0) w))"]),
    Kernel(
      "both halves of a wide result", .x86, "unsigned __int128 f(uint64_t a, uint64_t b)",
      "mov rax, rdi; mov rdx, rsi; ret", holds: ["(= result (concat b a))"],
      fails: ["(= result (concat a b))"]),
  ]

  static let fragments: [Kernel] = [
    Kernel(
      "a fragment falls off its end", .x86, "in: x=rdi; out: y=rax; clobbers: flags",
      "lea rax, [rdi + 1]", holds: ["(= y (bvadd x #x0000000000000001))"], fails: ["(= y x)"]),
    Kernel(
      "a fragment that clobbers", .x86, "in: x=rdi; out: y=rax; clobbers: flags",
      "mov ecx, 1; mov rax, rdi", verdict: .refuted(.abi)),
    Kernel(
      "a fragment that clobbers an input", .x86, "in: x=rdi; out: y=rax; clobbers: flags",
      "mov rax, rdi; inc rdi", verdict: .refuted(.abi)),
    Kernel(
      "a fragment that clobbers flags", .x86, "in: x=rdi; out: y=rax",
      "mov rax, rdi; test edi, edi",
      verdict: .refuted(.abi)),
    Kernel(
      "a fragment that uses the stack", .x86, "in: x=rdi; out: y=rax; clobbers: flags",
      "push rdi; pop rax", verdict: .refuted(.memory)),
    Kernel(
      "a fragment that uses the red zone", .x86, "in: x=rdi; out: y=rax; clobbers: flags",
      "mov qword ptr [rsp - 8], rdi; mov rax, qword ptr [rsp - 8]", verdict: .refuted(.memory)),
    Kernel(
      "a fragment that returns", .x86, "in: x=rdi; out: y=rax; clobbers: flags",
      "mov rax, rdi; ret", verdict: .unsupported),
    Kernel(
      "a fragment that jumps past its end", .x86, "in: x=rdi; out: y=rax; clobbers: flags",
      "mov rax, rdi; .byte 0xEB,0x01", verdict: .unsupported),
    Kernel(
      "a fragment that sets the direction flag", .x86,
      "in: x=rdi; out: y=rax; clobbers: flags", "mov rax, rdi; std", verdict: .refuted(.abi)),
    Kernel(
      "a fragment that reads a register it was not given", .x86,
      "in: x=rdi; out: y=rax; clobbers: flags", "mov rax, rsi", verdict: .refuted(.independence)),
    Kernel(
      "a fragment that clobbers", .arm64, "in: x=x1; out: y=x2; clobbers: flags",
      "mov x3, x1; mov x2, x3", verdict: .refuted(.abi)),
    Kernel(
      "a fragment that calls", .arm64, "in: x=x1; out: y=x2; clobbers: flags",
      "bl next; next: mov x2, x1", verdict: .refuted(.abi)),
  ]
}

extension String {
  /// The text with its last occurrence of `old` replaced.
  fileprivate func replacingLast(_ old: String, _ new: String) -> String {
    guard hasSuffix(old + ")") else { return self }
    return dropLast(old.count + 1) + new + ")"
  }
}
