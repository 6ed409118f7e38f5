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
  /// Refused: whether only registers and flags with a value may be read.
  public var onlyDefinedReads = false
  /// Refused: whether addresses must come from the contract's buffers.
  public var onlyContractMemory = false

  public init(isa: String) { self.isa = isa }
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
