import MachineModel

/// The words that are instructions, read byte by byte, the lowest first: at each place the rows that
/// the bits so far leave, with those bits that can still decide.
struct ARM64Language: InstructionLanguage {
  struct Place: Hashable, Sendable {
    /// How many bytes were read.
    var count = 0
    /// Positions in `rows` of those that have a word with the bits so far.
    var live: [UInt16] = []
    /// The bits so far that a live row looks at again.
    var bits: UInt32 = 0
  }

  let rows: [LanguageRow]
  let choice: InstructionChoice
  let start: Place

  init(_ forms: [Form], _ layout: (Int) -> Layout, _ choice: InstructionChoice) {
    self.choice = choice
    rows = forms.compactMap { form in
      let row = LanguageRow(form, layout(form.index), choice)
      let hasMemory = row.hasMemory
      return choice.accepts(form, hasMemory) && row.exists(known: 0, 0, choice) ? row : nil
    }
    start = Place(count: 0, live: Array(0..<UInt16(rows.count)), bits: 0)
  }

  func leastRest(_ place: Place) -> Int { 4 - place.count }

  func step(_ place: Place, _ byte: UInt8) -> LanguageStep<Place> {
    let shift = UInt32(8 * place.count)
    let new: UInt32 = 0xFF << shift
    let known = new | (new - 1)
    let bits = place.bits | UInt32(byte) << shift
    var next = Place(count: place.count + 1)
    var relevant: UInt32 = 0
    for index in place.live {
      let row = rows[Int(index)]
      guard (bits ^ row.diagram.value) & row.diagram.mask & new == 0 else { continue }
      // Where the row does not look at the new bits, it lives as it did before.
      if row.relevant & new != 0, !row.exists(known: known, bits, choice) { continue }
      next.live.append(index)
      relevant |= row.relevant
    }
    guard let first = next.live.first else { return .dead }
    if next.count == 4 { return .end(label: choice.label(rows[Int(first)].form)) }
    next.bits = bits & relevant
    return .inside(next)
  }
}

/// A row as the language sees it.
struct LanguageRow: Sendable {
  /// A register field and the numbers that the choice allows there.
  struct Choices: Sendable {
    let field: BitField
    let numbers: [UInt32]
    /// Whether other fields may not hold the same number.
    let isRestricted: Bool
  }

  let form: Form
  let diagram: BitDiagram
  let hasMemory: Bool
  /// The free bits on which it depends whether a word is an instruction of the choice.
  let relevant: UInt32
  /// Those of them that are tried bit by bit.
  private let tried: UInt32
  private let registers: [Choices]

  init(_ form: Form, _ layout: Layout, _ choice: InstructionChoice) {
    self.form = form
    diagram = layout.diagram
    hasMemory = layout.operands.contains { if case .memory = $0 { true } else { false } }
    let restricted = layout.restrictions.flatMap { [$0.registers.0, $0.registers.1] }
    var fields = layout.operands.flatMap(\.decidingFields) + restricted
    fields += layout.diagram.twins.flatMap { [$0.0, $0.1] }
    var bits = fields.reduce(UInt32(0)) { $0 | $1.mask << UInt32($1.low) }
    for exclusion in layout.diagram.exclusions { bits |= exclusion.mask }
    bits &= ~layout.diagram.mask
    registers = LanguageRow.registers(form, layout, restricted, choice)
    let chosen = registers.reduce(UInt32(0)) { $0 | $1.field.mask << UInt32($1.field.low) }
    tried = bits & ~chosen
    relevant = (bits | chosen) & ~layout.diagram.mask
  }

  private static func registers(
    _ form: Form, _ layout: Layout, _ restricted: [BitField], _ choice: InstructionChoice
  ) -> [Choices] {
    guard let isAllowed = choice.register else { return [] }
    var allowed: [BitField: [UInt32]] = [:]
    for (field, number) in layout.operands.flatMap(\.registerFields) {
      let numbers = (0...field.mask).filter { isAllowed(form, number($0)) }
      allowed[field] = allowed[field].map { $0.filter(numbers.contains) } ?? numbers
    }
    let decided = layout.diagram.twins.flatMap { [$0.0, $0.1] } + restricted
    return allowed.sorted { $0.key.low < $1.key.low }.map { field, numbers in
      Choices(
        field: field, numbers: numbers,
        isRestricted: decided.contains(field)
          || layout.diagram.exclusions.contains { $0.mask >> UInt32(field.low) & field.mask != 0 })
    }
  }

  /// Whether a word of the row with the `known` bits of `bits` is an instruction of the choice.
  func exists(known: UInt32, _ bits: UInt32, _ choice: InstructionChoice) -> Bool {
    var words: [UInt32] = [diagram.value | bits & ~diagram.mask]
    for register in registers {
      let fixed = known | diagram.mask
      var next: [UInt32] = []
      for word in words {
        for number in register.numbers {
          let changed = register.field.inserting(number, into: word)
          if (changed ^ word) & fixed != 0 { continue }
          next.append(changed)
          if !register.isRestricted { break }
        }
      }
      guard !next.isEmpty else { return false }
      words = next
    }
    return words.contains { hasInstruction($0, open: tried & ~known, choice) }
  }

  /// Whether some value of the open bits makes the word an instruction of the row.
  private func hasInstruction(
    _ word: UInt32, open: UInt32, _ choice: InstructionChoice
  ) -> Bool {
    var subset: UInt32 = 0
    while true {
      let candidate = word | subset
      if diagram.matches(candidate), let found = try? ARM64().decode(candidate, at: 0),
        found.form == form
      {
        return true
      }
      subset = (subset &- open) & open
      if subset == 0 { return false }
    }
  }
}

extension OperandKind {
  /// The fields on which it depends whether the operand can be read.
  var decidingFields: [BitField] {
    switch self {
    case .register, .following, .shifted, .extended, .immediate, .code, .shiftAmount, .condition,
      .named, .target, .relative, .memory:
      []
    case .bitmask(let fields, _, _): [fields.n, fields.imms].compactMap { $0 }
    case .bitfield(_, let fields, _): [fields.n, fields.immr, fields.imms].compactMap { $0 }
    case .wide(let field, let shift, _, _): [field, shift]
    case .vector(let notation): notation.decidingFields
    case .vectorImmediate(let immediate): immediate.decidingFields
    }
  }

  /// The fields that name registers, each with the register of a number.
  var registerFields: [(BitField, (UInt32) -> Register)] {
    switch self {
    case .register(let field, let width, let isStackPointer):
      [(field, { OperandKind.register($0, width, isStackPointer: isStackPointer) })]
    case .following(let field, let width):
      [(field, { OperandKind.register($0 + 1 & 31, width, isStackPointer: false) })]
    case .shifted(let field, let width, _, _), .extended(let field, let width, _, _, _):
      [(field, { OperandKind.register($0, width, isStackPointer: false) })]
    case .memory(let notation): notation.registerFields
    case .vector(let notation):
      [(notation.number, { ARM64.scalars[4][(Int($0) + (notation.place?.index ?? 0)) & 31] })]
    case .immediate, .code, .shiftAmount, .bitmask, .condition, .named, .bitfield, .wide, .target,
      .relative, .vectorImmediate:
      []
    }
  }
}

extension MemoryNotation {
  fileprivate var registerFields: [(BitField, (UInt32) -> Register)] {
    let base: (BitField, (UInt32) -> Register) = (self.base, { ARM64.xOrSP[Int($0)] })
    switch offset {
    case .register(let field, _, _, _), .postRegister(let field):
      return [base, (field, { ARM64.x[Int($0)] })]
    case .none, .immediate, .transferSize: return [base]
    }
  }
}

extension VectorNotation {
  fileprivate var decidingFields: [BitField] {
    switch shape {
    case .scalar(let size): size.fields
    case .vector(let size, let isFull, _): size.fields + [isFull].compactMap { $0 }
    case .element: []
    }
  }
}

extension VectorNotation.LaneSize {
  fileprivate var fields: [BitField] {
    switch source {
    case .constant: []
    case .field(let field), .highestOne(let field): [field]
    }
  }
}

extension VectorImmediate {
  fileprivate var decidingFields: [BitField] {
    switch self {
    case .leftShift(let immh, let immb), .rightShift(let immh, let immb): [immh, immb]
    case .laneWidth(let size): size.fields
    case .maskShift, .byteMask, .float: []
    }
  }
}

extension ARM64 {
  public func language(of choice: InstructionChoice) -> (any InstructionLanguage)? {
    ARM64Language(tables.forms, { tables.layout($0) }, choice)
  }
}
