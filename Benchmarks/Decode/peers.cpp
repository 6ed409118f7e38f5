// Other disassemblers on the same offsets, for Benchmarks/decode.py:
//
//   peers sweep ISA CODE            the offsets of a linear sweep by LLVM, one a line
//   peers time ISA CODE OFFSETS     a line of name, nanoseconds an instruction and failures for each
//
// Operands are decoded, nothing is printed: LLVM makes an MCInst, Capstone its details.
#include <capstone/capstone.h>
#include <llvm/MC/MCAsmInfo.h>
#include <llvm/MC/MCContext.h>
#include <llvm/MC/MCDisassembler/MCDisassembler.h>
#include <llvm/MC/MCInst.h>
#include <llvm/MC/MCRegisterInfo.h>
#include <llvm/MC/MCSubtargetInfo.h>
#include <llvm/MC/TargetRegistry.h>
#include <llvm/Support/TargetSelect.h>
#if __has_include(<Zydis/Zydis.h>)
#include <Zydis/Zydis.h>
#endif

#include <cstdio>
#include <cstring>
#include <ctime>
#include <functional>
#include <memory>
#include <string>
#include <vector>

using Bytes = std::vector<uint8_t>;
using Decode = std::function<size_t(size_t offset)>;

static Bytes contents(const char *path) {
  Bytes result;
  if (FILE *file = fopen(path, "rb")) {
    uint8_t buffer[65536];
    while (size_t count = fread(buffer, 1, sizeof buffer, file))
      result.insert(result.end(), buffer, buffer + count);
    fclose(file);
  }
  return result;
}

/// LLVM's disassembler with all that it refers to.
struct LLVMDecoder {
  std::unique_ptr<llvm::MCRegisterInfo> registers;
  std::unique_ptr<llvm::MCAsmInfo> assembly;
  std::unique_ptr<llvm::MCSubtargetInfo> subtarget;
  std::unique_ptr<llvm::MCContext> context;
  std::unique_ptr<llvm::MCDisassembler> disassembler;

  explicit LLVMDecoder(bool arm) {
    llvm::InitializeAllTargetInfos();
    llvm::InitializeAllTargetMCs();
    llvm::InitializeAllDisassemblers();
    std::string error, name = arm ? "aarch64-linux-gnu" : "x86_64-linux-gnu";
    const llvm::Target *target = llvm::TargetRegistry::lookupTarget(name, error);
    registers.reset(target->createMCRegInfo(name));
    assembly.reset(target->createMCAsmInfo(*registers, name, llvm::MCTargetOptions()));
    subtarget.reset(target->createMCSubtargetInfo(
        name, "", arm ? "+v8.5a,+crypto,+sha3,+sm4,+sve2" : ""));
    context.reset(new llvm::MCContext(
        llvm::Triple(name), assembly.get(), registers.get(), subtarget.get()));
    disassembler.reset(target->createMCDisassembler(*subtarget, *context));
  }

  size_t operator()(const Bytes &code, size_t offset) {
    llvm::MCInst instruction;
    uint64_t size = 0;
    llvm::ArrayRef<uint8_t> bytes(code.data() + offset, code.size() - offset);
    auto status =
        disassembler->getInstruction(instruction, size, bytes, offset, llvm::nulls());
    return status == llvm::MCDisassembler::Success ? size : 0;
  }
};

/// The processor time that this process has taken, in nanoseconds.
static double processor_time() {
  timespec time;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

static void time(const char *name, const std::vector<uint32_t> &offsets, const Decode &decode) {
  size_t failures = 0;
  for (uint32_t offset : offsets) failures += decode(offset) == 0;
  double start = processor_time();
  for (uint32_t offset : offsets) decode(offset);
  double elapsed = processor_time() - start;
  printf("%s %.1f %zu\n", name, elapsed / offsets.size(), failures);
}

static void timeCapstone(bool arm, const Bytes &code, const std::vector<uint32_t> &offsets) {
  csh handle;
  if (cs_open(arm ? CS_ARCH_ARM64 : CS_ARCH_X86, arm ? CS_MODE_ARM : CS_MODE_64, &handle)) return;
  cs_option(handle, CS_OPT_DETAIL, CS_OPT_ON);
  cs_insn *instruction = cs_malloc(handle);
  time("Capstone", offsets, [&](size_t offset) -> size_t {
    const uint8_t *bytes = code.data() + offset;
    size_t count = code.size() - offset;
    uint64_t address = offset;
    return cs_disasm_iter(handle, &bytes, &count, &address, instruction) ? instruction->size : 0;
  });
}

#if __has_include(<Zydis/Zydis.h>)
static void timeZydis(const Bytes &code, const std::vector<uint32_t> &offsets) {
  ZydisDecoder decoder;
  ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64);
  time("Zydis", offsets, [&](size_t offset) -> size_t {
    ZydisDecodedInstruction instruction;
    ZydisDecodedOperand operands[ZYDIS_MAX_OPERAND_COUNT];
    return ZYAN_SUCCESS(ZydisDecoderDecodeFull(
               &decoder, code.data() + offset, code.size() - offset, &instruction, operands))
        ? instruction.length : 0;
  });
}
#endif

int main(int count, char **arguments) {
  if (count < 4) return 2;
  bool arm = !strcmp(arguments[2], "arm64");
  Bytes code = contents(arguments[3]);
  LLVMDecoder llvm(arm);
  if (!strcmp(arguments[1], "sweep")) {
    for (size_t offset = 0; offset < code.size();) {
      size_t size = llvm(code, offset);
      if (size) printf("%zu\n", offset);
      offset += size ? size : arm ? 4 : 1;
    }
    return 0;
  }
  if (count < 5) return 2;
  Bytes file = contents(arguments[4]);
  std::vector<uint32_t> offsets(file.size() / 4);
  memcpy(offsets.data(), file.data(), offsets.size() * 4);
  time("LLVM", offsets, [&](size_t offset) { return llvm(code, offset); });
  timeCapstone(arm, code, offsets);
#if __has_include(<Zydis/Zydis.h>)
  if (!arm) timeZydis(code, offsets);
#endif
}
