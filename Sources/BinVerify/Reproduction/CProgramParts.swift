/// The parts of a reproducing C program that are the same for every counterexample.
enum CProgramParts {
  static let prelude = """
    #include <signal.h>
    #include <stdint.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/mman.h>
    #include <unistd.h>

    struct region {
      uint64_t address;
      size_t size;
      const unsigned char *bytes;
      size_t used;
      int access;
    };

    """

  /// Mapping the regions, ending fragments, and showing values.
  static let memory = """
    static const uint64_t page = 4096;

    static uint64_t first_page(const struct region *r) { return r->address / page * page; }

    static uint64_t last_page(const struct region *r) {
      return (r->address + r->size + 15) / page * page; /* room for a way back */
    }

    static void map_regions(void) {
      const size_t count = sizeof regions / sizeof *regions;
      for (size_t i = 0; i < count; i++) {
        uint64_t start = first_page(&regions[i]), end = last_page(&regions[i]) + page;
        if (i > 0 && start <= last_page(&regions[i - 1])) start = last_page(&regions[i - 1]) + page;
        if (regions[i].access == (PROT_READ | PROT_WRITE) && !((regions[i].address + regions[i].size) % page))
          end = regions[i].address + regions[i].size; /* what follows faults */
        if (start >= end) continue;
        void *got = mmap((void *)start, end - start, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
        if (got != (void *)start) {
          fprintf(stderr, "0x%llx cannot be mapped\\n", (unsigned long long)start);
          exit(2);
        }
      }
      for (size_t i = 0; i < count; i++)
        memcpy((void *)regions[i].address, regions[i].bytes, regions[i].used);
      for (size_t i = 0; i < count; i++)
        if (regions[i].access & PROT_EXEC)
          mprotect((void *)first_page(&regions[i]), last_page(&regions[i]) + page - first_page(&regions[i]),
                   PROT_READ | PROT_WRITE | PROT_EXEC);
    }

    __attribute__((unused)) static void show(const char *what, const char *name, const unsigned char *bytes,
                                             size_t size, size_t count, int is_signed) {
      printf("%s: %s =", what, name);
      for (size_t i = 0; i < count; i++, bytes += size) {
        int64_t value = is_signed && bytes[size - 1] & 0x80 ? -1 : 0;
        memcpy(&value, bytes, size < 8 ? size : 8);
        if (size <= 8 && is_signed) printf(" %lld", (long long)value);
        if (size <= 8 && !is_signed) printf(" %llu", (unsigned long long)value);
        printf(size <= 8 ? " (0x" : " 0x");
        for (size_t b = size; b > 0; b--) printf("%02x", bytes[b - 1]);
        printf(size <= 8 ? ")" : "");
      }
      puts("");
    }

    """

  static let faults = """
    static void fault(int number, siginfo_t *info, void *context) {
      char text[100];
      int length = snprintf(text, sizeof text, "the code did: signal %d (%s), address %p\\n", number,
                            number == SIGALRM ? "still running" : strsignal(number),
                            number == SIGALRM ? NULL : info->si_addr);
      (void)context;
      _exit(write(1, text, (size_t)length) == length ? 1 : 2);
    }

    static void catch_faults(void) {
      static char stack[65536];
      const int numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGALRM};
      stack_t other = {.ss_sp = stack, .ss_size = sizeof stack};
      struct sigaction action = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
      sigaltstack(&other, NULL);
      for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
      fflush(stdout);
      alarm(5);
    }

    """

  /// Loads the registers, jumps to the code, and stores them when it comes back; the vector registers
  /// as well if `vectorWidth` is more than zero.
  static func trampolineX86(vectorWidth: Int) -> String {
    let names = [
      "rax", "rcx", "rdx", "rbx", "rsp", "rbp", "rsi", "rdi", "r8", "r9", "r10", "r11", "r12",
      "r13",
      "r14", "r15",
    ]
    func line(_ text: String) -> String { "    \"\(text)\\n\"" }
    let saved = ["rbx", "rbp", "r12", "r13", "r14", "r15"]
    var lines = ["__asm__(", line(".text"), line("run_kernel:")]
    lines += saved.map { line("  push %\($0)") }
    lines += [
      line("  mov %rsp, host_stack(%rip)"), line("  push registers+128(%rip)"), line("  popfq"),
    ]
    let vectors = vectorMoves(vectorWidth)
    lines += vectors.map { line("  \($0.name) \($0.memory), \($0.register)") }
    for (index, name) in names.enumerated() where name != "rsp" {
      lines.append(line("  mov registers+\(index * 8)(%rip), %\(name)"))
    }
    lines += [
      line("  mov registers+32(%rip), %rsp"), line("  jmp *entry(%rip)"),
      line(".globl after_kernel"), line("after_kernel:"),
    ]
    lines += vectors.map { line("  \($0.name) \($0.register), \($0.memory)") }
    for (index, name) in names.enumerated() {
      lines.append(line("  mov %\(name), registers+\(index * 8)(%rip)"))
    }
    lines += [
      line("  mov host_stack(%rip), %rsp"), line("  pushfq"), line("  pop registers+128(%rip)"),
      line("  cld"),
    ]
    lines += saved.reversed().map { line("  pop %\($0)") }
    lines += [line("  ret"), ");", ""]
    let wayBack = """
      __attribute__((unused)) static void return_from(uint64_t end) {
        static const unsigned char jump[] = {0xff, 0x25, 0, 0, 0, 0};
        uint64_t target = (uint64_t)after_kernel;
        memcpy((void *)end, jump, sizeof jump);
        memcpy((void *)(end + sizeof jump), &target, sizeof target);
      }

      """
    return lines.joined(separator: "\n") + "\n" + wayBack
  }

  /// The moves of the vector registers as far as values of `width` bits reach.
  private static func vectorMoves(
    _ width: Int
  ) -> [(name: String, memory: String, register: String)] {
    if width == 0 { return [] }
    let (name, prefix) =
      width <= 128 ? ("movups", "x") : width == 256 ? ("vmovups", "y") : ("vmovups", "z")
    return (0..<16).map { (name, "vectors+\($0 * 64)(%rip)", "%\(prefix)mm\($0)") }
  }

  /// The same for ARM64, where x16 is the way to the code and back.
  static func trampolineARM64(hasVectors: Bool) -> String {
    func line(_ text: String) -> String { "    \"\(text)\\n\"" }
    func address(_ symbol: String) -> [String] {
      [line("  adrp x16, \(symbol)"), line("  add x16, x16, :lo12:\(symbol)")]
    }
    let pairs = stride(from: 0, to: 30, by: 2).filter { $0 != 16 }
    let saved = stride(from: 19, to: 31, by: 2)
    func vectors(_ name: String) -> [String] {
      guard hasVectors else { return [] }
      return address("vectors")
        + stride(from: 0, to: 32, by: 2).map {
          line("  \(name) q\($0), q\($0 + 1), [x16, #\($0 * 16)]")
        }
    }
    func lowHalves(_ name: String) -> [String] {
      stride(from: 8, to: 16, by: 2).map {
        line("  \(name) d\($0), d\($0 + 1), [sp, #\(96 + ($0 - 8) * 8)]")
      }
    }
    var lines = ["__asm__(", line(".text"), line("run_kernel:"), line("  sub sp, sp, #160")]
    lines += saved.map { line("  stp x\($0), x\($0 + 1), [sp, #\(($0 - 19) * 8)]") }
    lines += lowHalves("stp")
    lines += address("host_stack") + [line("  mov x9, sp"), line("  str x9, [x16]")]
    lines += vectors("ldp") + address("registers")
    lines += [
      line("  ldr x9, [x16, #256]"), line("  msr nzcv, x9"), line("  ldr x9, [x16, #248]"),
      line("  mov sp, x9"), line("  ldr x30, [x16, #240]"), line("  ldr x17, [x16, #136]"),
    ]
    lines += pairs.map { line("  ldp x\($0), x\($0 + 1), [x16, #\($0 * 8)]") }
    lines += address("entry") + [line("  ldr x16, [x16]"), line("  br x16")]
    lines += [line(".globl after_kernel"), line("after_kernel:")] + address("registers")
    lines += pairs.map { line("  stp x\($0), x\($0 + 1), [x16, #\($0 * 8)]") }
    lines += [
      line("  str x17, [x16, #136]"), line("  str x30, [x16, #240]"), line("  mov x9, sp"),
      line("  str x9, [x16, #248]"), line("  mrs x9, nzcv"), line("  str x9, [x16, #256]"),
    ]
    lines += vectors("stp")
    lines += address("host_stack") + [line("  ldr x9, [x16]"), line("  mov sp, x9")]
    lines += lowHalves("ldp")
    lines += saved.map { line("  ldp x\($0), x\($0 + 1), [sp, #\(($0 - 19) * 8)]") }
    lines += [line("  add sp, sp, #160"), line("  ret"), ");", ""]
    let wayBack = """
      __attribute__((unused)) static void return_from(uint64_t end) {
        static const uint32_t jump[] = {0x58000050, 0xd61f0200}; /* ldr x16, .+8; br x16 */
        uint64_t target = (uint64_t)after_kernel;
        memcpy((void *)end, jump, sizeof jump);
        memcpy((void *)(end + sizeof jump), &target, sizeof target);
        __builtin___clear_cache((char *)end, (char *)end + 16);
      }

      """
    return lines.joined(separator: "\n") + "\n" + wayBack
  }
}
