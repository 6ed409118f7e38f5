/// An instruction set: its tables, and what is derived from them.
public protocol Architecture: Sendable {
  /// `x86-64` or `arm64`.
  var name: String { get }
  var registerFile: RegisterFile { get }
  /// All rows of the tables, in order of `Form.index`.
  var forms: [Form] { get }
  var convention: CallingConvention { get }
  /// The alignment in bytes that every instruction has.
  var instructionAlignment: Int { get }

  /// The names of its CPUs and their features.
  var catalogue: CPUCatalogue { get }
  /// The CPU that it is restricted to; `any` unless it is.
  var cpu: CPUProfile { get }

  /// Whether the vendor's list says that the instructions of `form` take a time that does not depend on
  /// their data: the values of registers, flags and memory, addresses not included.
  func hasDataIndependentTiming(_ form: Form) -> Bool

  /// The register that a fragment or a line of assembly calls `name`, whatever its width.
  func register(named name: String) -> Register?

  /// The flag called `name`.
  func flag(named name: String) -> Flag?

  /// The instruction at the start of `bytes`, which stand at `address`.
  func decode(
    _ bytes: RawSpan, at address: UInt64
  ) throws(DecodingError) -> Instruction

  /// The bytes of an instruction; what `decode` reads back as the same instruction.
  func encode(_ instruction: Instruction) throws(AssemblyError) -> [UInt8]

  /// The instruction in the manual's assembly syntax.
  func text(of instruction: Instruction) -> String

  /// The instruction that one line of assembly stands for, at `address`; `labels` are the names
  /// that branches may use.
  func parse(
    _ line: String, at address: UInt64, labels: [String: UInt64]
  ) throws(AssemblyError) -> Instruction

  /// An instruction of `form` with operands chosen at random: every register, every addressing
  /// mode, immediates at their edges.
  func randomInstruction(
    of form: Form, at address: UInt64, using random: inout any RandomNumberGenerator
  ) -> Instruction

  /// The byte strings that `decode` reads as an instruction of `choice`; nil where the architecture
  /// cannot say.
  func automaton(of choice: InstructionChoice) -> InstructionAutomaton?
}

extension Architecture {
  /// The instruction at the start of `bytes`, which stand at `address`.
  public func decode(
    _ bytes: ArraySlice<UInt8>, at address: UInt64
  ) throws(DecodingError) -> Instruction {
    try decode(bytes.span.bytes, at: address)
  }

  /// No names: only `any` is known.
  public var catalogue: CPUCatalogue { CPUCatalogue(profiles: [], names: [:], implied: [:]) }
  public var cpu: CPUProfile { .any }
  /// Nothing is known.
  public func hasDataIndependentTiming(_ form: Form) -> Bool { false }
  public func automaton(of choice: InstructionChoice) -> InstructionAutomaton? { nil }
}
