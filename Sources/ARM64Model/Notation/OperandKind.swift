import MachineModel

/// What one operand of a row's syntax stands for, and the fields of the word that hold it.
///
/// The syntax is the manual's; the names inside `<…>` are those of the diagram's fields:
///
/// - `<Wd>` and `<Xn|SP>`: a register in field `Rd`, `Rn`; 31 is the zero register or the stack
///   pointer. `<W(s+1)>`: the register after the one in field `Rs`.
/// - `<Wm>{, <shift> #<amount>}`: shifted by `imm6` or `imm5`. `<R><m>{, <extend> {#<amount>}}`:
///   extended by `option`, shifted by `imm3`.
/// - `#<imm12>`: an unsigned constant; `#<b5:b40>` one of several fields; `{, LSL #<16*hw>}` how
///   far the constant before it is shifted.
/// - `#<bitmask>`: `N:immr:imms` of a logical immediate.
/// - `<label>`: the target of a branch; `<address>`, `<page>`, `<literal>` a place near the
///   program counter.
/// - `[…]`: memory; `<pimm>` is `imm12` scaled, `<simm>` is `imm9`, `<imm>` is `imm7` scaled.
/// - Vector registers are told in `VectorNotation`, their constants in `VectorImmediate`.
enum OperandKind: Sendable {
  /// Number 31 is the zero register, or else the stack pointer.
  case register(BitField, width: Int, isStackPointer: Bool)
  /// The register whose number is one more than the field's, which is even; 31 is the zero register.
  case following(BitField, width: Int)
  case shifted(BitField, width: Int, shift: BitField, amount: BitField)
  /// `stackPointers` are the fields that, at 31, make LSL the preferred name of the extension.
  case extended(
    BitField, width: Int, option: BitField, amount: BitField, stackPointers: [BitField])
  case immediate([BitField], width: Int, isHexadecimal: Bool)
  /// A constant that is a position or a choice rather than a value.
  case code([BitField])
  /// An optional left shift by `unit` times the field.
  case shiftAmount(BitField, unit: Int)
  case bitmask(BitfieldFields, width: Int, isMove: Bool)
  case condition(BitField, isInverted: Bool)
  case named(BitField, NamedCode)
  /// The position or width of an alias of a bitfield move.
  case bitfield(BitfieldAlias, BitfieldFields, width: Int)
  /// The constant of MOV as an alias of MOVZ or MOVN.
  case wide(BitField, shift: BitField, width: Int, isInverted: Bool)
  case target(BitField)
  /// An address relative to that of the instruction; `width` bits are read there.
  case relative([BitField], isPage: Bool, scale: Int, width: Int)
  case memory(MemoryNotation)
  case vector(VectorNotation)
  case vectorImmediate(VectorImmediate)
}

/// The fields of a logical immediate or of a bitfield move; the latter has no `N` of its own.
struct BitfieldFields: Sendable {
  let n: BitField?
  let immr: BitField
  let imms: BitField
}

/// The constants of the aliases of SBFM, BFM and UBFM.
enum BitfieldAlias: String, Sendable {
  /// A left shift: `immr` is minus the shift, `imms` the highest bit minus the shift.
  case leftShift = "#<lsl>"
  /// The position of an insertion: `immr` is minus the position.
  case insertPosition = "#<-immr>"
  /// The width of an insertion, at most the position.
  case insertWidth = "#<imms+1>"
  /// The width of an extraction that starts at `immr`.
  case extractWidth = "#<imms-immr+1>"
}

/// A memory operand: how its address is made.
struct MemoryNotation: Sendable {
  enum Offset: Sendable {
    case none
    /// A constant of the field times `scale`.
    case immediate(BitField, isSigned: Bool, scale: Int)
    /// A register, extended as `option` says and shifted by `scaleShift` if the bit is set.
    case register(BitField, option: BitField, isScaled: BitField, scaleShift: Int)
    /// After the access, the number of bytes accessed.
    case transferSize
    /// After the access, a register.
    case postRegister(BitField)
  }

  let base: BitField
  let offset: Offset
  let mode: MemoryOperand.Mode
  /// The width in bits of what is accessed, to be doubled as often as `widthScale` says.
  let width: Int
  let widthScale: BitField?
}

extension OperandKind {
  /// Reads one operand of a syntax; anything unknown is a programming error.
  init(_ text: String, in context: SyntaxContext) {
    let fields = context.diagram
    switch text {
    case "#<bitmask>", "#<mov bitmask>":
      self = .bitmask(
        context.bitfieldFields, width: context.dataWidth, isMove: text == "#<mov bitmask>")
    case "<cond>": self = .condition(fields.field("cond"), isInverted: false)
    case "<invcond>": self = .condition(fields.field("cond"), isInverted: true)
    case "<prfop>": self = .named(fields.field("Rt"), .prefetch)
    case "<barrier>": self = .named(fields.field("CRm"), .barrier)
    case "<label>":
      let name = ["imm26", "imm19", "imm14"].first { fields.fields[$0] != nil }
      self = .target(fields.field(name ?? "imm26"))
    case "<address>", "<page>":
      self = .relative(
        [fields.field("immhi"), fields.field("immlo")], isPage: text == "<page>", scale: 1,
        width: 0)
    case "<literal>":
      self = .relative(
        [fields.field("imm19")], isPage: false, scale: 4, width: context.accessWidth)
    default:
      if let notation = VectorNotation(text[...], in: context) {
        self = .vector(notation)
      } else if let immediate = VectorImmediate(text, in: context) {
        self = .vectorImmediate(immediate)
      } else {
        self =
          OperandKind(bracketed: text, in: context) ?? OperandKind(constant: text, in: context)
          ?? OperandKind(register: text, in: context)
      }
    }
  }

  private init?(bracketed text: String, in context: SyntaxContext) {
    guard text.utf8.first == 91 else { return nil }
    let fields = context.diagram
    let scale = context.scale
    let (mode, inner) = SyntaxContext.mode(text)
    let offset: MemoryNotation.Offset
    switch inner {
    case "": offset = .none
    case "#<pimm>":
      offset = .immediate(fields.field("imm12"), isSigned: false, scale: scale)
    case "#<simm>": offset = .immediate(fields.field("imm9"), isSigned: true, scale: 1)
    case "#<imm>": offset = .immediate(fields.field("imm7"), isSigned: true, scale: scale)
    case "<R><m>{, <extend> {<amount>}}":
      offset = .register(
        fields.field("Rm"), option: fields.field("option"), isScaled: fields.field("S"),
        scaleShift: scale.trailingZeroBitCount)
    case "#<size>": offset = .transferSize
    case "<Xm>": offset = .postRegister(fields.field("Rm"))
    default: preconditionFailure("memory operand \"\(text)\"")
    }
    let (width, widthScale) = context.structureWidth ?? (context.accessWidth, nil)
    self = .memory(
      MemoryNotation(
        base: fields.field("Rn"), offset: offset, mode: mode, width: width,
        widthScale: widthScale))
  }

  private init?(constant text: String, in context: SyntaxContext) {
    let fields = context.diagram
    if let alias = BitfieldAlias(rawValue: text) {
      self = .bitfield(alias, context.bitfieldFields, width: context.dataWidth)
      return
    }
    if text.hasPrefix("{, LSL #<") {
      let product = text.dropFirst(9).dropLast(2).split(separator: "*")
      self = .shiftAmount(fields.field(String(product[1])), unit: Int(product[0]) ?? 0)
      return
    }
    if text == "#0" {
      self = .code([])
      return
    }
    guard text.hasPrefix("#<") else { return nil }
    let names = text.dropFirst(2).dropLast().split(separator: ":").map(String.init)
    switch names[0] {
    case "mov imm16", "mov ~imm16":
      self = .wide(
        fields.field("imm16"), shift: fields.field("hw"), width: context.dataWidth,
        isInverted: names[0] == "mov ~imm16")
    case "imm5", "imm12", "imm16":
      self = .immediate(
        [fields.field(names[0])], width: context.dataWidth,
        isHexadecimal: context.dataWidth == 16 && context.mnemonic != "udf")
    case "abc": self = .immediate(names.map { fields.field($0) }, width: 8, isHexadecimal: false)
    default: self = .code(names.map { fields.field($0) })
    }
  }

  private init(register text: String, in context: SyntaxContext) {
    let fields = context.diagram
    if text == "<R><m>{, <extend> {#<amount>}}" || text == "<Wm>{, <extend> {#<amount>}}" {
      self = .extended(
        fields.field("Rm"), width: context.dataWidth, option: fields.field("option"),
        amount: fields.field("imm3"), stackPointers: context.stackPointers)
      return
    }
    let end = text.firstIndex(of: ">") ?? text.endIndex
    let parts = text[..<end].dropFirst().split(separator: "|")
    guard let name = parts.first, let width = ["W": 32, "X": 64][name.prefix(1)] else {
      preconditionFailure("operand \"\(text)\"")
    }
    if name.hasSuffix("+1)") {
      self = .following(fields.field("R" + name.dropFirst(2).dropLast(3)), width: width)
      return
    }
    let field = fields.field("R" + name.dropFirst())
    if text.hasSuffix(">{, <shift> #<amount>}") {
      self = .shifted(
        field, width: width, shift: fields.field("shift"),
        amount: fields.field(width == 32 ? "imm5" : "imm6"))
    } else {
      self = .register(field, width: width, isStackPointer: parts.count > 1)
    }
  }
}

/// What the operands of a syntax have in common.
struct SyntaxContext {
  let mnemonic: String
  let operands: [String]
  let diagram: BitDiagram

  /// The width in bits of the first register; 16 where there is none (the constants of traps).
  var dataWidth: Int {
    for operand in operands where operand.utf8.first == 60 {
      if operand.hasPrefix("<W") { return 32 }
      if operand.hasPrefix("<X") { return 64 }
      if let size = ARM64.laneLetters.firstIndex(where: {
        operand.hasPrefix("<\($0.uppercased())")
      }) {
        return 8 << size
      }
    }
    return 16
  }

  /// The width in bits of a memory access, as the mnemonic's last letters and the register say,
  /// which is not that of a store-exclusive's status.
  var accessWidth: Int {
    if mnemonic.hasPrefix("prf") { return 0 }
    if mnemonic.hasSuffix("b") { return 8 }
    if mnemonic.hasSuffix("h") { return 16 }
    if mnemonic.hasPrefix("stx") || mnemonic.hasPrefix("stlx") {
      return operands[1].hasPrefix("<X") ? 64 : 32
    }
    return mnemonic.hasSuffix("sw") ? 32 : dataWidth
  }

  /// The unit in bytes of scaled offsets.
  var scale: Int { accessWidth == 0 ? 8 : accessWidth / 8 }

  var bitfieldFields: BitfieldFields {
    BitfieldFields(
      n: diagram.fields["N"], immr: diagram.field("immr"), imms: diagram.field("imms"))
  }

  var stackPointers: [BitField] {
    operands.compactMap { operand in
      guard operand.hasSuffix("|SP>") || operand.hasSuffix("|WSP>") else { return nil }
      return diagram.fields["R" + operand.dropFirst(2).prefix { $0 != "|" }]
    }
  }

  /// The mode of a memory operand and what follows its base.
  static func mode(_ text: String) -> (MemoryOperand.Mode, String) {
    let rest = text.dropFirst("[<Xn|SP>".count)
    if rest.hasPrefix("], ") { return (.postIndex, String(rest.dropFirst(3))) }
    if rest.hasSuffix("]!") { return (.preIndex, String(rest.dropFirst(2).dropLast(2))) }
    if rest.hasPrefix("{, ") { return (.offset, String(rest.dropFirst(3).dropLast(2))) }
    return (.offset, String(rest.dropFirst(2).dropLast(1)))
  }

  /// The operands of a syntax: cut at the commas outside brackets and braces, a post-index offset
  /// kept with its base, an optional shift cut from its constant.
  static func split(_ text: Substring) -> [String] {
    var result: [String] = []
    var depth = 0
    var current = ""
    for character in text {
      switch character {
      case "[", "{": depth += 1
      case "]", "}": depth -= 1
      default: break
      }
      if character == ",", depth == 0, !(current.hasPrefix("[") && current.hasSuffix("]")) {
        if !current.isEmpty { result.append(current) }
        current = ""
      } else if character != " " || !current.isEmpty {
        current.append(character)
      }
      if character == ">", depth == 0, current.hasPrefix("#") {
        result.append(current)
        current = ""
      }
    }
    if !current.isEmpty { result.append(current) }
    return result
  }
}
