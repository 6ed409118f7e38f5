/// An architecture without the instructions that a CPU does not have.
///
/// Bytes that are such an instruction are refused where they are decoded, and so is its assembly, so
/// that whatever reads code through `Architecture` keeps to the CPU.
public struct RestrictedArchitecture: Architecture {
  private let base: any Architecture
  public let cpu: CPUProfile

  fileprivate init(_ base: any Architecture, _ cpu: CPUProfile) {
    self.base = base
    self.cpu = cpu
  }

  public var name: String { base.name }
  public var registerFile: RegisterFile { base.registerFile }
  /// All rows, those that the CPU does not have included, so that a form's index is its place.
  public var forms: [Form] { base.forms }
  public var convention: CallingConvention { base.convention }
  public var instructionAlignment: Int { base.instructionAlignment }
  public var catalogue: CPUCatalogue { base.catalogue }

  public func hasDataIndependentTiming(_ form: Form) -> Bool { base.hasDataIndependentTiming(form) }

  public func register(named name: String) -> Register? { base.register(named: name) }

  public func flag(named name: String) -> Flag? { base.flag(named: name) }

  public func decode(
    _ bytes: RawSpan, at address: UInt64
  ) throws(DecodingError) -> Instruction {
    let instruction = try base.decode(bytes, at: address)
    if let reason = refusal(of: instruction) {
      throw DecodingError(
        .unsupported, address: address, bytes: bytes.extracting(first: instruction.length),
        reason: reason)
    }
    return instruction
  }

  public func encode(_ instruction: Instruction) throws(AssemblyError) -> [UInt8] {
    if let reason = refusal(of: instruction) { throw AssemblyError(reason: reason) }
    return try base.encode(instruction)
  }

  public func text(of instruction: Instruction) -> String { base.text(of: instruction) }

  public func parse(
    _ line: String, at address: UInt64, labels: [String: UInt64]
  ) throws(AssemblyError) -> Instruction {
    let instruction = try base.parse(line, at: address, labels: labels)
    if let reason = refusal(of: instruction) { throw AssemblyError(column: 1, reason: reason) }
    return instruction
  }

  public func randomInstruction(
    of form: Form, at address: UInt64, using random: inout any RandomNumberGenerator
  ) -> Instruction {
    base.randomInstruction(of: form, at: address, using: &random)
  }

  public func automaton(of choice: InstructionChoice) -> InstructionAutomaton? {
    let cpu = cpu
    return base.automaton(
      of: InstructionChoice(
        accepts: { cpu.accepts($0) && choice.accepts($0, $1) }, register: choice.register,
        label: choice.label))
  }

  /// Why the CPU does not have an instruction; nil if it does.
  private func refusal(of instruction: Instruction) -> String? {
    let missing = cpu.missing(for: instruction.form)
    if missing.isEmpty { return nil }
    return "\(text(of: instruction)) needs \(missing.joined(separator: " and ")), which "
      + "\(cpu.name) does not have"
  }
}

extension Architecture {
  /// This architecture with the instructions that `cpu` has.
  public func restricted(to cpu: CPUProfile) -> any Architecture {
    cpu.features == nil ? self : RestrictedArchitecture(self, cpu)
  }
}
