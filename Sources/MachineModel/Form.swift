/// One form of an instruction: a row of the tables.
///
/// Everything about the form follows from its two strings, in the manual's own notation, and from
/// its family. How they are read is the business of the ISA's target.
///
/// It is the address of the row, which lives as long as the process: so instructions are copied
/// without counting references. Forms are equal if they are the same row.
public struct Form: Hashable, @unchecked Sendable {
  /// Never freed, and never written after the form is made.
  private let row: UnsafePointer<FormRow>

  public init(
    syntax: String, encoding: String, family: Family, feature: String = "", tier: String? = nil,
    index: Int
  ) {
    let row = UnsafeMutablePointer<FormRow>.allocate(capacity: 1)
    row.initialize(
      to: FormRow(
        syntax: syntax, encoding: encoding, family: family, feature: feature,
        tier: tier ?? family.tier, index: index))
    self.row = UnsafePointer(row)
  }

  /// Mnemonic and operands: `adc r/m32, imm8`.
  public var syntax: String { row.pointee.syntax }
  /// The encoding: an opcode column of the Intel SDM, or a bit diagram of the Arm ARM.
  public var encoding: String { row.pointee.encoding }
  public var family: Family { row.pointee.family }
  /// The CPU feature that the form needs, by the manual's name (`AVX2`, `FEAT_LSE`); empty for
  /// what every CPU of the architecture has.
  public var feature: String { row.pointee.feature }
  /// The tier of the plan it belongs to: its family's, unless its encoding belongs to another.
  public var tier: String { row.pointee.tier }
  /// The position in the architecture's list of forms.
  public var index: Int { row.pointee.index }
  /// The first word of the syntax.
  public var mnemonic: String { String(syntax.prefix { $0 != " " }) }
}

/// What a form says.
private struct FormRow {
  let syntax: String
  let encoding: String
  let family: Family
  let feature: String
  let tier: String
  let index: Int
}

/// What the forms of one manual entry share: what they do.
///
/// A class, since tables hand families about that have a dozen references.
public final class Family: Sendable {
  /// The entry in words: "ADC: add with carry".
  public let title: String
  /// Where the manual says so: "Intel SDM, volume 2, ADC".
  public let source: String
  /// The tier of the plan it belongs to: "T1", "A1".
  public let tier: String
  public let flags: FlagEffects
  public let flow: Flow
  /// What executing the instruction does to a state. On entry, `state.nextInstruction` is already
  /// the address after the instruction.
  public let execute: @Sendable (Instruction, inout MachineState) -> Void

  public init(
    title: String, source: String, tier: String, flags: FlagEffects = FlagEffects(),
    flow: Flow = .sequential,
    execute: @escaping @Sendable (Instruction, inout MachineState) -> Void
  ) {
    self.title = title
    self.source = source
    self.tier = tier
    self.flags = flags
    self.flow = flow
    self.execute = execute
  }
}

/// The flags that a family reads, sets to a defined value, and may leave undefined.
public struct FlagEffects: Sendable, Hashable {
  public let reads: Set<Flag>
  public let writes: Set<Flag>
  public let undefined: Set<Flag>

  public init(reads: Set<Flag> = [], writes: Set<Flag> = [], undefined: Set<Flag> = []) {
    self.reads = reads
    self.writes = writes
    self.undefined = undefined
  }
}

/// Where control goes after an instruction.
public enum Flow: Sendable, Hashable {
  case sequential
  case jump, conditionalJump, call, indirectJump, indirectCall, `return`
  /// Always faults.
  case trap
}
