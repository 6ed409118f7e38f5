import Testing

/// Where accesses go, what they may touch, and what buffers share.
struct MemoryPitfalls {
  private static let zero = "#x0000000000000000"
  private static let two = "void f(uint32_t p[1], uint32_t q[1])"
  private static let writeBoth = "mov dword ptr [rdi], 1; mov dword ptr [rsi], 2; ret"
  private static let isOne = "(= (select p.out \(zero)) #x00000001)"

  static let aliasing: [Kernel] = [
    Kernel(
      "a stack pointer made of a vector's bits for a while", .x86, "uint64_t f(uint64_t x)",
      "mov rdx, rsp; movq rax, xmm0; and rax, -32; mov rsp, rax; mov rsp, rdx; mov rax, rdi; ret",
      verdict: .notProved),
    Kernel("two buffers may be one", .x86, two, writeBoth, fails: [isOne]),
    Kernel(
      "restrict keeps them apart", .x86, "void f(uint32_t p[restrict 1], uint32_t q[1])", writeBoth,
      holds: [isOne]),
    Kernel(
      "two buffers may overlap in part", .x86, two, writeBoth,
      requires: "(distinct p.addr q.addr)", fails: [isOne]),
    Kernel(
      "two buffers may share a single byte", .x86, two, writeBoth,
      requires: "(= q.addr (bvadd p.addr #x0000000000000003))", fails: [isOne],
      verdict: .proved),
    Kernel(
      "the byte that two buffers share", .x86, two, writeBoth,
      requires: "(= q.addr (bvadd p.addr #x0000000000000003))",
      holds: ["(= (select p.out \(zero)) #x02000001)"]),
    Kernel(
      "next to each other is apart", .x86, two, writeBoth,
      requires: "(= q.addr (bvadd p.addr #x0000000000000004))", holds: [isOne]),
    Kernel(
      "two of three buffers may be one", .x86,
      "void f(uint8_t p[1], uint8_t q[1], uint8_t r[1])",
      "mov byte ptr [rdi], 1; mov byte ptr [rsi], 2; mov byte ptr [rdx], 3; ret",
      requires: "(distinct p.addr q.addr)", fails: ["(= (select p.out \(zero)) #x01)"],
      verdict: .proved),
    Kernel(
      "three different buffers", .x86, "void f(uint8_t p[1], uint8_t q[1], uint8_t r[1])",
      "mov byte ptr [rdi], 1; mov byte ptr [rsi], 2; mov byte ptr [rdx], 3; ret",
      requires: "(distinct p.addr q.addr r.addr)", holds: ["(= (select p.out \(zero)) #x01)"]),
    Kernel(
      "a copy in place", .x86, "void f(uint16_t p[2], const uint16_t q[2])",
      "mov ax, word ptr [rsi]; mov word ptr [rdi], ax; mov ax, word ptr [rsi + 2];"
        + "mov word ptr [rdi + 2], ax; ret",
      fails: ["(= (select p.out #x0000000000000001) (select q #x0000000000000001))"]),
    Kernel(
      "a copy that loads first", .x86, "void f(uint16_t p[2], const uint16_t q[2])",
      "mov eax, dword ptr [rsi]; mov dword ptr [rdi], eax; ret",
      holds: ["(= (select p.out #x0000000000000001) (select q #x0000000000000001))"]),
    Kernel(
      "another buffer through an offset of the first", .x86,
      "uint32_t f(const uint32_t p[1], const uint32_t q[1])", "mov eax, dword ptr [rdi + 4]; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "what an offset of the first buffer reads is not the first", .x86,
      "uint32_t f(const uint32_t p[1], const uint32_t q[1])", "mov eax, dword ptr [rdi + 4]; ret",
      requires: "(= q.addr (bvadd p.addr #x0000000000000004))", verdict: .notProved),
    Kernel(
      "restrict and equal addresses contradict", .x86,
      "void f(uint8_t p[restrict 1], uint8_t q[1])", "ret", requires: "(= p.addr q.addr)",
      verdict: .vacuous),
    Kernel(
      "two buffers may be one", .arm64, two,
      "mov w2, #1; str w2, [x0]; mov w2, #2; str w2, [x1]; ret",
      fails: [isOne]),
  ]

  static let bounds: [Kernel] = [
    Kernel(
      "an over-read", .x86, "uint64_t f(const uint32_t p[1])", "mov rax, qword ptr [rdi]; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "an under-read", .x86, "uint8_t f(const uint32_t p[1])", "mov al, byte ptr [rdi - 1]; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "a buffer that may be empty", .x86, "uint8_t f(size_t n, const uint8_t p[n])",
      "mov al, byte ptr [rsi]; ret", requires: "(bvule n #x0000000000000001)",
      verdict: .refuted(.memory)),
    Kernel(
      "an empty buffer may be at null", .x86, "uint8_t f(size_t n, const uint8_t p[n])",
      "test rsi, rsi; setz al; ret", requires: "(bvule n #x0000000000000001)",
      fails: ["(= result #x00)"], verdict: .proved),
    Kernel(
      "another buffer is not at null", .x86, "uint8_t f(const uint8_t p[1])",
      "test rdi, rdi; setz al; ret", holds: ["(= result #x00)"]),
    Kernel(
      "a signed length is not negative", .x86, "uint8_t f(int32_t n, const uint8_t p[n])",
      "test edi, edi; sets al; ret", requires: "(bvsle n #x00000004)", holds: ["(= result #x00)"]),
    Kernel(
      "a length's upper bits are garbage", .x86, "uint8_t f(uint8_t n, const uint8_t p[n])",
      "mov eax, 0; test edi, edi; jz end; mov al, byte ptr [rsi]; end: ret",
      requires: "(bvule n #x04)", verdict: .refuted(.memory)),
    Kernel(
      "the address after a buffer is greater", .x86, "uint8_t f(const uint32_t p[1])",
      "lea rax, [rdi + 4]; cmp rax, rdi; setb al; ret", holds: ["(= result #x00)"]),
    // Where the code is, no buffer is: what a solver finds there is no input.
    Kernel(
      "a buffer is not in the code", .x86, "uint8_t f(const uint8_t p[1])",
      "here: lea rax, [rip + here]; cmp rax, rdi; sete al; ret", opens: ["(= result #x00)"]),
    Kernel(
      "the address after the next may be zero", .x86, "uint8_t f(const uint32_t p[1])",
      "lea rax, [rdi + 5]; cmp rax, rdi; setb al; ret", fails: ["(= result #x00)"]),
    Kernel(
      "a buffer does not wrap around", .x86, "uint8_t f(const uint32_t p[1])",
      "lea rax, [rdi + 3]; cmp rax, rdi; setb al; ret", holds: ["(= result #x00)"]),
    Kernel(
      "an index is not checked", .x86, "uint32_t f(const uint32_t p[2], uint64_t i)",
      "mov eax, dword ptr [rdi + 4*rsi]; ret", verdict: .refuted(.memory)),
    Kernel(
      "an index in range", .x86, "uint32_t f(const uint32_t p[2], uint64_t i)",
      "mov eax, dword ptr [rdi + 4*rsi]; ret", requires: "(bvult i #x0000000000000002)",
      holds: ["(= result (select p i))"], fails: ["(= result (select p \(zero)))"]),
    Kernel(
      "an index that wraps is another index", .x86, "uint32_t f(const uint32_t p[2], uint64_t i)",
      "mov eax, dword ptr [rdi + 4*rsi]; ret",
      requires: "(bvult (bvshl i #x0000000000000002) #x0000000000000008)",
      fails: ["(= result (select p \(zero)))"], verdict: .proved),
    Kernel(
      "an index with a negative displacement", .x86, "uint8_t f(const uint8_t p[4], uint64_t i)",
      "mov al, byte ptr [rdi + rsi - 2]; ret",
      requires: "(and (bvuge i #x0000000000000002) (bvult i #x0000000000000006))",
      holds: ["(= result (select p (bvsub i #x0000000000000002)))"],
      fails: ["(= result (select p #x0000000000000000))"]),
    Kernel(
      "an offset that is no multiple of its stride", .x86,
      "uint8_t f(const uint8_t p[16], uint64_t i)",
      "shl rsi, 3; or rsi, 4; mov al, byte ptr [rdi + rsi]; ret",
      requires: "(bvult i #x0000000000000002)",
      holds: ["(= result (select p (bvor (bvshl i #x0000000000000003) #x0000000000000004)))"],
      fails: [
        "(= result (select p #x0000000000000008))",
        "(= result (select p (bvshl i #x0000000000000003)))",
      ]),
    Kernel(
      "an offset in a group that begins before the buffer", .x86,
      "uint8_t f(const uint64_t p[2], uint64_t i, const uint8_t q[4])",
      "shl rsi, 3; mov al, byte ptr [rdi + rsi]; ret",
      requires: "(and (bvult i #x0000000000000002) (= q.addr (bvsub p.addr #x0000000000000003)))",
      holds: ["(= result ((_ extract 7 0) (select p i)))"],
      fails: ["(= result ((_ extract 7 0) (select p #x0000000000000001)))"]),
    Kernel(
      "a bit of a string of bits", .x86, "uint8_t f(const uint32_t p[1], uint64_t i)",
      "bt dword ptr [rdi], esi; setc al; ret", verdict: .refuted(.memory)),
    Kernel(
      "BT with an immediate takes it modulo the width", .x86, "uint8_t f(const uint32_t p[1])",
      ".byte 0x0F,0xBA,0x27,0x21; setc al; ret",
      holds: ["(= result (concat #b0000000 ((_ extract 1 1) (select p \(zero)))))"]),
    Kernel(
      "an over-read", .arm64, "uint64_t f(const uint32_t p[1])", "ldr x0, [x0]; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "a write-back beyond the buffer is no access", .arm64, "uint32_t f(const uint32_t p[1])",
      "ldr w1, [x0], #4; mov w0, w1; ret", holds: ["(= result (select p \(zero)))"]),
    Kernel(
      "an index register's upper half is ignored", .arm64,
      "uint32_t f(const uint32_t p[2], uint32_t i)", "ldr w0, [x0, w1, uxtw #2]; ret",
      requires: "(bvult i #x00000002)", holds: ["(= result (select p (concat #x00000000 i)))"]),
    Kernel(
      "an index register's upper half is garbage", .arm64,
      "uint32_t f(const uint32_t p[2], uint32_t i)", "ldr w0, [x0, x1, lsl #2]; ret",
      requires: "(bvult i #x00000002)", verdict: .refuted(.memory)),
  ]

  /// Offsets and stack pointers at the far end of memory.
  static let farEnd: [Kernel] = [
    Kernel(
      "a load", .x86, "uint32_t f(uint32_t x)",
      "movabs rax, 0x7ffffffffffffffe; mov eax, dword ptr [rsp + rax]; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "a store", .x86, "void f(uint8_t p[4])",
      "movabs rax, 0x7ffffffffffffffe; mov dword ptr [rdi + rax], eax; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "a stack pointer that goes there and back", .x86, "void f(void)",
      "movabs rax, 0x8000000000000000; add rsp, rax; push rax; pop rcx; add rsp, rax; ret",
      verdict: .refuted(.abi)),
    Kernel(
      "a place on a stack that is anywhere", .x86, "uint32_t f(uint64_t n, uint32_t i)",
      "mov rbp, rsp; and edi, 16; sub rsp, rdi; and esi, 7; mov eax, dword ptr [rbp + 4*rsi - 63];"
        + "mov rsp, rbp; ret", verdict: .notProved),
    Kernel(
      "a stack pointer that comes from there", .x86, "void f(void)",
      "movabs rax, 0x7fffffffffffff89; add rsp, rax; ret", verdict: .notProved),
  ]

  private static let realign = "push rbp; mov rbp, rsp; and rsp, -32; "

  /// Code that aligns the stack pointer to more than the ABI does.
  static let alignedStack: [Kernel] = [
    Kernel(
      "to 32 bytes", .x86, "uint64_t f(uint64_t x)",
      realign + "sub rsp, 32; mov qword ptr [rsp], rdi; mov rax, qword ptr [rsp]; leave; ret",
      holds: ["(= result x)"], fails: ["(distinct result x)"]),
    Kernel(
      "to 64 bytes", .x86, "uint64_t f(uint64_t x, uint64_t y)",
      "push rbp; mov rbp, rsp; and rsp, -64; sub rsp, 64; mov qword ptr [rsp], rdi;"
        + "mov qword ptr [rsp + 16], rsi; mov rax, qword ptr [rsp]; leave; ret",
      holds: ["(= result x)"], fails: ["(= result y)"]),
    Kernel(
      "to 32 bytes with no red zone", .arm64, "uint64_t f(uint64_t x)",
      "stp x29, x30, [sp, #-16]!; mov x29, sp; sub x9, sp, #32; and sp, x9, #0xffffffffffffffe0;"
        + "str x0, [sp, #8]; ldr x0, [sp, #8]; mov sp, x29; ldp x29, x30, [sp], #16; ret",
      holds: ["(= result x)"]),
    Kernel(
      "its red zone", .x86, "uint64_t f(uint64_t x)",
      realign + "mov qword ptr [rsp - 128], rdi; mov rax, qword ptr [rsp - 128]; leave; ret",
      holds: ["(= result x)"]),
    Kernel(
      "below its red zone", .x86, "uint64_t f(uint64_t x)",
      realign + "mov qword ptr [rsp - 136], rdi; mov rax, qword ptr [rsp - 136]; leave; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "the saved register that it may point to", .x86, "uint64_t f(uint64_t x)",
      realign + "mov qword ptr [rsp], rdi; mov rax, qword ptr [rsp]; leave; ret",
      verdict: .refuted(.abi)),
    Kernel(
      "a vector of 32 bytes on it", .x86, "void f(void)",
      realign + "sub rsp, 32; vmovdqa ymmword ptr [rsp], ymm0; leave; ret", verdict: .proved),
    Kernel(
      "a vector that lies between", .x86, "void f(void)",
      realign + "sub rsp, 48; vmovdqa ymmword ptr [rsp], ymm0; leave; ret",
      verdict: .refuted(.faults)),
    Kernel(
      "what lay below it is gone", .x86, "uint64_t f(uint64_t x)",
      realign + "sub rsp, 512; mov qword ptr [rsp + 128], rdi; add rsp, 512; sub rsp, 512;"
        + "mov rax, qword ptr [rsp + 128]; leave; ret", verdict: .refuted(.independence)),
  ]

  static let stack: [Kernel] = [
    Kernel(
      "a buffer above the return address", .x86, "uint32_t f(const uint8_t p[1])",
      "xor eax, eax; lea rcx, [rsp + 16]; cmp rcx, rdi; sete al; ret",
      fails: ["(= result #x00000000)"]),
    Kernel(
      "a buffer at the stack pointer of a caller", .arm64, "uint32_t f(const uint8_t p[1])",
      "mov x9, sp; cmp x9, x0; cset w0, eq; ret", fails: ["(= result #x00000000)"]),
    Kernel(
      "the stack and an argument are apart", .x86, "uint64_t f(uint64_t x, uint64_t p[1])",
      "mov qword ptr [rsp - 8], rdi; mov qword ptr [rsi], 0; mov rax, qword ptr [rsp - 8]; ret",
      holds: ["(= result x)"]),
    Kernel(
      "a store into code", .x86, "void f(void)", "lea rax, [rip]; mov byte ptr [rax], 0xC3; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "a constant buffer written and restored", .x86, "void f(const uint8_t p[1])",
      "mov al, byte ptr [rdi]; mov byte ptr [rdi], 0; mov byte ptr [rdi], al; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "the red zone has 128 bytes", .x86, "uint64_t f(uint64_t x)",
      "mov qword ptr [rsp - 128], rdi; mov rax, qword ptr [rsp - 128]; ret",
      holds: ["(= result x)"]),
    Kernel(
      "below the red zone", .x86, "uint64_t f(uint64_t x)",
      "mov qword ptr [rsp - 129], rdi; mov rax, qword ptr [rsp - 129]; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "there is no red zone", .arm64, "uint64_t f(uint64_t x)",
      "str x0, [sp, #-16]; ldr x0, [sp, #-16]; ret", verdict: .refuted(.memory)),
    Kernel(
      "uninitialised stack", .x86, "uint64_t f(void)", "mov rax, qword ptr [rsp - 8]; ret",
      verdict: .refuted(.independence)),
    Kernel(
      "uninitialised stack is not zero", .x86, "uint64_t f(void)",
      "mov rax, qword ptr [rsp - 8]; ret", fails: ["(= result \(zero))"]),
    Kernel(
      "released stack is anything", .x86, "uint64_t f(uint64_t x)",
      "sub rsp, 200; mov qword ptr [rsp], rdi; add rsp, 200; sub rsp, 200;"
        + "mov rax, qword ptr [rsp]; add rsp, 200; ret", verdict: .refuted(.independence)),
    Kernel(
      "released stack that was never written is anything", .x86, "uint64_t f(void)",
      "sub rsp, 200; mov rax, qword ptr [rsp]; add rsp, 200; sub rsp, 200;"
        + "sub rax, qword ptr [rsp]; add rsp, 200; ret", verdict: .refuted(.independence)),
    Kernel(
      "stack that is not released stays", .x86, "uint64_t f(void)",
      "sub rsp, 200; mov rax, qword ptr [rsp]; sub rax, qword ptr [rsp]; add rsp, 200; ret",
      holds: ["(= result \(zero))"]),
    Kernel(
      "stack released by an unknown distance is anything", .x86,
      "uint64_t f(uint64_t x, uint64_t y)",
      "mov rcx, rsp; sub rsp, 400; mov qword ptr [rsp], rdi; add rsp, rsi;"
        + "lea rsp, [rcx - 400]; mov rax, qword ptr [rsp]; mov rsp, rcx; ret",
      verdict: .notProved),
    Kernel(
      "released stack is anything", .arm64, "uint64_t f(uint64_t x)",
      "str x0, [sp, #-16]!; add sp, sp, #16; sub sp, sp, #16; ldr x0, [sp], #16; ret",
      verdict: .refuted(.independence)),
    Kernel(
      "a misaligned stack pointer faults", .arm64, "uint64_t f(uint64_t x)",
      "sub sp, sp, #8; str x0, [sp]; ldr x0, [sp]; add sp, sp, #8; ret",
      verdict: .refuted(.faults)),
    Kernel(
      "above the stack's arguments", .x86, "uint64_t f(void)", "mov rax, qword ptr [rsp + 8]; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "above the stack pointer", .arm64, "uint64_t f(void)", "ldr x0, [sp]; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "a pointer through the stack at an odd offset", .x86, "uint32_t f(const uint32_t p[1])",
      "mov qword ptr [rsp - 15], rdi; mov rax, qword ptr [rsp - 15]; mov eax, dword ptr [rax]; ret",
      holds: ["(= result (select p \(zero)))"]),
    Kernel(
      "a pointer made of two", .x86, "uint32_t f(const uint32_t p[1], const uint32_t q[1])",
      "mov qword ptr [rsp - 16], rdi; mov qword ptr [rsp - 12], rsi; mov rax, qword ptr [rsp - 16];"
        + "mov eax, dword ptr [rax]; ret", verdict: .notProved),
    Kernel(
      "code that reads its own bytes", .x86, "uint8_t f(void)", "mov al, byte ptr [rip - 6]; ret",
      holds: ["(= result #x8a)"], fails: ["(= result #x90)"]),
    Kernel(
      "bytes after the code", .x86, "uint8_t f(void)", "mov al, byte ptr [rip + 1]; ret",
      verdict: .refuted(.memory)),
  ]
}
