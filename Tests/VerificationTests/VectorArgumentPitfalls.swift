/// Arguments and results in vector registers.
struct VectorArgumentPitfalls {
  static let x86: [Kernel] = [
    Kernel(
      "integers and floats are counted apart", .x86, "float f(int a, float b, long c, float d)",
      "paddd xmm0, xmm1; ret", holds: ["(= result (bvadd b d))"],
      fails: ["(= result (bvadd a d))", "(= result (bvadd b b))"]),
    Kernel(
      "a register that is no argument", .x86, "float f(int a, float b, long c, float d)",
      "paddd xmm0, xmm2; ret", verdict: .refuted(.independence)),
    Kernel(
      "garbage above a float stays out of the low lane", .x86, "float f(float a)",
      "paddq xmm0, xmm0; ret", holds: ["(= result (bvadd a a))"]),
    Kernel(
      "garbage above a float", .x86, "double f(float a)", "paddq xmm0, xmm0; ret",
      verdict: .refuted(.independence)),
    Kernel(
      "what is above a result is nobody's", .x86, "float f(float a, double b)",
      "paddq xmm0, xmm1; ret",
      holds: ["(= result (bvadd a ((_ extract 31 0) b)))"]),
    Kernel(
      "a legacy write keeps the upper half", .x86, "__m256i f(__m256i a, __m256i b)",
      "paddq xmm0, xmm1; ret",
      holds: ["(= ((_ extract 255 128) result) ((_ extract 255 128) a))"]),
    Kernel(
      "a VEX write clears the upper half", .x86, "__m256i f(__m256i a, __m256i b)",
      "vpaddq xmm0, xmm0, xmm1; ret", holds: ["(= ((_ extract 255 128) result) (_ bv0 128))"],
      fails: ["(= ((_ extract 255 128) result) ((_ extract 255 128) a))"]),
    Kernel(
      "floats on the stack", .x86,
      "float f(float a, float b, float c, float d, float e, float g, float h, float i, "
        + "float j, int k, __m128i l, float m)",
      "paddd xmm0, xmmword ptr [rsp + 24]; mov eax, edi; ret",
      holds: ["(= result (bvadd a ((_ extract 31 0) l)))"]),
    Kernel(
      "the gap above a float on the stack", .x86,
      "void f(float a, float b, float c, float d, float e, float g, float h, float i, float j, "
        + "uint64_t p[1])",
      "mov rax, qword ptr [rsp + 8]; mov qword ptr [rdi], rax; ret",
      verdict: .refuted(.independence)),
    Kernel(
      "a float on the stack", .x86,
      "uint32_t f(float a, float b, float c, float d, float e, float g, float h, float i, float j)",
      "mov eax, dword ptr [rsp + 8]; ret", holds: ["(= result j)"]),
  ]
}
