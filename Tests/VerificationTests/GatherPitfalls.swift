/// Gathers: which elements are read, from where, and what becomes of the others and of the mask; and MASKMOVDQU, which
/// may fault where it stores nothing.
struct GatherPitfalls {
  private static let one = "__m128i f(__m128i a, __m128i index, __m128i mask, const uint32_t s[8])"
  private static let gather = "vpgatherdd xmm0, xmmword ptr [rdi + 4*xmm1], xmm2"
  private static let none = "(= ((_ extract 127 32) mask) (_ bv0 96))"
  private static let first = "(= ((_ extract 31 0) mask) #x80000000)"
  private static let inside = "(bvult ((_ extract 31 0) index) #x00000008)"
  private static let element = "(select s ((_ zero_extend 32) ((_ extract 31 0) index)))"

  private static let stored = "pcmpeqd xmm0, xmm0; movdqa xmm1, xmm0; psrldq xmm1, 12; "

  static let kernels: [Kernel] = [
    Kernel(
      "bytes that a mask does not select are accessed", .x86, "void f(uint8_t p[4])",
      stored + "maskmovdqu xmm0, xmm1; ret", verdict: .refuted(.memory)),
    Kernel(
      "bytes that a mask does not select are accessed by its VEX form", .x86,
      "void f(uint8_t p[4])", stored + "vmaskmovdqu xmm0, xmm1; ret", verdict: .refuted(.memory)),
    Kernel(
      "a mask that selects nothing accesses what may not be written", .x86,
      "void f(const uint8_t p[16])",
      "pxor xmm1, xmm1; maskmovdqu xmm1, xmm1; ret", verdict: .refuted(.memory)),
    Kernel(
      "bytes that a mask does not select are kept", .x86, "void f(uint8_t p[16])",
      stored + "maskmovdqu xmm0, xmm1; ret",
      holds: [
        "(= (select p.out #x0000000000000003) #xff)",
        "(= (select p.out #x0000000000000004) (select p #x0000000000000004))",
      ], fails: ["(= (select p.out #x0000000000000003) (select p #x0000000000000003))"]),
    Kernel(
      "an element at its index", .x86, one, gather + "; ret",
      requires: "(and \(none) \(first) \(inside))",
      holds: [
        "(= ((_ extract 31 0) result) \(element))",
        "(= ((_ extract 127 32) result) ((_ extract 127 32) a))",
      ],
      fails: ["(= ((_ extract 31 0) result) (select s #x0000000000000000))"]),
    Kernel(
      "what the sign of the mask does not select is not read", .x86, one, gather + "; ret",
      requires: "(= (bvand mask #x80000000800000008000000080000000) (_ bv0 128))",
      holds: ["(= result a)"]),
    Kernel(
      "what the sign of the mask selects is read", .x86, one, gather + "; ret",
      requires: "(and \(none) \(first))", verdict: .refuted(.memory)),
    Kernel(
      "the mask is cleared", .x86, one, gather + "; vmovdqa xmm0, xmm2; ret",
      requires: "(and \(none) \(inside))", holds: ["(= result (_ bv0 128))"],
      fails: ["(= result mask)"]),
    Kernel(
      "indices are signed", .x86, one,
      "add rdi, 32; \(gather); ret",
      requires: "(and \(none) \(first) (= ((_ extract 31 0) index) #xffffffff))",
      holds: ["(= ((_ extract 31 0) result) (select s #x0000000000000007))"]),
    Kernel(
      "fewer elements than the register has", .x86,
      "__m128i f(__m128i a, __m128i index, __m128i mask, const uint32_t s[8])",
      "vpgatherqd xmm0, qword ptr [rdi + 4*xmm1], xmm2; ret",
      requires: "(= (bvand mask #x00000000000000008000000080000000) (_ bv0 128))",
      holds: ["(= result ((_ zero_extend 64) ((_ extract 63 0) a)))"], fails: ["(= result a)"]),
    Kernel(
      "the upper halves are cleared", .x86,
      "__m256i f(__m256i a, __m256i index, __m256i mask, const uint32_t s[8])",
      "vpgatherqd xmm0, xmmword ptr [rdi + 4*ymm1], xmm2; ret",
      requires: "(= ((_ extract 127 0) mask) (_ bv0 128))",
      holds: ["(= result ((_ zero_extend 128) ((_ extract 127 0) a)))"]),
    Kernel(
      "destination and mask are one", .x86, one,
      "vpgatherdd xmm0, xmmword ptr [rdi + 4*xmm1], xmm0; ret", verdict: .refuted(.faults)),
    Kernel(
      "index and mask are one", .x86, one,
      "vpgatherdd xmm0, xmmword ptr [rdi + 4*xmm1], xmm1; ret", verdict: .refuted(.faults)),
    Kernel(
      "destination and index are one", .x86, one,
      "vpgatherdd xmm0, xmmword ptr [rdi + 4*xmm0], xmm1; ret", verdict: .refuted(.faults)),
  ]
}
