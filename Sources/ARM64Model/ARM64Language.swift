import MachineModel

/// The words of a row that are instructions of a choice, as nodes that read them by half bytes, the
/// lowest byte first.
///
/// Only bits on which it can depend are told apart, and the decoder is asked of one word for all that
/// agree in them. Registers that have to differ are looked at as soon as they are known.
struct RowLanguage {
  /// A field that names a register of which it depends on its number whether there is an instruction.
  private struct Watched {
    let field: BitField
    /// The numbers that the choice allows, a bit each.
    var numbers = UInt32.max
    /// The fields, by position, that may not hold the same number, but for 31 where that is exempt.
    var others: [(Int, exempts31: Bool)] = []

    var bits: UInt32 { field.mask << UInt32(field.low) }
  }

  /// What the future depends on.
  private struct State: Hashable {
    /// The half bytes read, and the bits of the word that still count.
    var count = 0
    var bits: UInt32 = 0
    /// By watched field that is not known yet: the numbers that it may not hold.
    var forbidden = SIMD8<UInt32>()

    func hash(into hasher: inout Hasher) {
      var mixed = UInt64(bits) << 8 | UInt64(count)
      for place in 0..<8 {
        mixed = (mixed ^ UInt64(forbidden[place])) &* 0x9E37_79B9_7F4A_7C15
        mixed ^= mixed >> 29
      }
      hasher.combine(mixed)
    }
  }

  let form: Form
  private let architecture: ARM64
  private let diagram: BitDiagram
  private let hasMemory: Bool
  private let watched: [Watched]
  /// The bits on which it depends whether a word is an instruction of the choice.
  private let relevant: UInt32
  /// By the half bytes read: those of them that still count.
  private let kept: [UInt32]
  private var nodes: [State: Int32] = [:]

  /// Where the half bytes are in a word, in the order in which they are read.
  private static let shifts: [UInt32] = [4, 0, 12, 8, 20, 16, 28, 24]
  /// By the half bytes read: their bits.
  private static let known: [UInt32] = (0...8).map { count in
    shifts[..<count].reduce(0) { $0 | 15 << $1 }
  }

  init(_ form: Form, _ architecture: ARM64, _ choice: InstructionChoice) {
    let layout = architecture.tables.layout(form.index)
    self.form = form
    self.architecture = architecture
    diagram = layout.diagram
    hasMemory = layout.operands.contains(where: \.isMemory)
    let watched = RowLanguage.watched(form, layout, choice)
    precondition(watched.count <= 8, "more than eight registers in \(form.syntax)")
    self.watched = watched
    var fields = layout.operands.flatMap(\.decidingFields)
    fields += layout.diagram.twins.flatMap { [$0.0, $0.1] }
    var bits = fields.reduce(UInt32(0)) { $0 | $1.mask << UInt32($1.low) }
    for exclusion in layout.diagram.exclusions { bits |= exclusion.mask }
    relevant = watched.reduce(bits) { $0 | $1.bits } & ~layout.diagram.mask
    kept = RowLanguage.known.map { known in
      watched.filter { $0.bits & ~known != 0 }.reduce(bits) { $0 | $1.bits }
    }
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
      result[places.0].others.append((places.1, restriction.exempts31))
      result[places.1].others.append((places.0, restriction.exempts31))
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

  /// The node that reads the row's words; none if the choice has none of them.
  mutating func node(_ choice: InstructionChoice, _ builder: inout AutomatonBuilder) -> Int32 {
    guard choice.accepts(form, hasMemory) else { return InstructionAutomaton.Step.dead }
    let end = InstructionAutomaton.Step.end(choice.label(form))
    return node(State(), end, &builder)
  }

  /// How many states there were.
  var size: Int { nodes.count }

  private mutating func node(
    _ state: State, _ end: Int32, _ builder: inout AutomatonBuilder
  ) -> Int32 {
    if state.count == 8 {
      let word = diagram.value | state.bits & ~diagram.mask
      return architecture.isReadable(word, as: form.index) ? end : InstructionAutomaton.Step.dead
    }
    if let known = nodes[state] { return known }
    let shift = RowLanguage.shifts[state.count]
    let deciding = (diagram.mask | relevant) >> shift & 15
    var row = AutomatonBuilder.Row(repeating: InstructionAutomaton.Step.dead)
    for half in UInt32(0)..<16 {
      let same = half & deciding
      if same < half {
        row[Int(half)] = row[Int(same)]
      } else if let next = step(state, half << shift) {
        row[Int(half)] = node(next, end, &builder)
      }
    }
    let result = builder.node(row)
    nodes[state] = result
    return result
  }

  /// The state after half a byte, given in its place in the word; nil if no instruction has it.
  private func step(_ state: State, _ half: UInt32) -> State? {
    let before = RowLanguage.known[state.count]
    let known = RowLanguage.known[state.count + 1]
    if (half ^ diagram.value) & diagram.mask & known & ~before != 0 { return nil }
    var next = state
    next.count += 1
    let word = state.bits | half & relevant
    next.bits = word & kept[next.count]
    for (place, register) in watched.enumerated() where register.bits & ~before != 0 {
      let number = register.field.value(in: word | diagram.value)
      if register.bits & ~known != 0 {
        let bits = register.field.value(in: known)
        next.forbidden[place] &= RowLanguage.numbers(number & bits, bits)
        continue
      }
      let bit = UInt32(1) << number
      if register.numbers & bit == 0 || next.forbidden[place] & bit != 0 { return nil }
      next.forbidden[place] = 0
      for (other, exempts31) in register.others where isLater(other, than: place, before) {
        if number == 31, exempts31 { continue }
        let field = watched[other].field
        let bits = field.value(in: known)
        let value = field.value(in: word | diagram.value) & bits
        next.forbidden[other] |= bit & RowLanguage.numbers(value, bits)
      }
    }
    return next
  }

  /// Whether a watched field becomes known after another one that becomes known now.
  private func isLater(_ other: Int, than place: Int, _ before: UInt32) -> Bool {
    let isOpen = watched[other].bits & ~before != 0
    let isNow = watched[other].bits & ~(before | nextBits(before)) == 0
    return isOpen && (!isNow || other > place)
  }

  private func nextBits(_ before: UInt32) -> UInt32 {
    let count = before.nonzeroBitCount / 4
    return RowLanguage.known[count + 1]
  }

  /// The numbers, a bit each, of five bits of which those of `bits` have the values of `value`.
  private static func numbers(_ value: UInt32, _ bits: UInt32) -> UInt32 {
    (UInt32(0)..<32).reduce(0) { $1 & bits == value ? $0 | 1 << $1 : $0 }
  }
}

extension OperandKind {
  /// Whether the operand is memory, or an address as `adr` has it.
  fileprivate var isMemory: Bool {
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

extension ARM64 {
  public func automaton(of choice: InstructionChoice) -> InstructionAutomaton? {
    var builder = AutomatonBuilder()
    let rows = tables.forms.map { form in
      var row = RowLanguage(form, self, choice)
      return (node: row.node(choice, &builder), size: row.size)
    }
    // The two smallest first, so that large ones are joined with few others.
    var open = rows.sorted { $0.size < $1.size }
    while open.count > 1 {
      let joined = builder.union(open[0].node, open[1].node)
      let size = open[0].size + open[1].size
      open.removeFirst(2)
      open.insert((joined, size), at: open.firstIndex { $0.size >= size } ?? open.count)
    }
    return builder.automaton(from: open.first?.node ?? InstructionAutomaton.Step.dead)
  }
}
