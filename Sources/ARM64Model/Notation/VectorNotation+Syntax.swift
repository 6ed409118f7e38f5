import MachineModel

/// Reading the notation of vector registers.
extension VectorNotation {
  /// Reads one register of a syntax; nil if it is an operand of another kind.
  init?(_ text: Substring, place: Place? = nil, in context: SyntaxContext) {
    guard text.utf8.first == 60, let close = text.firstIndex(of: ">") else { return nil }
    let name = text[text.index(after: text.startIndex)..<close]
    let rest = text[text.index(after: close)...]
    let fields = context.diagram
    self.place = place
    if let size = ARM64.laneLetters.firstIndex(of: Character(name.prefix(1).lowercased())),
      name.first?.isUppercase == true, rest.isEmpty
    {
      number = fields.field("R" + name.dropFirst())
      shape = .scalar(.constant(size))
    } else if ["V", "Va", "Vb"].contains(name), rest.hasPrefix("<") {
      number = fields.field("R" + rest.dropFirst().dropLast())
      shape = .scalar(context.laneSize(offset: name == "Va" ? 1 : 0))
    } else if name.hasPrefix("V"), rest.hasPrefix(".") {
      number = fields.field("R" + name.dropFirst().prefix { !$0.isNumber })
      shape = VectorNotation.shape(rest.dropFirst(), context)
    } else {
      return nil
    }
  }

  /// What follows the dot.
  private static func shape(_ text: Substring, _ context: SyntaxContext) -> Shape {
    let isFull = context.diagram.fields["Q"]
    switch text {
    case "<T>", "<Tb>":
      return .vector(context.laneSize(offset: 0), isFull: isFull, isAlwaysFull: true)
    case "<Ta>": return .vector(context.laneSize(offset: 1), isFull: nil, isAlwaysFull: true)
    case "<Tp>":
      return .vector(context.laneSize(offset: 1), isFull: isFull, isAlwaysFull: true)
    default: break
    }
    guard let letter = text.first(where: { $0.isLetter }),
      let size = ARM64.laneLetters.firstIndex(of: letter)
    else { preconditionFailure("arrangement \"\(text)\"") }
    if text.hasPrefix("<") {
      return .vector(.constant(size), isFull: context.diagram.field("Q"), isAlwaysFull: true)
    }
    guard text.first == letter || text.contains("[") else {
      let count = Int(text.dropLast()) ?? 0
      return .vector(.constant(size), isFull: nil, isAlwaysFull: count * (8 << size) == 128)
    }
    let elementSize = text.hasPrefix("4b") ? 4 : size
    let index = text.drop { $0 != "[" }.dropFirst().dropLast()
    guard index.hasPrefix("<") else {
      return .element(size: elementSize, [], index: Int(index) ?? 0)
    }
    let names = index.dropFirst().dropLast().split(separator: ":")
    return .element(size: elementSize, names.map { context.diagram.field(String($0)) }, index: 0)
  }

  /// The registers of `{ …, … }` or `{ …, … }[…]`.
  static func list(_ text: String, in context: SyntaxContext) -> [VectorNotation] {
    let parts = text.dropFirst().split(separator: "}", omittingEmptySubsequences: false)
    let index = parts.count > 1 ? parts[1] : ""
    let names = parts[0].split(separator: ",").map { $0.drop { $0 == " " }.prefix { $0 != " " } }
    return names.indices.map { position in
      let place = Place(index: position, isLast: position == names.count - 1)
      // The number of each register follows from that of the first.
      let first = names[0] + index
      guard let notation = VectorNotation(first, place: place, in: context) else {
        preconditionFailure("list \"\(text)\"")
      }
      return notation
    }
  }
}

extension SyntaxContext {
  /// The width in bits of what the registers of a list hold, and the field by whose value it
  /// doubles; nil if there is no list.
  var structureWidth: (Int, BitField?)? {
    guard let list = operands.first, list.utf8.first == 123 else { return nil }
    let count = list.split(separator: ",").count
    if mnemonic.hasSuffix("r") { return (8 * count, diagram.field("size")) }
    guard list.hasSuffix("]"), let dot = list.firstIndex(of: "."),
      let size = ARM64.laneLetters.firstIndex(of: list[list.index(after: dot)])
    else { return (64 * count, diagram.field("Q")) }
    return ((8 << size) * count, nil)
  }

  /// The size of lanes that `size` or `immh` says, times two to the `offset`.
  func laneSize(offset: Int) -> VectorNotation.LaneSize {
    if let immh = diagram.fields["immh"] {
      return VectorNotation.LaneSize(source: .highestOne(immh), offset: offset)
    }
    return VectorNotation.LaneSize(source: .field(diagram.field("size")), offset: offset)
  }
}

extension VectorImmediate {
  /// Reads a constant of a syntax; nil if it is an operand of another kind.
  init?(_ text: String, in context: SyntaxContext) {
    let fields = context.diagram
    switch text {
    case "#<left>":
      self = .leftShift(immh: fields.field("immh"), immb: fields.field("immb"))
    case "#<right>":
      self = .rightShift(immh: fields.field("immh"), immb: fields.field("immb"))
    case "#<width>": self = .laneWidth(context.laneSize(offset: 0))
    case "MSL #<sh>": self = .maskShift(fields.field("sh"))
    case "#<bytes abc:defgh>": self = .byteMask([fields.field("abc"), fields.field("defgh")])
    case "#<float imm8>": self = .float([fields.field("imm8")], width: context.dataWidth)
    case "#<float abc:defgh>":
      let isDouble = context.operands[0].hasSuffix("d")
      self = .float(
        [fields.field("abc"), fields.field("defgh")], width: isDouble ? 64 : 32)
    default: return nil
    }
  }
}
