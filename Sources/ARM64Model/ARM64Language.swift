import MachineModel

/// The words of rows with the same shape that are instructions of a choice, as nodes that read them by half bytes,
/// the lowest byte first.
///
/// Only bits on which it can depend are told apart, and the decoder is asked of one word for all that
/// agree in them. Registers that have to differ are looked at as soon as they are known.
struct RowLanguage {
  /// What the future depends on.
  private struct State: Hashable {
    /// The half bytes read, the fixed bits among them as a node of `values`, and the others that still count.
    var count = 0
    var values: Int32 = 0
    var bits: UInt32 = 0
    /// By watched field that is not known yet: the numbers that it may not hold.
    var forbidden = SIMD8<UInt32>()

    func hash(into hasher: inout Hasher) {
      var mixed = UInt64(bits) << 32 | UInt64(values) << 8 | UInt64(count)
      for place in 0..<8 {
        mixed = (mixed ^ UInt64(forbidden[place])) &* 0x9E37_79B9_7F4A_7C15
        mixed ^= mixed >> 29
      }
      hasher.combine(mixed)
    }
  }

  private let architecture: ARM64
  private let shape: RowShape
  private let values: ValueTree
  /// The bits, besides fixed ones, on which it depends whether a word is an instruction of the choice.
  private let relevant: UInt32
  /// By the half bytes read: those of them that still count.
  private let kept: [UInt32]
  private var nodes: [State: Int32] = [:]

  /// Where the half bytes are in a word, in the order in which they are read.
  static let shifts: [UInt32] = [4, 0, 12, 8, 20, 16, 28, 24]
  /// By the half bytes read: their bits.
  private static let known: [UInt32] = (0...8).map { count in
    shifts[..<count].reduce(0) { $0 | 15 << $1 }
  }

  /// - Parameter forms: rows of this shape.
  init(_ shape: RowShape, _ forms: [Form], _ architecture: ARM64) {
    self.shape = shape
    self.architecture = architecture
    values = ValueTree(forms.map { ($0, architecture.tables.layout($0.index).diagram.value) })
    relevant = shape.watched.reduce(shape.deciding) { $0 | $1.bits } & ~shape.mask
    kept = RowLanguage.known.map { known in
      shape.watched.filter { $0.bits & ~known != 0 }.reduce(shape.deciding) { $0 | $1.bits }
    }
  }

  /// The node that reads the rows' words.
  mutating func node(_ choice: InstructionChoice, _ builder: inout AutomatonBuilder) -> Int32 {
    node(State(), choice, &builder)
  }

  private mutating func node(
    _ state: State, _ choice: InstructionChoice, _ builder: inout AutomatonBuilder
  ) -> Int32 {
    if state.count == 8 { return end(state, choice) }
    if let known = nodes[state] { return known }
    let shift = RowLanguage.shifts[state.count]
    let deciding = (shape.mask | relevant) >> shift & 15
    var row = AutomatonBuilder.Row(repeating: InstructionAutomaton.Step.dead)
    for half in UInt32(0)..<16 {
      let same = half & deciding
      if same < half {
        row[Int(half)] = row[Int(same)]
      } else if let next = step(state, half << shift) {
        row[Int(half)] = node(next, choice, &builder)
      }
    }
    let result = builder.node(row)
    nodes[state] = result
    return result
  }

  /// The end of the instruction that a word is; dead if it is none.
  private func end(_ state: State, _ choice: InstructionChoice) -> Int32 {
    for form in values.forms(at: state.values) {
      let diagram = architecture.tables.layout(form.index).diagram
      let word = diagram.value | state.bits & ~diagram.mask
      if architecture.isReadable(word, as: form.index) {
        return InstructionAutomaton.Step.end(choice.label(form))
      }
    }
    return InstructionAutomaton.Step.dead
  }

  /// The state after half a byte, given in its place in the word; nil if no instruction has it.
  private func step(_ state: State, _ half: UInt32) -> State? {
    let before = RowLanguage.known[state.count]
    let known = RowLanguage.known[state.count + 1]
    let fixed = half & shape.mask
    var next = state
    next.values = values.node(below: state.values, fixed >> RowLanguage.shifts[state.count])
    if next.values < 0 { return nil }
    next.count += 1
    let bits = state.bits | half & relevant
    next.bits = bits & kept[next.count]
    let word = bits | shape.watchedValue
    for (place, register) in shape.watched.enumerated() where register.bits & ~before != 0 {
      let number = register.field.value(in: word)
      if register.bits & ~known != 0 {
        let bits = register.field.value(in: known)
        next.forbidden[place] &= RowLanguage.numbers(number & bits, bits)
        continue
      }
      let bit = UInt32(1) << number
      if register.numbers & bit == 0 || next.forbidden[place] & bit != 0 { return nil }
      next.forbidden[place] = 0
      for other in register.others where isLater(other.place, than: place, before, known) {
        if number == 31, other.exempts31 { continue }
        let field = shape.watched[other.place].field
        let bits = field.value(in: known)
        let value = field.value(in: word) & bits
        next.forbidden[other.place] |= bit & RowLanguage.numbers(value, bits)
      }
    }
    return next
  }

  /// Whether a watched field becomes known after another one that becomes known now.
  private func isLater(_ other: Int, than place: Int, _ before: UInt32, _ known: UInt32) -> Bool {
    let bits = shape.watched[other].bits
    let isOpen = bits & ~before != 0
    let isNow = bits & ~known == 0
    return isOpen && (!isNow || other > place)
  }

  /// The numbers, a bit each, of five bits of which those of `bits` have the values of `value`.
  private static func numbers(_ value: UInt32, _ bits: UInt32) -> UInt32 {
    (UInt32(0)..<32).reduce(0) { $1 & bits == value ? $0 | 1 << $1 : $0 }
  }
}

/// The values of the fixed bits of rows, by half bytes in the order in which they are read.
private struct ValueTree {
  /// By node, the root 0, and half byte: the node below; -1 for none.
  private var below = [Int32](repeating: -1, count: 16)
  /// By node after all half bytes: its rows.
  private var rows: [Int32: [Form]] = [:]

  init(_ values: [(Form, UInt32)]) {
    for (form, value) in values {
      var node: Int32 = 0
      for shift in RowLanguage.shifts {
        let place = Int(node) << 4 | Int(value >> shift & 15)
        if below[place] < 0 {
          below[place] = Int32(below.count >> 4)
          below += repeatElement(-1, count: 16)
        }
        node = below[place]
      }
      rows[node, default: []].append(form)
    }
  }

  func node(below node: Int32, _ half: UInt32) -> Int32 { below[Int(node) << 4 | Int(half)] }

  func forms(at node: Int32) -> [Form] { rows[node] ?? [] }
}

extension ARM64 {
  public func automaton(of choice: InstructionChoice) -> InstructionAutomaton? {
    var builder = AutomatonBuilder()
    // In the order of the rows, so that the same choice takes the same time.
    var open = shapes(choice).map { shape, forms in
      var rows = RowLanguage(shape, forms, self)
      let before = builder.nodeCount
      return (node: rows.node(choice, &builder), size: builder.nodeCount - before)
    }
    // The two smallest first, so that large ones are joined with few others.
    open.sort { $0.size < $1.size }
    while open.count > 1 {
      let before = builder.nodeCount
      let joined = builder.union(open[0].node, open[1].node)
      let size = Swift.max(open[1].size, builder.nodeCount - before)
      open.removeFirst(2)
      open.insert((joined, size), at: open.firstIndex { $0.size >= size } ?? open.count)
    }
    return builder.automaton(from: open.first?.node ?? InstructionAutomaton.Step.dead)
  }

  /// The rows of the choice by shape.
  private func shapes(_ choice: InstructionChoice) -> [(RowShape, [Form])] {
    var numbers: [RowShape: Int] = [:]
    var result: [(RowShape, [Form])] = []
    for form in tables.forms {
      let layout = tables.layout(form.index)
      guard choice.accepts(form, layout.operands.contains(where: \.isMemory)) else { continue }
      let shape = RowShape(form, layout, choice)
      let number = numbers[shape] ?? result.count
      if number == result.count {
        numbers[shape] = number
        result.append((shape, []))
      }
      result[number].1.append(form)
    }
    return result
  }
}
