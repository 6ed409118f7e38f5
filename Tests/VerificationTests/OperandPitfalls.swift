import Testing

/// Widths, shifts, operands that overlap, and division.
struct OperandPitfalls {
  static let widths: [Kernel] = [
    Kernel(
      "CMOV clears the upper half when its condition is false", .x86,
      "uint64_t f(uint64_t x, uint64_t y)", "mov rax, rdi; cmp edi, edi; cmovne eax, esi; ret",
      holds: ["(= result (concat #x00000000 ((_ extract 31 0) x)))"], fails: ["(= result x)"]),
    Kernel(
      "a shift by 0 clears the upper half", .x86, "uint64_t f(uint64_t x)",
      "mov rax, rdi; .byte 0xC1,0xE0,0x00; ret",
      holds: ["(= result (concat #x00000000 ((_ extract 31 0) x)))"], fails: ["(= result x)"]),
    Kernel(
      "an 8-bit write keeps the rest", .x86, "uint64_t f(uint64_t x)",
      "mov rax, rdi; mov al, 0; ret", holds: ["(= result (concat ((_ extract 63 8) x) #x00))"],
      fails: ["(= result #x0000000000000000)"]),
    Kernel(
      "a 16-bit write keeps the rest", .x86, "uint64_t f(uint64_t x)",
      "mov rax, rdi; xor ax, ax; ret", holds: ["(= result (concat ((_ extract 63 16) x) #x0000))"],
      fails: ["(= result #x0000000000000000)"]),
    Kernel(
      "AH is bits 15 to 8", .x86, "uint64_t f(uint64_t x)", "mov rax, rdi; mov ah, 0; ret",
      holds: ["(= result (concat ((_ extract 63 16) x) #x00 ((_ extract 7 0) x)))"],
      fails: ["(= result (concat ((_ extract 63 8) x) #x00))"]),
    Kernel(
      "the parity of AH is that of its own bits", .x86, "uint8_t f(uint64_t x)",
      "mov rax, rdi; test ah, ah; setp al; ret", requires: "(= ((_ extract 15 8) x) #x01)",
      holds: ["(= result #x00)"], fails: ["(= result #x01)"]),
    Kernel(
      "an immediate extends its sign", .x86, "uint64_t f(uint64_t x)",
      "mov rax, rdi; .byte 0x48,0x83,0xC0,0xFF; ret",
      holds: ["(= result (bvsub x #x0000000000000001))"],
      fails: ["(= result (bvadd x #x00000000000000ff))"]),
    Kernel(
      "a 32-bit immediate extends its sign", .x86, "uint64_t f(void)",
      ".byte 0x48,0xC7,0xC0,0xFF,0xFF,0xFF,0xFF; ret", holds: ["(= result #xffffffffffffffff)"],
      fails: ["(= result #x00000000ffffffff)"]),
    Kernel(
      "a W register's result clears the upper half", .arm64, "uint64_t f(uint64_t x, uint64_t y)",
      "add w0, w0, w1; ret", holds: ["(= ((_ extract 63 32) result) #x00000000)"],
      fails: ["(= result (bvadd x y))"]),
    Kernel(
      "LDRSB into a W register clears the upper half", .arm64, "uint64_t f(const int8_t p[1])",
      "ldrsb w0, [x0]; ret", holds: ["(= ((_ extract 63 32) result) #x00000000)"],
      fails: ["(= result ((_ sign_extend 56) (select p #x0000000000000000)))"]),
    Kernel(
      "CSEL of W registers", .arm64, "uint64_t f(uint64_t x, uint64_t y)",
      "cmp w0, w0; csel w0, w0, w1, eq; ret",
      holds: ["(= result (concat #x00000000 ((_ extract 31 0) x)))"], fails: ["(= result x)"]),
  ]

  private static let masked = "(bvand y #x0000001f)"

  static let shifts: [Kernel] = [
    Kernel(
      "a count is taken modulo 32", .x86, "uint32_t f(uint32_t x, uint32_t y)",
      "mov eax, edi; mov ecx, esi; shl eax, cl; ret",
      holds: ["(= result (bvshl x \(masked)))"], fails: ["(= result (bvshl x y))"]),
    Kernel(
      "a count of bytes is taken modulo 32 as well", .x86, "uint8_t f(uint8_t x, uint8_t y)",
      "mov eax, edi; mov ecx, esi; shr al, cl; ret",
      holds: ["(= result (bvlshr x (bvand y #x1f)))"],
      fails: ["(= result (bvlshr x (bvand y #x07)))", "(= result (bvlshr x y))"]),
    Kernel(
      "SAR of a byte by more than 7", .x86, "int8_t f(int8_t x)",
      "mov eax, edi; sar al, 31; ret",
      holds: ["(= result (ite (bvslt x #x00) #xff #x00))"], fails: ["(= result #x00)"]),
    Kernel(
      "a masked count of 0 changes no flag", .x86, "uint8_t f(uint32_t x, uint32_t y)",
      "mov ecx, esi; mov eax, 5; cmp edi, edi; shl eax, cl; setz al; ret",
      requires: "(= \(masked) #x00000000)", holds: ["(= result #x01)"],
      fails: ["(= result #x00)"]),
    Kernel(
      "RCL of a byte rotates modulo 9", .x86, "uint8_t f(uint8_t x)",
      "mov eax, edi; mov ecx, 9; stc; rcl al, cl; ret", holds: ["(= result x)"],
      fails: ["(= result (concat ((_ extract 6 0) x) #b1))"]),
    Kernel(
      "RCR of a word rotates modulo 17", .x86, "uint16_t f(uint16_t x)",
      "mov eax, edi; mov ecx, 17; clc; rcr ax, cl; ret", holds: ["(= result x)"],
      fails: ["(= result (bvlshr x #x0001))"]),
    Kernel(
      "OF is undefined for a count of 2", .x86, "uint8_t f(uint32_t x)",
      "shl edi, 2; seto al; ret", verdict: .refuted(.independence)),
    Kernel(
      "OF is defined for a count of 1", .x86, "uint8_t f(uint32_t x)", "shl edi, 1; seto al; ret",
      holds: [
        "(= result (ite (= ((_ extract 31 31) x) ((_ extract 30 30) x)) #x00 #x01))"
      ]),
    Kernel(
      "CF is undefined when the count reaches the size", .x86, "uint8_t f(uint8_t x)",
      "mov eax, edi; shl al, 9; setc al; ret", verdict: .refuted(.independence)),
    Kernel(
      "SHLD of 16 bits by more than 16", .x86, "uint16_t f(uint16_t x, uint16_t y)",
      "mov eax, edi; mov ecx, 17; shld ax, si, cl; ret", verdict: .refuted(.independence)),
    Kernel(
      "LSLV takes the count modulo 32", .arm64, "uint32_t f(uint32_t x, uint32_t y)",
      "lsl w0, w0, w1; ret", holds: ["(= result (bvshl x \(masked)))"],
      fails: ["(= result (bvshl x y))"]),
    Kernel(
      "ASRV takes the count modulo 64", .arm64, "int64_t f(int64_t x, uint64_t y)",
      "asr x0, x0, x1; ret", holds: ["(= result (bvashr x (bvand y #x000000000000003f)))"],
      fails: ["(= result (bvashr x y))"]),
  ]

  static let overlap: [Kernel] = [
    Kernel(
      "the count is the old value", .x86, "uint32_t f(uint32_t x)",
      "mov ecx, edi; shl ecx, cl; mov eax, ecx; ret",
      holds: ["(= result (bvshl x (bvand x #x0000001f)))"], fails: ["(= result x)"]),
    Kernel(
      "MULX with one destination keeps the high half", .x86, "uint32_t f(uint32_t x)",
      "mov edx, 0x10000; .byte 0xC4,0xE2,0x7B,0xF6,0xC7; ret",
      holds: ["(= result (bvlshr x #x00000010))"], fails: ["(= result (bvshl x #x00000010))"]),
    Kernel(
      "PUSH of rsp stores its old value", .x86, "uint64_t f(void)",
      "mov rcx, rsp; push rsp; pop rax; sub rax, rcx; ret",
      holds: ["(= result #x0000000000000000)"], fails: ["(= result #xfffffffffffffff8)"]),
    Kernel(
      "POP to [rsp] stores at the new address", .x86, "uint64_t f(uint64_t x, uint64_t y)",
      "push rdi; push rsi; pop qword ptr [rsp]; pop rax; ret", holds: ["(= result y)"],
      fails: ["(= result x)"]),
    Kernel(
      "ADC of a register with itself", .x86, "uint32_t f(uint32_t x)",
      "mov eax, edi; stc; adc eax, eax; ret",
      holds: ["(= result (bvadd (bvshl x #x00000001) #x00000001))"]),
    Kernel(
      "LDP into its base", .arm64, "uint64_t f(const uint64_t p[2])",
      "ldp x0, x1, [x0]; mov x0, x1; ret",
      holds: ["(= result (select p #x0000000000000001))"],
      fails: ["(= result (select p #x0000000000000000))"]),
    Kernel(
      "flags come from the old operands", .arm64, "uint64_t f(uint64_t x, uint64_t y)",
      "subs x0, x0, x1; cset x0, lo; ret",
      holds: ["(= result (ite (bvult x y) #x0000000000000001 #x0000000000000000))"]),
  ]

  static let division: [Kernel] = [
    Kernel(
      "DIV by zero faults", .x86, "uint32_t f(uint32_t x, uint32_t y)",
      "mov eax, edi; xor edx, edx; div esi; ret", verdict: .refuted(.faults)),
    Kernel(
      "DIV", .x86, "uint32_t f(uint32_t x, uint32_t y)",
      "mov eax, edi; xor edx, edx; div esi; ret", requires: "(distinct y #x00000000)",
      holds: ["(= result (bvudiv x y))"]),
    Kernel(
      "DIV of more than the quotient holds faults", .x86, "uint8_t f(uint16_t x, uint8_t y)",
      "mov eax, edi; div sil; ret", requires: "(distinct y #x00)", verdict: .refuted(.faults)),
    Kernel(
      "IDIV of the minimum by -1 faults", .x86, "int32_t f(int32_t x, int32_t y)",
      "mov eax, edi; cdq; idiv esi; ret", requires: "(distinct y #x00000000)",
      verdict: .refuted(.faults)),
    Kernel(
      "IDIV's remainder has the sign of the dividend", .x86, "int8_t f(int8_t x, int8_t y)",
      "movsx eax, dil; idiv sil; mov al, ah; ret",
      requires: "(and (distinct y #x00) (distinct y #xff))", holds: ["(= result (bvsrem x y))"],
      fails: ["(= result (bvsmod x y))"]),
    Kernel(
      "UDIV by zero is zero", .arm64, "uint32_t f(uint32_t x, uint32_t y)",
      "udiv w0, w0, w1; ret",
      holds: ["(= result (ite (= y #x00000000) #x00000000 (bvudiv x y)))"],
      fails: ["(= result (bvudiv x y))"]),
    Kernel(
      "SDIV of the minimum by -1 wraps", .arm64, "int64_t f(int64_t x, int64_t y)",
      "sdiv x0, x0, x1; ret",
      requires: "(and (= x #x8000000000000000) (= y #xffffffffffffffff))",
      holds: ["(= result x)"], fails: ["(= result #x7fffffffffffffff)"]),
  ]
}
