import BinVerify
import Contracts
import Testing

/// A counterexample tells what decides on it besides the arguments: registers that nothing defines, and what
/// stands above narrow arguments.
@Suite struct RegisterInfluenceTests {
  private static let deciding: [(kernel: Kernel, names: Set<String>)] = [
    (
      Kernel(
        "a register that nothing sets", .x86, "uint32_t f(uint32_t x)",
        "lea eax, [rdi + rcx]; ret", fails: ["(= result x)"]), ["rcx"]
    ),
    (
      Kernel(
        "a register that is set first", .x86, "uint32_t f(uint32_t x)",
        "xor ecx, ecx; lea eax, [rdi + rcx + 1]; ret", fails: ["(= result x)"]), []
    ),
    (
      Kernel(
        "a register that is put aside and brought back", .x86, "uint32_t f(uint32_t x)",
        "push rbx; mov ebx, edi; lea eax, [rbx + 1]; pop rbx; ret", fails: ["(= result x)"]), []
    ),
    (
      Kernel(
        "a flag at entry", .x86, "uint32_t f(uint32_t x)", "mov eax, edi; adc eax, 0; ret",
        fails: ["(= result x)"]), ["cf"]
    ),
    (
      Kernel(
        "two registers", .arm64, "uint32_t f(uint32_t x)", "add w0, w0, w9; eor w0, w0, w10; ret",
        fails: ["(= result x)"]), ["x9", "x10"]
    ),
    (
      Kernel(
        "an address at entry", .arm64, "uint64_t f(uint64_t x)", "ldr x0, [x9]; ret",
        verdict: .refuted(.memory)), ["x9"]
    ),
  ]

  @Test(arguments: deciding.indices) func namesWhatDecides(_ index: Int) throws {
    let (kernel, names) = Self.deciding[index]
    let (found, contract) = try counterexample(of: kernel)
    let influence = try RegisterInfluence(kernel.code(), kernel.isa.architecture, contract)
    let registers = influence.registers(of: found.input)
    #expect(Set(registers.map(\.name)) == names, "\(kernel.testDescription)")
    for register in registers {
      let file = kernel.isa.architecture.registerFile
      let cell = try #require(file.cells.first { file[$0].name == register.name })
      #expect(register.value == found.input.cells[cell.index])
    }
  }

  @Test(arguments: [
    (
      Kernel(
        "garbage in a register", .x86, "uint8_t f(uint8_t x)",
        "mov eax, edi; shr eax, 1; ret", fails: ["(= result (bvlshr x #x01))"]), "rdi"
    ),
    (
      Kernel(
        "garbage on the stack", .x86,
        "uint8_t f(int a, int b, int c, int d, int e, int g, uint8_t x)",
        "mov eax, dword ptr [rsp + 8]; shr eax, 1; ret", fails: ["(= result (bvlshr x #x01))"]),
      "stack slot"
    ),
    (
      Kernel(
        "garbage in a register", .arm64, "uint8_t f(uint8_t x)", "lsr w0, w0, #1; ret",
        fails: ["(= result (bvlshr x #x01))"]), "x0"
    ),
  ])
  func namesWhatHoldsNarrowArguments(_ kernel: Kernel, _ name: String) throws {
    let found = try counterexample(of: kernel).found
    let container = try #require(found.input.containers["x"])
    #expect(container.name == name)
    #expect(container.value.extracting(7, 0) == found.input.values["x"])
    #expect(container.value.extracting(63, 8).isZero == false)
    #expect(found.input.containers.keys.sorted() == ["x"])
  }

  private func counterexample(
    of kernel: Kernel
  ) throws -> (found: Counterexample, contract: Contract) {
    let contract = try Contract.parse(
      text: kernel.specification(#require(kernel.claims.first)), file: kernel.name)
    let report = try Verifier(
      code: kernel.code(), contract: contract, architecture: kernel.isa.architecture,
      solvers: .standard(), options: .short
    ).verify()
    guard case .refuted(let found) = report.verdict else {
      throw Unexpected(verdict: report.verdict)
    }
    return (found, contract)
  }

  private struct Unexpected: Error {
    let verdict: Verdict
  }
}
