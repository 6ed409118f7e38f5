import MachineModel

/// x86-64: the 64-bit mode of Intel 64 and AMD64, as the Intel SDM, volumes 1 and 2, describes it.
public struct X86: Architecture {
  public let name = "x86-64"
  public let instructionAlignment = 1
  let tables = Tables.shared

  public init() {}

  public var registerFile: RegisterFile { X86Registers.file }
  public var forms: [Form] { tables.forms }
  public var convention: CallingConvention { .systemV }
  public var catalogue: CPUCatalogue { .x86 }

  public func register(named name: String) -> Register? {
    X86Registers.byName[name.lowercased()]
  }

  public func flag(named name: String) -> Flag? {
    let lower = name.lowercased()
    return X86Registers.flags.first { $0.name == lower }
  }

  public func decode(
    _ bytes: RawSpan, at address: UInt64
  ) throws(DecodingError) -> Instruction {
    var decoder = Decoder(bytes, at: address, tables: tables)
    do {
      let form = try decoder.readForm()
      var instruction = Instruction(form: tables.rows[form], address: address)
      try decoder.readOperands(of: form, into: &instruction.operands)
      instruction.length = decoder.cursor.position
      instruction.annotation = decoder.layout.annotation
      return instruction
    } catch {
      throw DecodingError(error.kind, address: address, bytes: bytes, reason: error.reason)
    }
  }

  public func encode(_ instruction: Instruction) throws(AssemblyError) -> [UInt8] {
    try Encoder.encode(instruction, tables.patterns[instruction.form.index])
  }
}

extension X86 {
  public func text(of instruction: Instruction) -> String {
    Printer(
      instruction: instruction, pattern: tables.patterns[instruction.form.index]
    ).text
  }

  public func parse(
    _ line: String, at address: UInt64, labels: [String: UInt64]
  ) throws(AssemblyError) -> Instruction {
    let line = try Line(line, labels: labels)
    return try Assembler(tables: tables, address: address, line: line).assemble()
  }

  public func randomInstruction(
    of form: Form, at address: UInt64, using random: inout any RandomNumberGenerator
  ) -> Instruction {
    let pattern = tables.patterns[form.index]
    while true {
      var choice = RandomOperands(pattern: pattern, address: address)
      let draft = Instruction(
        form: form, operands: choice.operands(using: &random), address: address, length: 0)
      // A high byte register next to one that needs REX has no encoding: choose again.
      guard let bytes = try? encode(draft) else { continue }
      return Instruction(
        form: form, operands: draft.operands, address: address, length: bytes.count)
    }
  }
}
