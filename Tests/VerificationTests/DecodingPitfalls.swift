import Testing

/// What decoders get wrong, seen through a whole proof.
struct DecodingPitfalls {
  private static let zero32 = "#x00000000"

  static let x86: [Kernel] = [
    Kernel(
      "F3 0F BC is TZCNT", .x86, "uint32_t f(uint32_t x)",
      ".byte 0xF3,0x0F,0xBC,0xC7; ret", requires: "(= x #x00000000)",
      holds: ["(= result #x00000020)"], fails: ["(= result #x00000000)"]),
    Kernel(
      "0F BC is BSF", .x86, "uint32_t f(uint32_t x)", ".byte 0x0F,0xBC,0xC7; ret",
      requires: "(= x #x00000000)", verdict: .refuted(.independence)),
    Kernel(
      "F3 0F BD is LZCNT", .x86, "uint32_t f(uint32_t x)",
      ".byte 0xF3,0x0F,0xBD,0xC7; ret", requires: "(= x #x00000001)",
      holds: ["(= result #x0000001f)"], fails: ["(= result #x00000000)"]),
    Kernel(
      "F3 0F 38 F6 adds with OF", .x86, "uint32_t f(uint32_t x, uint32_t y)",
      "xor eax, eax; stc; mov eax, esi; .byte 0xF3,0x0F,0x38,0xF6,0xC7; ret",
      holds: ["(= result (bvadd x y))"], fails: ["(= result (bvadd x y #x00000001))"]),
    Kernel(
      "66 0F 38 F6 adds with CF", .x86, "uint32_t f(uint32_t x, uint32_t y)",
      "xor eax, eax; stc; mov eax, esi; .byte 0x66,0x0F,0x38,0xF6,0xC7; ret",
      holds: ["(= result (bvadd x y #x00000001))"], fails: ["(= result (bvadd x y))"]),
    Kernel(
      "90 does nothing", .x86, "uint64_t f(uint64_t x)", "mov rax, rdi; .byte 0x90; ret",
      holds: ["(= result x)"]),
    Kernel(
      "87 C0 clears the upper half", .x86, "uint64_t f(uint64_t x)",
      "mov rax, rdi; .byte 0x87,0xC0; ret",
      holds: ["(= result (concat #x00000000 ((_ extract 31 0) x)))"], fails: ["(= result x)"]),
    Kernel(
      "41 90 exchanges r8", .x86,
      "uint64_t f(uint64_t a, uint64_t b, uint64_t c, uint64_t d, uint64_t e)",
      "mov rax, rdi; .byte 0x41,0x90; ret",
      holds: ["(= result (concat #x00000000 ((_ extract 31 0) e)))"], fails: ["(= result a)"]),
    Kernel(
      "63 without REX.W moves", .x86, "uint64_t f(uint64_t x)", ".byte 0x63,0xC7; ret",
      holds: ["(= result (concat #x00000000 ((_ extract 31 0) x)))"],
      fails: ["(= result ((_ sign_extend 32) ((_ extract 31 0) x)))"]),
    Kernel(
      "63 with REX.W extends the sign", .x86, "uint64_t f(uint64_t x)",
      ".byte 0x48,0x63,0xC7; ret",
      holds: ["(= result ((_ sign_extend 32) ((_ extract 31 0) x)))"]),
    Kernel(
      "REX.W wins over 66", .x86, "uint64_t f(uint64_t x)",
      "mov rax, rdi; .byte 0x66,0x48,0x05,0x0A,0,0,0; ret",
      holds: ["(= result (bvadd x #x000000000000000a))"],
      fails: ["(= ((_ extract 63 16) result) ((_ extract 63 16) x))"]),
    Kernel(
      "a REX before another prefix is void", .x86, "uint64_t f(uint64_t x)",
      "mov rax, rdi; .byte 0x48,0x66,0x05,0x0A,0; ret",
      verdict: .unsupported),
    Kernel(
      "a relative operand is an address", .x86, "uint64_t f(void)",
      "lea rax, [rip + 0x10]; ret", fails: ["(= result #x0000000000000010)"]),
    Kernel(
      "a relative load counts from the next instruction", .x86, "uint32_t f(void)",
      ".byte 0x8B,0x05,1,0,0,0; ret; .byte 0x2A,0,0,0, 0x2B",
      holds: ["(= result #x0000002a)"], fails: ["(= result #x00000001)"]),
    Kernel(
      "67 truncates the address", .x86, "uint32_t f(const uint32_t p[1])",
      ".byte 0x67,0x8B,0x07; ret", verdict: .refuted(.memory)),
    Kernel(
      "a jump into the middle of an instruction", .x86, "uint32_t f(void)",
      ".byte 0xEB,0x01, 0xB8,0x31,0xC0,0xC3,0x00,0x00,0xC3", holds: ["(= result #x00000000)"]),
    Kernel(
      "two readings of the same bytes", .x86, "uint32_t f(uint32_t x)",
      "test edi, edi; .byte 0x75,0x01, 0xB8,0x31,0xC0,0xC3,0x00, 0xC3",
      holds: ["(= result (ite (= x #x00000000) #x00c3c031 #x00000000))"],
      fails: ["(= result #x00c3c031)", "(= result #x00000000)"]),
    Kernel(
      "bytes after the last return are nothing", .x86, "uint32_t f(uint32_t x)",
      "mov eax, edi; ret; .byte 0x06,0xFF,0xFF", holds: ["(= result x)"]),
    Kernel(
      "falls off the end", .x86, "uint32_t f(uint32_t x)", "mov eax, edi", verdict: .unsupported),
    Kernel("truncated", .x86, "uint32_t f(void)", ".byte 0xB8,1,2", verdict: .unsupported),
    Kernel(
      "LOCK where it is illegal", .x86, "uint32_t f(void)", ".byte 0xF0,0x89,0xC0; ret",
      verdict: .unsupported),
    Kernel(
      "VEX.vvvv has to be 1111", .x86, "uint32_t f(uint32_t x)",
      ".byte 0xC4,0xE3,0x03,0xF0,0xC7,0x08; ret", verdict: .unsupported),
    Kernel(
      "RORX", .x86, "uint32_t f(uint32_t x)", ".byte 0xC4,0xE3,0x7B,0xF0,0xC7,0x08; ret",
      holds: ["(= result ((_ rotate_right 8) x))"], fails: ["(= result ((_ rotate_left 8) x))"]),
    Kernel(
      "sixteen bytes are no instruction", .x86, "void f(void)",
      ".byte 0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x66,0x90; ret",
      verdict: .unsupported),
    Kernel(
      "an indirect jump", .x86, "void f(uint64_t x)", ".byte 0x3E,0xFF,0xE7",
      verdict: .unsupported),
    Kernel(
      "a call outside", .x86, "void f(void)", ".byte 0xE8,0,0x10,0,0; ret",
      verdict: .unsupported),
  ]

  static let arm64: [Kernel] = [
    Kernel(
      "register 31 is XZR in shifted additions", .arm64, "uint64_t f(uint64_t x)",
      ".byte 0xE0,0x03,0x00,0x8B; ret", holds: ["(= result x)"]),
    Kernel(
      "register 31 is SP in extended additions", .arm64, "uint64_t f(uint64_t x)",
      ".byte 0xE0,0x63,0x20,0x8B; ret", fails: ["(= result x)"]),
    Kernel(
      "a comparison writes XZR and not SP", .arm64, "uint64_t f(uint64_t x)",
      "subs xzr, x0, #1; ret", holds: ["(= result x)"]),
    Kernel(
      "the same without S writes SP", .arm64, "uint64_t f(uint64_t x)",
      "sub sp, x0, #1; ret", verdict: .refuted(.abi)),
    Kernel(
      "EXTR takes its low bits from the second source", .arm64,
      "uint64_t f(uint64_t x, uint64_t y)", "extr x0, x0, x1, #8; ret",
      holds: ["(= result (concat ((_ extract 7 0) x) ((_ extract 63 8) y)))"],
      fails: ["(= result (concat ((_ extract 7 0) y) ((_ extract 63 8) x)))"]),
    Kernel(
      "MOVN of a W register", .arm64, "uint64_t f(void)", "movn w0, #0; ret",
      holds: ["(= result #x00000000ffffffff)"], fails: ["(= result #xffffffffffffffff)"]),
    Kernel(
      "MOVK of a W register", .arm64, "uint64_t f(uint64_t x)", "movk w0, #1; ret",
      holds: ["(= result (concat #x00000000 ((_ extract 31 16) x) #x0001))"],
      fails: ["(= ((_ extract 63 16) result) ((_ extract 63 16) x))"]),
    Kernel(
      "MOVZ clears the rest", .arm64, "uint64_t f(uint64_t x)", "movz w0, #1, lsl #16; ret",
      holds: ["(= result #x0000000000010000)"]),
    Kernel(
      "a bitmask that wraps around its element", .arm64, "uint64_t f(uint64_t x)",
      "and x0, x0, #0x8001800180018001; ret",
      holds: ["(= result (bvand x #x8001800180018001))"],
      fails: ["(= result (bvand x #x8000000000000001))"]),
    Kernel(
      "a bitmask of a W register", .arm64, "uint64_t f(uint64_t x)",
      "orr w0, w0, #0x80000001; ret",
      holds: ["(= result (concat #x00000000 (bvor ((_ extract 31 0) x) #x80000001)))"]),
    Kernel(
      "a reserved encoding", .arm64, "void f(void)", ".byte 0,0,0xC0,0x12; ret",
      verdict: .unsupported),
    Kernel(
      "a pair loaded into one register", .arm64, "void f(const uint64_t p[2], const uint64_t q[2])",
      ".byte 0x20,0x00,0x40,0xA9; ret", verdict: .unsupported),
    Kernel(
      "a write-back into the register loaded", .arm64, "void f(const uint64_t p[2])",
      ".byte 0x00,0x84,0x40,0xF8; ret", verdict: .unsupported),
    Kernel("falls off the end", .arm64, "uint32_t f(uint32_t x)", "nop", verdict: .unsupported),
    Kernel(
      "truncated", .arm64, "uint32_t f(uint32_t x)", ".byte 0xC0,0x03,0x5F", verdict: .unsupported),
  ]
}
