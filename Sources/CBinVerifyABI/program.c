/// The library as a program: libbinverify.so is its own worker, started by path.
///
/// `_start` is where the kernel's loader enters when the file is executed; a process that loads the
/// file as a library never comes here. The C library then runs the constructors and our `serve`.
#include "binverify.h"

#include <stdlib.h>

extern void binverify_serve_worker(void);
extern int __libc_start_main(
  int (*main)(int, char **, char **), int argc, char **argv, void (*init)(void),
  void (*fini)(void), void (*loader_fini)(void), void *stack_end);

static int serve(int argc, char **argv, char **environment) {
  (void)argc, (void)argv, (void)environment;
  binverify_serve_worker();
  return EXIT_FAILURE;
}

__attribute__((used, noreturn)) static void enter(long *stack, void (*loader_fini)(void)) {
  __libc_start_main(serve, (int)*stack, (char **)(stack + 1), NULL, NULL, loader_fini, stack);
  abort();
}

#if defined(__x86_64__)
__asm__(
  ".text\n.globl binverify_start\n.type binverify_start, @function\nbinverify_start:\n"
  "  xorl %ebp, %ebp\n  movq %rsp, %rdi\n  movq %rdx, %rsi\n  andq $-16, %rsp\n"
  "  call enter\n  hlt\n");
#elif defined(__aarch64__)
__asm__(
  ".text\n.globl binverify_start\n.type binverify_start, %function\nbinverify_start:\n"
  "  mov x29, #0\n  mov x30, #0\n  mov x1, x0\n  mov x0, sp\n  b enter\n");
#endif
