/// What generated code must keep to. A plain value; how far each part is kept is told by
/// `CompiledDecoder.report`.
public struct DecodingConstraint: Codable, Hashable, Sendable {
  /// Where control may go besides to the next instruction and to the caller.
  public enum Branches: String, Codable, Hashable, Sendable {
    /// No jump, conditional branch, call or trap.
    case none
    /// Only later instructions of the code.
    case forward
    /// Any instruction of the code.
    case loops
    /// Anywhere: targets are not looked at.
    case unchecked
  }

  /// How far an address in a buffer may be known.
  public enum Addresses: String, Codable, Hashable, Sendable {
    /// A pointer plus a constant, within the buffer.
    case known
    /// A pointer plus anything: that it stays within the buffer is left to the proof.
    case anyOffset
  }

  /// The name of the instruction set: `x86-64` or `arm64`.
  public var isa: String
  /// The CPU, as `--cpu` names it; nil for every supported instruction.
  public var cpu: String?
  /// The only mnemonics allowed; nil for all.
  public var allowedMnemonics: Set<String>?
  public var deniedMnemonics: Set<String> = []
  /// The registers that instructions may touch, named or implied, at any width; nil for all. What a
  /// return needs is always allowed.
  public var allowedRegisters: Set<String>?
  /// Whether only instructions may stand in the code that take a time which does not depend on their data:
  /// those of the vendor's list (Intel's "Data Operand Independent Timing Instructions"; the Arm ARM's list
  /// of data-independent-time instructions, for PSTATE.DIT), and those that have no data. Branches and
  /// returns are the business of `branches`.
  public var onlyDataIndependentTiming = false
  /// Whether the last instruction has to be a return.
  public var endsInReturn = true
  public var branches = Branches.none
  /// Whether instructions may write memory.
  public var allowsStores = true
  /// Whether instructions may read memory.
  public var allowsLoads = true
  /// Whether instructions other than returns may change the stack pointer.
  public var allowsStackChanges = true
  /// Whether callee-saved registers may be written; false keeps them by never writing them.
  public var allowsCalleeSavedWrites = true
  public var maximumInstructions: Int?
  public var maximumBytes: Int?
  public var maximumTokens: Int?
  /// Whether only registers and flags with a value may be read, and `results` need one at the end.
  public var onlyDefinedReads = false
  /// Whether memory may be accessed only in `buffers`, the frame and the stack's arguments, at addresses
  /// that are a pointer from there plus a constant (see `addresses`). Where a return takes its address
  /// from the stack, the stack pointer has to be back there.
  public var onlyContractMemory = false
  /// Which addresses in `buffers` that allows.
  public var addresses = Addresses.known
  /// Whether the stack pointer stays at a known distance from where it was at entry, and is there again
  /// at the end.
  public var balancesStack = false
  /// Whether callee-saved registers hold at the end what they held at entry: they may be put aside in the
  /// frame and taken back.
  public var restoresCalleeSaved = false
  /// For code that is no function: the only registers that may change, at any width, and whether flags
  /// may; nil for what the calling convention says of functions. Looked at where `restoresCalleeSaved`.
  public var mayChange: [String]?
  public var flagsMayChange = true
  /// The most bytes of stack, below the stack pointer at entry, that may be in use, those of a red zone
  /// included; at most 65536.
  public var maximumFrame = 4096

  /// What has a value at entry besides the stack pointer and the pointers to `buffers`.
  public var definedAtEntry: [RegisterBits] = []
  /// What needs a value at the end.
  public var results: [RegisterBits] = []
  /// The memory that the code is given.
  public var buffers: [Buffer] = []
  /// Arguments on the stack.
  public var stackArguments: [StackBytes] = []
  /// The bytes of the stack's argument area, which the code may read where there is an argument, and
  /// write.
  public var stackArgumentBytes = 0

  public init(isa: String) { self.isa = isa }

  /// Whether the machine's state has to be followed.
  var isSemantic: Bool {
    onlyDefinedReads || onlyContractMemory || balancesStack || restoresCalleeSaved
      || branches == .forward || branches == .loops
  }
}

extension DecodingConstraint {
  /// The low bits of a register.
  public struct RegisterBits: Codable, Hashable, Sendable {
    /// The name of the register, at any width.
    public var register: String
    public var width: Int

    public init(_ register: String, _ width: Int) {
      self.register = register
      self.width = width
    }
  }

  /// Bytes above the stack pointer at entry.
  public struct StackBytes: Codable, Hashable, Sendable {
    public var offset: Int
    public var byteCount: Int

    public init(offset: Int, byteCount: Int) {
      self.offset = offset
      self.byteCount = byteCount
    }
  }

  /// Memory that a pointer at entry leads to.
  public struct Buffer: Codable, Hashable, Sendable {
    public var name: String
    /// The register that holds the pointer; nil if it is on the stack.
    public var register: String?
    /// Where the pointer is above the stack pointer at entry, if no register holds it.
    public var stackOffset: Int?
    /// The length; nil if it depends on an argument.
    public var byteCount: Int?
    public var isWritable: Bool

    public init(
      name: String, register: String? = nil, stackOffset: Int? = nil, byteCount: Int?,
      isWritable: Bool
    ) {
      self.name = name
      self.register = register
      self.stackOffset = stackOffset
      self.byteCount = byteCount
      self.isWritable = isWritable
    }
  }
}

/// How a part of a constraint is kept.
public enum Enforcement: Hashable, Sendable {
  /// The code that can be completed is exactly the code that keeps it.
  case enforced
  /// Whatever is completed keeps it, and some code that keeps it cannot be reached.
  case narrowed(String)
  /// Some code that does not keep it can be completed.
  case overApproximated(String)
  /// Not supported: a decoder with it is not made.
  case refused(String)
}

/// A part of a constraint and how it is kept.
public struct ConstraintReport: Hashable, Sendable {
  public let name: String
  public let enforcement: Enforcement
}

/// Why no decoder was made.
public struct DecoderError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) { self.description = description }
}
