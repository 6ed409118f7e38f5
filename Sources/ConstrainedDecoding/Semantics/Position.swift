/// Where a matcher stands that follows the machine's state: enough to decide everything that may follow.
struct Position: Hashable, Sendable {
  /// The state of the `CodeAutomaton`.
  var state: Int32 = CodeAutomaton.open
  /// One plus the upper half of a byte of which only that was read, else zero.
  var half: UInt8 = 0
  /// Whether the text just before is a space that another byte has to follow.
  var isAfterSpace = false
  /// Instructions completed, bytes completed, tokens read.
  var instructions: Int32 = 0
  var bytes: Int32 = 0
  var tokens: Int32 = 0
  /// The bytes to the end of the code by `plan` and what is known to follow.
  var rest: Int32 = 0
  /// What is known of the machine at the last boundary.
  var semantics: SemanticState?
  /// The bytes of the instruction that was begun, the first above the last, after a one.
  var begun: UInt128 = 1
  /// Bytes that are known to complete that instruction, the next one (of which a half may have been read)
  /// lowest, below a one; 1 where there are none.
  var plan: UInt128 = 1
}

/// A `Position` among the tables: the same in numbers, which hold until the tables are trimmed.
struct Place {
  /// That of the `InstructionTree`.
  var node = InstructionTree.root
  /// The state at the last boundary but one where `effect` is not negative, else at the last one.
  var slot: Int32
  /// The instruction that was completed just now, of which the state after it was not asked for yet.
  var effect: Int32 = -1
  /// Whether the automaton says that the last instruction may end the code.
  var isClosed = false
  var isAfterSpace = false
  /// As in `Position`.
  var half: UInt8 = 0
  var instructions: Int32 = 0
  var bytes: Int32 = 0
  var rest: Int32 = 0
  var plan: UInt128 = 1
}
