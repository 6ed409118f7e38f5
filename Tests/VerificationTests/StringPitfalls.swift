import Testing

/// Repeated string instructions, which are loops of one instruction.
struct StringPitfalls {
  private static let two = "void f(uint8_t d[restrict 8], const uint8_t s[restrict 8])"
  private static let counted =
    "void f(uint8_t d[restrict n], const uint8_t s[restrict n], uint64_t n)"
  private static let copied = "mov rcx, rdx; rep movsb; ret"

  /// A byte or element of an array by its index.
  private static func at(_ array: String, _ index: Int) -> String {
    let digits = String(index, radix: 16)
    return "(select \(array) #x" + String(repeating: "0", count: 16 - digits.count) + digits + ")"
  }

  private static func same(_ indices: [Int], reversed: Bool = false) -> String {
    let parts = indices.map { "(= \(at("d.out", $0)) \(at("s", reversed ? 7 - $0 : $0)))" }
    return "(and true \(parts.joined(separator: " ")))"
  }

  static let kernels: [Kernel] = [
    Kernel(
      "a copy of a fixed count", .x86, two, "mov ecx, 8; rep movsb; ret",
      holds: [same(Array(0..<8))], fails: [same(Array(0..<8), reversed: true)]),
    Kernel(
      "a copy of words", .x86, two, "mov ecx, 2; rep movsd; ret", holds: [same(Array(0..<8))]),
    Kernel(
      "a copy that is one byte short", .x86, two, "mov ecx, 7; rep movsb; ret",
      holds: [same(Array(0..<7))], fails: [same([7])], verdict: .proved),
    Kernel(
      "a copy that is one byte long", .x86, two, "mov ecx, 9; rep movsb; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "a copy downwards", .x86, two,
      "mov ecx, 8; add rdi, 7; add rsi, 7; std; rep movsb; cld; ret", holds: [same(Array(0..<8))]),
    Kernel(
      "a copy downwards from the start", .x86, two, "mov ecx, 8; std; rep movsb; cld; ret",
      verdict: .refuted(.memory)),
    Kernel(
      "DF stays set", .x86, two, "mov ecx, 1; std; rep movsb; ret", verdict: .refuted(.abi)),
    Kernel(
      "a copy of a bounded count", .x86, counted, copied,
      requires: "(bvule n #x000000000000000c)",
      holds: ["(=> (bvult #x0000000000000005 n) (= \(at("d.out", 5)) \(at("s", 5))))"],
      fails: ["(=> (bvult #x0000000000000005 n) (= \(at("d.out", 5)) \(at("s", 4))))"]),
    Kernel(
      "no iteration accesses nothing", .x86, counted, copied,
      requires: "(= n #x0000000000000000)", verdict: .proved),
    Kernel(
      "an iteration too many", .x86, counted, "lea rcx, [rdx + 1]; rep movsb; ret",
      requires: "(bvule n #x0000000000000004)", verdict: .refuted(.memory)),
    Kernel(
      "the counter is rcx and not ecx", .x86, "void f(uint8_t d[1], uint64_t n)",
      "mov rcx, rsi; mov eax, 0; rep stosb; ret",
      requires: "(= ((_ extract 31 0) n) #x00000001)", verdict: .notProved),
    Kernel(
      "with a 67 prefix the counter is ecx", .x86, "uint64_t f(uint64_t n)",
      "mov rcx, rdi; mov rdi, rsp; rep addr32 stosb; mov eax, ecx; ret",
      requires: "(= ((_ extract 31 0) n) #x00000000)",
      holds: ["(= result #x0000000000000000)"], fails: ["(= result n)"]),
    Kernel(
      "the first byte of a value", .x86, "uint64_t f(const uint8_t s[8], uint8_t b)",
      "mov eax, esi; mov ecx, 8; repne scasb; mov eax, 8; sub rax, rcx; ret",
      holds: [
        "(= (= \(at("s", 0)) b) (= result #x0000000000000001))",
        "(bvule result #x0000000000000008)",
      ],
      fails: ["(distinct result #x0000000000000008)"]),
    Kernel(
      "flags of no comparison are kept", .x86, "uint64_t f(const uint8_t s[8], uint64_t n)",
      "xor eax, eax; mov rcx, rsi; repe scasb; sete al; ret",
      requires: "(= n #x0000000000000000)", holds: ["(= result #x0000000000000001)"]),
  ]

  @Suite struct Tests {
    @Test(arguments: StringPitfalls.kernels)
    func strings(_ kernel: Kernel) throws { try kernel.check() }
  }
}
