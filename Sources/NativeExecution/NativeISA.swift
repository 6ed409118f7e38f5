/// An ISA whose code can be run, and the words of a state that it takes.
public enum NativeISA: String, Sendable, Hashable {
  /// General words: rax rcx rdx rbx rsp rbp rsi rdi r8–r15, then rflags (CF PF AF ZF SF DF OF only).
  case x86 = "x86-64"
  /// General words: x0–x30, sp, then NZCV in bits 31:28 and FPSR.QC in bit 27.
  case arm64

  /// The number of general registers, flags included; each takes a word.
  public var generalWordCount: Int {
    switch self {
    case .x86: 17
    case .arm64: 33
    }
  }

  /// The words of the vector registers: x86-64 32 slots of 64 bytes (what the CPU lacks is ignored),
  /// then k0–k7; ARM64 32 slots of 16 bytes.
  public var vectorWordCount: Int {
    switch self {
    case .x86: 32 * 8 + 8
    case .arm64: 32 * 2
    }
  }
}
