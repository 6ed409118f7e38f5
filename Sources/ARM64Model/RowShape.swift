import MachineModel

/// What of a row decides which words are its instructions in a choice, but for the values of its fixed bits.
struct RowShape: Hashable {
  /// A field that names a register of which it depends on its number whether there is an instruction.
  struct Watched: Hashable {
    /// A field, by position, that may not hold the same number, but for 31 where that is exempt.
    struct Other: Hashable {
      let place: Int
      let exempts31: Bool
    }

    let field: BitField
    /// The numbers that the choice allows, a bit each.
    fileprivate(set) var numbers = UInt32.max
    fileprivate(set) var others: [Other] = []

    var bits: UInt32 { field.mask << UInt32(field.low) }
  }

  /// The fixed bits.
  let mask: UInt32
  let watched: [Watched]
  /// What fixed bits of watched fields hold.
  let watchedValue: UInt32
  /// The other bits on which it depends whether a word can be read.
  let deciding: UInt32

  init(_ form: Form, _ layout: Layout, _ choice: InstructionChoice) {
    watched = RowShape.watched(form, layout, choice)
    precondition(watched.count <= 8, "more than eight registers in \(form.syntax)")
    mask = layout.diagram.mask
    watchedValue = watched.reduce(0) { $0 | $1.bits } & layout.diagram.value
    var fields = layout.operands.flatMap(\.decidingFields)
    fields += layout.diagram.twins.flatMap { [$0.0, $0.1] }
    let bits = fields.reduce(UInt32(0)) { $0 | $1.mask << UInt32($1.low) }
    deciding = layout.diagram.exclusions.reduce(bits) { $0 | $1.mask }
  }

  private static func watched(
    _ form: Form, _ layout: Layout, _ choice: InstructionChoice
  ) -> [Watched] {
    var result: [Watched] = []
    func position(_ field: BitField) -> Int {
      if let known = result.firstIndex(where: { $0.field == field }) { return known }
      result.append(Watched(field: field))
      return result.count - 1
    }
    for restriction in layout.restrictions {
      let places = (position(restriction.registers.0), position(restriction.registers.1))
      let exempts31 = restriction.exempts31
      result[places.0].others.append(Watched.Other(place: places.1, exempts31: exempts31))
      result[places.1].others.append(Watched.Other(place: places.0, exempts31: exempts31))
    }
    guard let isAllowed = choice.register else { return result }
    for (field, register) in layout.operands.flatMap(\.registerFields) {
      let place = position(field)
      for number in 0...field.mask where !isAllowed(form, register(number)) {
        result[place].numbers &= ~(1 << number)
      }
    }
    return result
  }
}

extension OperandKind {
  /// Whether the operand is memory, or an address as `adr` has it.
  var isMemory: Bool {
    switch self {
    case .memory, .relative: true
    default: false
    }
  }

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
      [(field, { OperandKind.register(($0 + 1) & 31, width, isStackPointer: false) })]
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
