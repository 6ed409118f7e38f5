import Testing

/// Specifications that say nothing, and code that never comes to an end.
struct LogicPitfalls {
  /// Arrays of two elements, both of which are stored.
  private static let full =
    "(= (store ((as const (Array (_ BitVec 1) (_ BitVec 8))) x) #b0 y)"
    + " (store ((as const (Array (_ BitVec 1) (_ BitVec 8))) y) #b1 x))"

  static let kernels: [Kernel] = [
    Kernel(
      "arrays that are the same and written differently", .x86, "uint8_t f(uint8_t x, uint8_t y)",
      "mov eax, edi; ret", requires: "(distinct x y)", holds: [full], fails: ["(not \(full))"]),
    Kernel(
      "an element of many at an index that varies", .x86,
      "uint32_t f(size_t n, const uint32_t p[n], size_t i)",
      "xor eax, eax; cmp rdx, rdi; jae end; mov eax, dword ptr [rsi + 4*rdx]; end: ret",
      requires: "(bvule n #x00000000000003e8)",
      holds: ["(= result (ite (bvuge i n) #x00000000 (select p i)))"],
      fails: [
        "(= result (ite (bvuge i n) #x00000000 (select p (bvlshr i #x0000000000000001))))"
      ]),
    Kernel(
      "digits with the bits of a character", .x86, "uint8_t f(uint32_t x)",
      """
      mov ecx, 3435973837; mov eax, edi; imul rax, rcx; shr rax, 35; lea eax, [rax + rax*4]
      add eax, eax; sub edi, eax; mov eax, edi; or al, 48; ret
      """,
      holds: [
        "(= (concat #x000000 result) (bvadd #x00000030 (bvurem x #x0000000a)))",
        "(and (bvuge result #x30) (bvule result #x39))",
      ],
      fails: ["(= (concat #x000000 result) (bvadd #x00000031 (bvurem x #x0000000a)))"]),
    Kernel(
      "a contradictory precondition", .x86, "uint32_t f(uint32_t x)", "mov eax, edi; ret",
      requires: "(and (bvult x #x00000005) (bvugt x #x00000005))", verdict: .vacuous),
    Kernel(
      "a precondition that no address meets", .x86, "void f(const uint8_t p[1])", "ret",
      requires: "(= p.addr #x0000000000000000)", verdict: .vacuous),
    Kernel(
      "a postcondition that ignores the result", .x86, "uint32_t f(uint32_t x)", "ret",
      verdict: .refuted(.independence)),
    Kernel(
      "a kernel that jumps to itself", .x86, "void f(void)", "self: jmp self",
      verdict: .refuted(.termination)),
    Kernel(
      "a kernel that jumps to itself", .arm64, "void f(void)", "self: b self",
      verdict: .refuted(.termination)),
    Kernel(
      "a kernel that never returns for one input", .x86, "uint32_t f(uint32_t x)",
      "mov eax, edi; again: cmp eax, 0x12345678; je again; ret",
      verdict: .refuted(.termination)),
    Kernel(
      "two instructions that jump to each other", .x86, "void f(void)",
      "a: jmp b; b: jmp a", verdict: .refuted(.termination)),
    Kernel(
      "a loop that counts and never looks at it", .x86, "uint64_t f(uint64_t x)",
      "again: inc rax; add dword ptr [rsp - 8], 1; cmp edi, 77; je again; mov rax, rdi; ret",
      verdict: .refuted(.termination)),
    Kernel(
      "a loop that counts and never looks at it", .arm64, "uint64_t f(uint64_t x)",
      "again: add x1, x1, #1; str x1, [sp, #-16]!; ldr x2, [sp], #16; cbz x0, again; ret",
      verdict: .refuted(.termination)),
    // What decides is the same for a long time, and is made of what is not.
    Kernel(
      "a loop that ends after very many turns", .x86, "uint64_t f(uint64_t x)",
      """
      xor edx, edx; xor ecx, ecx; again: test rdx, rdx; jnz end
      mov rdx, rcx; shr rdx, 40; inc rcx; jmp again; end: mov rax, rdi; ret
      """, verdict: .inconclusive("more than")),
    Kernel(
      "a loop that ends after very many turns", .arm64, "uint64_t f(uint64_t x)",
      """
      mov x1, #0; again: str x1, [sp, #-16]!; ldr x2, [sp], #16; lsr x2, x2, #40
      add x1, x1, #1; cbz x2, again; ret
      """, verdict: .inconclusive("more than")),
    Kernel("a kernel that always faults", .x86, "void f(void)", "ud2", verdict: .refuted(.faults)),
    Kernel(
      "a kernel that always faults", .arm64, "void f(void)", "brk #0", verdict: .refuted(.faults)),
    Kernel(
      "a breakpoint on one path", .x86, "uint32_t f(uint32_t x)",
      "mov eax, edi; cmp eax, 77; jne end; int3; end: ret", verdict: .refuted(.faults)),
    Kernel(
      "a path that cannot be read", .x86, "uint32_t f(uint32_t x)",
      "mov eax, edi; test edi, edi; jz end; .byte 0x06; end: ret", verdict: .unsupported),
    Kernel(
      "a path that cannot be read or taken", .x86, "uint32_t f(uint32_t x)",
      "mov eax, edi; test edi, edi; jz end; .byte 0x06; end: ret", requires: "(= x #x00000000)",
      holds: ["(= result x)"]),
    // Both ways out of the inner loop have to meet before the outer one goes round.
    Kernel(
      "a loop in a loop with two ways out", .x86, "uint64_t f(int32_t p[8])",
      """
      lea r8, [rdi + 4]; mov r9d, 1; outer: mov esi, dword ptr [r8]; mov rax, r8; jmp first
      inner: mov dword ptr [rax], edx; lea rax, [rcx - 4]; cmp rdi, rax; je front
      first: mov edx, dword ptr [rax - 4]; mov rcx, rax; cmp edx, esi; jg inner
      add r9d, 1; mov dword ptr [rcx], esi; add r8, 4; cmp r9d, 8; jne outer
      end: mov eax, 7; ret
      front: mov rcx, rdi; add r9d, 1; add r8, 4; mov dword ptr [rcx], esi; cmp r9d, 8; jne outer
      jmp end
      """,
      holds: [
        "(and (bvsle (select p.out (_ bv0 64)) (select p.out (_ bv1 64)))"
          + " (bvsle (select p.out (_ bv6 64)) (select p.out (_ bv7 64))))"
      ],
      fails: ["(bvslt (select p.out (_ bv6 64)) (select p.out (_ bv7 64)))"]),
    Kernel(
      "a loop with a bound", .x86, "uint32_t f(uint32_t x)",
      "xor eax, eax; again: cmp eax, edi; je end; inc eax; jmp again; end: ret",
      requires: "(bvult x #x00000005)", holds: ["(= result x)"],
      fails: ["(= result (bvand x #x00000003))"]),
    Kernel(
      "a loop entered in its middle", .x86, "uint32_t f(uint32_t x)",
      "mov eax, edi; test edi, 1; jz middle; head: dec eax; middle: cmp eax, 4; ja head; ret",
      requires: "(bvult x #x00000008)",
      holds: [
        """
        (= result (ite (= x #x00000001) #x00000000 (ite (= x #x00000003) #x00000002
          (ite (bvugt x #x00000004) #x00000004 x))))
        """
      ],
      fails: ["(= result (ite (bvugt x #x00000004) #x00000004 x))"]),
    Kernel(
      "one path of two is wrong", .arm64, "uint64_t f(uint64_t x)",
      "cmp x0, #77; b.ne end; mov x0, #78; end: ret",
      fails: ["(= result x)"]),
    Kernel(
      "states that meet again", .x86, "uint32_t f(uint32_t x, uint32_t y)",
      "cmp edi, esi; jb less; mov eax, edi; jmp end; less: mov eax, esi; end: ret",
      holds: ["(= result (ite (bvult x y) y x))"], fails: ["(= result x)", "(= result y)"]),
  ]

  /// Loops that go round more often than a bound of 8.
  static let loops: [Kernel] = [
    Kernel(
      "a loop of unknown length", .x86, "uint32_t f(uint32_t x)",
      "xor eax, eax; again: cmp eax, edi; je end; inc eax; jmp again; end: ret",
      verdict: .inconclusive("loop at 0x40000")),
    Kernel(
      "a loop of nine rounds", .x86, "uint32_t f(void)",
      "xor eax, eax; again: inc eax; cmp eax, 10; jne again; ret",
      verdict: .inconclusive("loop at 0x40000")),
    Kernel(
      "a loop of eight rounds", .x86, "uint32_t f(void)",
      "xor eax, eax; again: inc eax; cmp eax, 9; jne again; ret",
      holds: ["(= result #x00000009)"]),
    Kernel(
      "a loop of unknown length", .arm64, "uint64_t f(uint64_t x)",
      "mov x1, #0; again: cmp x1, x0; b.eq end; add x1, x1, #1; b again; end: mov x0, x1; ret",
      verdict: .inconclusive("loop at 0x40000")),
  ]
}
