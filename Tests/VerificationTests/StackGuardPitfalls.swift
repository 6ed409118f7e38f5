/// The stack protector's guard, which is unknown and stays what it is.
enum StackGuardPitfalls {
  private static let entry = "sub rsp, 24; mov rax, fs:[40]; mov qword ptr [rsp + 8], rax"
  private static let exit =
    "mov rdx, qword ptr [rsp + 8]; sub rdx, fs:[40]; jne bad; add rsp, 24; ret; bad: ud2"

  static let kernels: [Kernel] = [
    Kernel(
      "a guard is found again", .x86, "uint32_t f(uint32_t x)",
      "\(entry); mov dword ptr [rsp + 4], edi; mov eax, dword ptr [rsp + 4]; \(exit)",
      holds: ["(= result x)"], fails: ["(= result #x00000000)"]),
    Kernel(
      "a guard is overwritten", .x86, "uint32_t f(uint32_t x)",
      "\(entry); mov qword ptr [rsp + 4], rdi; mov eax, dword ptr [rsp + 4]; \(exit)",
      verdict: .refuted(.faults)),
    Kernel(
      "a guard is no value that is known", .x86, "uint64_t f(uint32_t x)",
      "mov rax, fs:[40]; ret", verdict: .refuted(.independence)),
    Kernel(
      "a guard compared in all ways", .x86, "uint32_t f(uint32_t x)",
      "mov rax, fs:[40]; mov rcx, rax; cmp rax, fs:[40]; sete dl; cmp fs:[40], rcx; sete al;"
        + "and al, dl; movzx eax, al; xor rcx, fs:[40]; add rax, rcx; ret",
      holds: ["(= result #x00000001)"]),
    // What is random in a run is the same after so many instructions that terms are made anew.
    Kernel(
      "a guard at both ends of a long run", .x86, "uint32_t f(uint32_t x)",
      "mov rax, fs:[40]; mov ecx, 12000; next: imul edi, edi, 3; add edi, ecx; dec ecx; jnz next;"
        + "xor rax, fs:[40]; jne bad; ret; bad: ud2",
      verdict: .inconclusive("")),
  ]
}
