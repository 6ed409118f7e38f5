// Runs the samples' kernels one at a time for run.py: reads a kernel's index, 32 registers and the arena from
// standard input, calls the kernel, and writes the signal it raised (or 0), the registers and the arena.
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>

enum { arena_size = 512, page = 4096 };

extern void *kernels[];

// Loads the registers of `in`, calls `kernel`, stores the registers to `out`. The stack pointer's slot of `out`
// becomes its difference over the call.
void call_kernel(void *kernel, const uint64_t *in, uint64_t *out);

uint64_t kept[4];

#if defined(__x86_64__)
__asm__(
    ".intel_syntax noprefix\n"
    ".text\n"
    "call_kernel:\n"
    "push rbx\n push rbp\n push r12\n push r13\n push r14\n push r15\n sub rsp, 8\n"
    "mov [kept], rdi\n mov [kept + 8], rdx\n mov [kept + 16], rsp\n"
    "mov rax, rsi\n"
    "mov rcx, [rax + 8]\n mov rdx, [rax + 16]\n mov rbx, [rax + 24]\n mov rbp, [rax + 40]\n"
    "mov rsi, [rax + 48]\n mov rdi, [rax + 56]\n mov r8, [rax + 64]\n mov r9, [rax + 72]\n"
    "mov r10, [rax + 80]\n mov r11, [rax + 88]\n mov r12, [rax + 96]\n mov r13, [rax + 104]\n"
    "mov r14, [rax + 112]\n mov r15, [rax + 120]\n mov rax, [rax]\n"
    "call [kept]\n"
    "mov [kept + 24], rax\n mov rax, [kept + 8]\n"
    "mov [rax + 8], rcx\n mov [rax + 16], rdx\n mov [rax + 24], rbx\n mov [rax + 40], rbp\n"
    "mov [rax + 48], rsi\n mov [rax + 56], rdi\n mov [rax + 64], r8\n mov [rax + 72], r9\n"
    "mov [rax + 80], r10\n mov [rax + 88], r11\n mov [rax + 96], r12\n mov [rax + 104], r13\n"
    "mov [rax + 112], r14\n mov [rax + 120], r15\n"
    "mov rcx, [kept + 24]\n mov [rax], rcx\n"
    "sub rsp, [kept + 16]\n mov [rax + 32], rsp\n mov rsp, [kept + 16]\n"
    "add rsp, 8\n pop r15\n pop r14\n pop r13\n pop r12\n pop rbp\n pop rbx\n ret\n"
    ".att_syntax\n");
#else
__asm__(
    ".text\n"
    "call_kernel:\n"
    "stp x29, x30, [sp, #-96]!\n stp x19, x20, [sp, #16]\n stp x21, x22, [sp, #32]\n"
    "stp x23, x24, [sp, #48]\n stp x25, x26, [sp, #64]\n stp x27, x28, [sp, #80]\n"
    "adrp x3, kept\n add x3, x3, :lo12:kept\n mov x4, sp\n stp x2, x4, [x3]\n"
    "mov x30, x0\n str x30, [x3, #16]\n mov x0, x1\n"
    "ldp x2, x3, [x0, #16]\n ldp x4, x5, [x0, #32]\n ldp x6, x7, [x0, #48]\n ldp x8, x9, [x0, #64]\n"
    "ldp x10, x11, [x0, #80]\n ldp x12, x13, [x0, #96]\n ldp x14, x15, [x0, #112]\n"
    "ldp x18, x19, [x0, #144]\n ldp x20, x21, [x0, #160]\n"
    "ldp x22, x23, [x0, #176]\n ldp x24, x25, [x0, #192]\n ldp x26, x27, [x0, #208]\n"
    "ldp x28, x29, [x0, #224]\n ldr x1, [x0, #8]\n ldr x0, [x0]\n"
    "adrp x17, kept\n add x17, x17, :lo12:kept\n ldr x17, [x17, #16]\n"
    "blr x17\n"
    "adrp x30, kept\n add x30, x30, :lo12:kept\n ldr x30, [x30]\n"
    "stp x0, x1, [x30]\n stp x2, x3, [x30, #16]\n stp x4, x5, [x30, #32]\n stp x6, x7, [x30, #48]\n"
    "stp x8, x9, [x30, #64]\n stp x10, x11, [x30, #80]\n stp x12, x13, [x30, #96]\n"
    "stp x14, x15, [x30, #112]\n stp x18, x19, [x30, #144]\n"
    "stp x20, x21, [x30, #160]\n stp x22, x23, [x30, #176]\n stp x24, x25, [x30, #192]\n"
    "stp x26, x27, [x30, #208]\n stp x28, x29, [x30, #224]\n"
    "adrp x3, kept\n add x3, x3, :lo12:kept\n ldr x4, [x3, #8]\n mov x5, sp\n sub x5, x5, x4\n"
    "str x5, [x30, #248]\n mov sp, x4\n"
    "ldp x19, x20, [sp, #16]\n ldp x21, x22, [sp, #32]\n ldp x23, x24, [sp, #48]\n"
    "ldp x25, x26, [sp, #64]\n ldp x27, x28, [sp, #80]\n ldp x29, x30, [sp], #96\n ret\n");
#endif

static sigjmp_buf back;

// Leaves the kernel that raised the signal. An access that the CPU refuses without naming a page, as an aligned
// instruction's to an odd address, is told as SIGBUS.
static void leave(int signal_number, siginfo_t *info, void *context) {
  (void)context;
  bool refused = signal_number == SIGSEGV && info->si_code == SI_KERNEL;
  siglongjmp(back, refused ? SIGBUS : signal_number);
}

// Maps the arena's page between two guard pages; the arena is its upper end.
static uint8_t *map_arena(void) {
  uint8_t *base = (uint8_t *)0x1ffff000;
  void *got = mmap(base, 3 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (got != base || mprotect(base + page, page, PROT_READ | PROT_WRITE) != 0) exit(1);
  return base + 2 * page - arena_size;
}

// Sends the signals that a kernel can raise to `leave`, on a stack of their own.
static void catch_signals(void) {
  static uint8_t stack[65536];
  stack_t own = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&own, NULL);
  struct sigaction action = {.sa_sigaction = leave, .sa_flags = SA_ONSTACK | SA_SIGINFO};
  int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGALRM};
  for (int i = 0; i < 5; i++) sigaction(signals[i], &action, NULL);
}

int main(void) {
  static uint64_t request[33], reply[33];
  uint8_t *arena = map_arena();
  catch_signals();
  while (fread(request, sizeof request, 1, stdin) == 1 && fread(arena, arena_size, 1, stdin) == 1) {
    struct itimerval limit = {.it_value = {.tv_sec = 1}}, none = {0};
    reply[0] = (uint64_t)sigsetjmp(back, 1);
    if (reply[0] == 0) {
      setitimer(ITIMER_REAL, &limit, NULL);
      call_kernel(kernels[request[0]], request + 1, reply + 1);
    }
    setitimer(ITIMER_REAL, &none, NULL);
    fwrite(reply, sizeof reply, 1, stdout);
    fwrite(arena, arena_size, 1, stdout);
    fflush(stdout);
  }
  return 0;
}
