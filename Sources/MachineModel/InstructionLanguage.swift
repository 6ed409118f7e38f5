/// Which byte strings are one instruction of an architecture: an automaton that its decoder and its
/// rows give, read a byte at a time.
///
/// A place stands for the bytes of an instruction read so far, without what can no longer matter.
/// The language is finite: every path ends after at most fifteen bytes.
public protocol InstructionLanguage: Sendable {
  associatedtype Place: Hashable & Sendable
  /// Before the first byte of an instruction.
  var start: Place { get }
  /// What one more byte leads to. A place that is reached may still have no way to an end.
  func step(_ place: Place, _ byte: UInt8) -> LanguageStep<Place>
  /// A number of bytes without which no instruction is completed from a place.
  func leastRest(_ place: Place) -> Int
}

/// What a byte of an instruction leads to.
public enum LanguageStep<Place: Hashable & Sendable>: Hashable, Sendable {
  /// No instruction begins so.
  case dead
  case inside(Place)
  /// The byte is the last one of an instruction, of whose form the choice says `label`.
  case end(label: Int)
}

/// A choice among the instructions of an architecture, for `Architecture.language`.
public struct InstructionChoice: Sendable {
  /// Whether instructions of a form are chosen where an operand is in memory (true) or none is.
  public let accepts: @Sendable (Form, _ hasMemory: Bool) -> Bool
  /// Whether an operand of a form may name a register or compute an address with it, which depends
  /// on the form and the register's cell alone; nil for any.
  public let register: (@Sendable (Form, Register) -> Bool)?
  /// What is to be known of an instruction's form at its end.
  public let label: @Sendable (Form) -> Int

  public init(
    accepts: @escaping @Sendable (Form, _ hasMemory: Bool) -> Bool,
    register: (@Sendable (Form, Register) -> Bool)? = nil,
    label: @escaping @Sendable (Form) -> Int = { _ in 0 }
  ) {
    self.accepts = accepts
    self.register = register
    self.label = label
  }

  /// Whether an instruction is chosen.
  public func contains(_ instruction: Instruction) -> Bool {
    var hasMemory = false
    for operand in instruction.operands {
      if case .memory = operand { hasMemory = true }
    }
    guard accepts(instruction.form, hasMemory) else { return false }
    guard let register else { return true }
    return instruction.operands.allSatisfy { operand in
      operand.registers.allSatisfy { register(instruction.form, $0) }
    }
  }
}

extension Operand {
  /// The registers that the operand names, those of an address included.
  public var registers: [Register] {
    switch self {
    case .register(let register), .modified(let register, _, _): [register]
    case .memory(let memory): [memory.base, memory.index].compactMap { $0 }
    case .immediate, .target, .code: []
    }
  }
}
