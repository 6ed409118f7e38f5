/// Calls that nest, and loops over inputs of few bits.
enum RecursionPitfalls {
  /// 0 + 1 + … + x, as `x(x + 1) / 2`.
  private static let triangle = "(= (bvadd result result) (bvmul x (bvadd x #x00000001)))"

  static let kernels: [Kernel] = [
    Kernel(
      "a sum by recursion", .x86, "uint32_t f(uint32_t x)",
      "f: xor eax, eax; test edi, edi; jz end; push rdi; dec edi; call f; pop rdi; add eax, edi; end: ret",
      requires: "(bvult x #x00000007)", holds: [triangle], fails: ["(= result x)"]),
    Kernel(
      "a sum by recursion", .arm64, "uint32_t f(uint32_t x)",
      "f: mov w1, w0; cbz w0, end; stp x30, x1, [sp, #-16]!; sub w0, w0, #1; bl f; ldp x30, x1, [sp], #16;"
        + "add w0, w0, w1; end: ret",
      requires: "(bvult x #x00000007)", holds: [triangle], fails: ["(= result x)"]),
    Kernel(
      "two calls each", .x86, "uint32_t f(uint32_t x)",
      "f: mov eax, edi; cmp edi, 2; jb end; push rbx; push rdi; lea edi, [rdi - 1]; call f; mov ebx, eax;"
        + "pop rdi; lea edi, [rdi - 2]; call f; add eax, ebx; pop rbx; end: ret",
      requires: "(bvult x #x00000006)",
      holds: ["(=> (= x #x00000005) (= result #x00000005))", "(bvule result #x00000005)"],
      fails: ["(=> (= x #x00000005) (= result #x00000004))"]),
    Kernel(
      "recursion without a bound", .x86, "uint32_t f(uint32_t x)",
      "f: xor eax, eax; test edi, edi; jz end; push rdi; dec edi; call f; pop rdi; add eax, edi; end: ret",
      opens: [triangle]),
    Kernel(
      "a loop that ends in a call", .x86, "uint32_t f(uint32_t x)",
      "f: xor eax, eax; jmp test; body: add eax, 2; call g; test: sub edi, 1; jae body; ret; g: ret",
      requires: "(bvult x #x00000005)", holds: ["(= result (bvadd x x))"], fails: ["(= result x)"]),
    Kernel(
      "a loop whose call ends it", .x86, "uint32_t f(uint32_t x)",
      "f: jmp test; body: call g; test: test edi, edi; jnz body; mov eax, edi; ret; g: shr edi, 1; ret",
      holds: ["(= result #x00000000)"], fails: ["(= result x)"]),
    Kernel(
      "a loop for ever through a call", .x86, "uint32_t f(uint32_t x)",
      "f: jmp test; body: call g; test: test edi, edi; jnz body; mov eax, edi; ret; g: ret",
      verdict: .refuted(.termination)),
    Kernel(
      "Euclid's algorithm on bytes", .x86, "uint32_t f(uint32_t x, uint32_t y)",
      "mov eax, edi; next: test esi, esi; jz end; xor edx, edx; div esi; mov eax, esi; mov esi, edx;"
        + "jmp next; end: ret",
      requires: "(and (bvult x #x00000100) (bvule y #x000000ff))",
      holds: ["(and (= (bvurem x result) #x00000000) (= (bvurem y result) #x00000000))"],
      fails: ["(= result x)"]),
  ]
}
