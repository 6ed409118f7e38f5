import MachineModel
import Terms

/// The A64 instruction set of Armv8-A, little-endian, as code at EL0 sees it.
///
/// Source: Arm Architecture Reference Manual for A-profile (DDI 0487).
public struct ARM64: Architecture {
  let tables: Tables

  public init() { tables = Tables.shared }

  public var name: String { "arm64" }
  public var registerFile: RegisterFile { ARM64.registerFile }
  public var forms: [Form] { tables.forms }
  public var convention: CallingConvention { ARM64.convention }
  public var catalogue: CPUCatalogue { .arm64 }
  public var instructionAlignment: Int { 4 }

  public func register(named name: String) -> Register? {
    ARM64.registersByName[name.lowercased()]
  }

  public func flag(named name: String) -> Flag? {
    [ARM64.n, ARM64.z, ARM64.c, ARM64.v, ARM64.qc].first { $0.name == name.lowercased() }
  }

  // MARK: Words

  public func decode(
    _ bytes: RawSpan, at address: UInt64
  ) throws(DecodingError) -> Instruction {
    guard bytes.byteCount >= 4 else {
      throw DecodingError(
        .truncated, address: address, bytes: bytes,
        reason: "\(bytes.byteCount) of the four bytes of an instruction")
    }
    let word = bytes.unsafeLoadUnaligned(as: UInt32.self)
    return try decode(UInt32(littleEndian: word), at: address)
  }

  /// The instruction that `word` is.
  @inline(__always)
  package func decode(
    _ word: UInt32, at address: UInt64
  ) throws(DecodingError) -> Instruction {
    guard let (program, index) = tables.program(of: word) else {
      throw failure(word, at: address)
    }
    var instruction = Instruction(form: program.pointee.form, address: address, length: 4)
    if !RowProgram.read(program, word, at: address, tables.registers, into: &instruction.operands) {
      guard !program.pointee.isComplete,
        let operands = tables.layout(index).decode(word, at: address)
      else { throw failure(word, at: address) }
      instruction.operands = operands
    }
    if RowProgram.isUnpredictable(program, word) {
      let reason = tables.layout(index).unpredictable(word) ?? "UNPREDICTABLE"
      throw DecodingError(.invalid, address: address, bytes: ARM64.bytes(word), reason: reason)
    }
    instruction.annotation = RowProgram.annotation(program, word)
    return instruction
  }

  /// Whether `word` is of the row with this index and none of its fields is reserved. Whether its
  /// registers make it UNPREDICTABLE is not looked at.
  func isReadable(_ word: UInt32, as index: Int) -> Bool {
    guard let (program, found) = tables.program(of: word), found == index else { return false }
    var operands = Operands()
    return RowProgram.read(program, word, at: 0, tables.registers, into: &operands)
      || !program.pointee.isComplete && tables.layout(index).decode(word, at: 0) != nil
  }

  private func failure(_ word: UInt32, at address: UInt64) -> DecodingError {
    let bytes = ARM64.bytes(word)
    if let area = CompiledArea.all.first(where: { $0.diagram.matches(word) }) {
      return DecodingError(
        area.isUnpredictable ? .invalid : .unsupported, address: address, bytes: bytes,
        reason: area.title)
    }
    return DecodingError(
      .invalid, address: address, bytes: bytes, reason: "an unallocated or reserved encoding")
  }

  public func encode(_ instruction: Instruction) throws(AssemblyError) -> [UInt8] {
    ARM64.bytes(try word(of: instruction))
  }

  /// The word of an instruction.
  func word(of instruction: Instruction) throws(AssemblyError) -> UInt32 {
    let form = instruction.form
    guard form.index < tables.forms.count, tables.forms[form.index] == form else {
      throw AssemblyError(reason: "\(form.syntax) is no form of arm64")
    }
    let layout = tables.layout(form.index)
    guard instruction.operands.count == layout.operands.count else {
      throw AssemblyError(reason: "\(instruction.operands.count) operands for \(form.syntax)")
    }
    var word = layout.diagram.value
    for (kind, operand) in zip(layout.operands, instruction.operands) {
      try kind.encode(operand, into: &word, at: instruction.address)
    }
    try layout.checkLanes(Array(instruction.operands), word)
    return try layout.checked(layout.annotated(word, instruction.annotation))
  }

  private static func bytes(_ word: UInt32) -> [UInt8] {
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> $0) }
  }

  // MARK: Assembly

  public func text(of instruction: Instruction) -> String {
    guard let word = try? word(of: instruction) else { return instruction.form.syntax }
    let address = instruction.address
    for alias in PreferredAliases.shared.matching(word) {
      if let operands = alias.decode(word, at: address) {
        return alias.text(Array(operands), in: word)
      }
    }
    return tables.layout(instruction.form.index).text(Array(instruction.operands), in: word)
  }

  public func parse(
    _ line: String, at address: UInt64, labels: [String: UInt64]
  ) throws(AssemblyError) -> Instruction {
    let scanner = AssemblyScanner(line, at: address, labels: labels)
    let candidates = AssemblyTables.shared.candidates(for: scanner.mnemonic)
    guard !candidates.isEmpty else {
      throw AssemblyError(column: 1, reason: "unknown mnemonic \"\(scanner.mnemonic)\"")
    }
    var best: AssemblyError?
    for layout in candidates {
      do throws(AssemblyError) {
        let word = try layout.parse(scanner)
        do throws(DecodingError) {
          return try decode(word, at: address)
        } catch {
          throw AssemblyError(column: 1, reason: error.reason)
        }
      } catch {
        if error.column > best?.column ?? -1 { best = error }
      }
    }
    throw best ?? AssemblyError(column: 1, reason: "no such instruction")
  }

  // MARK: At random

  /// Encodings that only differ from the assembler's by bits that change nothing do not occur, so
  /// that the text says everything.
  public func randomInstruction(
    of form: Form, at address: UInt64, using random: inout any RandomNumberGenerator
  ) -> Instruction {
    let layout = tables.layout(form.index)
    let diagram = layout.diagram
    // In an order that does not depend on hashes, so that a seed means the same in every process.
    let fields = diagram.fields.values.sorted { $0.low < $1.low }
    while true {
      var word = diagram.value | UInt32.random(in: 0...UInt32.max, using: &random) & ~diagram.mask
      for field in fields where UInt8.random(in: 0...3, using: &random) == 0 {
        let edges: [UInt32] = [0, 1, field.mask, field.mask >> 1, field.mask >> 1 + 1]
        let value = edges[Int.random(in: 0..<edges.count, using: &random)]
        let free = ~diagram.mask >> UInt32(field.low)
        word = field.inserting(field.value(in: word) & ~free | value & free, into: word)
      }
      if diagram.matches(word), let instruction = try? decode(word, at: address),
        instruction.form == form, layout.isTold(instruction.annotation)
      {
        return instruction
      }
    }
  }
}
