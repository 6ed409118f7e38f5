/// Where an ABI puts things at a call and what it promises at the return.
///
/// An object, since it is many lists and is asked for at every step of a run.
public final class CallingConvention: Sendable {
  /// Where the return address is at entry.
  public enum ReturnAddress: Sendable, Hashable {
    /// In the word at the stack pointer, which the return pops.
    case stack
    case register(Register)
  }

  public let name: String
  /// The 64-bit registers of integer and pointer arguments, in order.
  public let integerArguments: [Register]
  /// The 64-bit registers of an integer result, low half first.
  public let integerResults: [Register]
  /// The registers of floating-point and vector arguments, in order, at the width of the widest.
  public let vectorArguments: [Register]
  /// The registers of a floating-point or vector result, at the width of the widest.
  public let vectorResults: [Register]
  /// Whether a 128-bit argument starts at an even register (AAPCS64) or may start at any.
  public let wideArgumentsAreEven: Bool
  public let stackPointer: Register
  public let returnAddress: ReturnAddress
  /// What a callee leaves as it found it, the stack pointer not included.
  public let calleeSaved: [Register]
  /// The stack pointer at entry modulo 16.
  public let stackRemainder: UInt64
  /// How far the stack pointer at the return is above its value at entry, in bytes.
  public let poppedAtReturn: Int64
  /// The offset of the first stack argument from the stack pointer at entry, in bytes.
  public let firstStackArgument: Int64
  /// The bytes below the stack pointer that a function may use.
  public let redZone: Int64
  /// Flags with one value at entry and at the return.
  public let fixedFlags: [Flag: Bool]
  /// What a linker's veneer between a branch and its target may change.
  public let veneerRegisters: [Register]

  public init(
    name: String, integerArguments: [Register], integerResults: [Register],
    vectorArguments: [Register] = [], vectorResults: [Register] = [],
    wideArgumentsAreEven: Bool, stackPointer: Register, returnAddress: ReturnAddress,
    calleeSaved: [Register], stackRemainder: UInt64, poppedAtReturn: Int64,
    firstStackArgument: Int64, redZone: Int64, fixedFlags: [Flag: Bool],
    veneerRegisters: [Register] = []
  ) {
    self.name = name
    self.integerArguments = integerArguments
    self.integerResults = integerResults
    self.vectorArguments = vectorArguments
    self.vectorResults = vectorResults
    self.wideArgumentsAreEven = wideArgumentsAreEven
    self.stackPointer = stackPointer
    self.returnAddress = returnAddress
    self.calleeSaved = calleeSaved
    self.stackRemainder = stackRemainder
    self.poppedAtReturn = poppedAtReturn
    self.firstStackArgument = firstStackArgument
    self.redZone = redZone
    self.fixedFlags = fixedFlags
    self.veneerRegisters = veneerRegisters
  }
}
