import MachineModel

extension CallingConvention {
  /// System V AMD64: integer arguments and results, what a callee keeps, the stack at entry.
  static let systemV = CallingConvention(
    name: "System V AMD64",
    integerArguments: [.rdi, .rsi, .rdx, .rcx, X86Registers.bits64[8], X86Registers.bits64[9]],
    integerResults: [.rax, .rdx],
    vectorArguments: Array(VectorRegisters.bits512[0..<8]),
    vectorResults: Array(VectorRegisters.bits512[0..<2]),
    wideArgumentsAreEven: false,
    stackPointer: .rsp,
    returnAddress: .stack,
    calleeSaved: [.rbx, .rbp] + X86Registers.bits64[12...15],
    stackRemainder: 8,
    poppedAtReturn: 8,
    firstStackArgument: 8,
    redZone: 128,
    fixedFlags: [.df: false])
}
