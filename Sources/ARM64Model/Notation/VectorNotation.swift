import MachineModel

/// A SIMD register in a syntax: which number, which lanes.
///
/// - `<Bd>`, `<Hd>`, `<Sd>`, `<Dd>`, `<Qd>`: a scalar in field `Rd`. `<V><d>`: one whose width the
///   field `size` says, or the highest one of `immh`; `<Va><d>` is twice as wide, `<Vb>` as `<V>`.
/// - `<Vd>.16b`: a vector. `<Vd>.<b>`: 64 or 128 bits by `Q`. `<Vd>.<T>`, `<Vd>.<Tb>`: lanes as
///   `size` or `immh` says. `<Vd>.<Ta>`: lanes twice as wide, 128 bits; `<Vd>.<Tp>`: the same, 64
///   or 128 bits by `Q`.
/// - `<Vn>.h[<H:L:M>]`: an element, its index in some fields, the first one highest; `<Vn>.d[1]`.
/// - `{ <Vt>.<T>, <Vt2>.<T> }`, `{ <Vt>.b, <Vt2>.b }[<Q:S:size>]`: registers one after the other,
///   the number of the first in `Rt`; each is an operand.
struct VectorNotation: Sendable {
  /// The logarithm of a lane's width in bytes.
  struct LaneSize: Sendable {
    enum Source: Sendable {
      case constant
      /// The field's value.
      case field(BitField)
      /// The position of the highest one of `immh`.
      case highestOne(BitField)
    }

    let source: Source
    /// Added to what the source says.
    let offset: Int
  }

  enum Shape: Sendable {
    case scalar(LaneSize)
    /// `isFull` is one for 128 bits; without it all or half are used, always.
    case vector(LaneSize, isFull: BitField?, isAlwaysFull: Bool)
    /// An index in fields, the first one highest; without fields `index` itself.
    case element(size: Int, [BitField], index: Int)
  }

  /// The place of a register in a list.
  struct Place: Sendable {
    let index: Int
    let isLast: Bool
  }

  let number: BitField
  let shape: Shape
  let place: Place?

  /// Whether the register can be in a pair that is loaded (and not an element or a list).
  var isScalar: Bool { if case .scalar = shape { true } else { false } }
}

extension VectorNotation.LaneSize {
  static func constant(_ size: Int) -> Self { Self(source: .constant, offset: size) }

  /// The logarithm for a word; nil where `immh` is zero.
  func value(in word: UInt32) -> Int? {
    switch source {
    case .constant: return offset
    case .field(let field): return Int(field.value(in: word)) + offset
    case .highestOne(let field):
      let bits = field.value(in: word)
      return bits == 0 ? nil : 31 - bits.leadingZeroBitCount + offset
    }
  }

  /// Writes the logarithm to the field; what the field cannot hold shows when the word is read.
  func insert(_ size: Int, into word: inout UInt32) {
    guard size >= offset else { return }
    switch source {
    case .constant: break
    case .field(let field): word = field.inserting(UInt32(size - offset), into: word)
    case .highestOne(let field):
      word = field.inserting(UInt32(1) << UInt32(size - offset), into: word)
    }
  }
}

extension VectorNotation {
  /// The register of a word; nil if there is none with these lanes.
  func decode(_ word: UInt32) -> Register? {
    let number = (Int(number.value(in: word)) + (place?.index ?? 0)) & 31
    switch shape {
    case .scalar(let size):
      guard let size = size.value(in: word), size < 5 else { return nil }
      return ARM64.scalars[size][number]
    case .vector(let size, let field, let isAlwaysFull):
      let isFull = field.map { $0.value(in: word) == 1 } ?? isAlwaysFull
      guard let size = size.value(in: word), size < 4 || size == 4 && isFull else { return nil }
      return ARM64.vectors[size * 2 + (isFull ? 1 : 0)][number]
    case .element(let size, let fields, let index):
      let index = fields.isEmpty ? index : Int(OperandKind.join(fields, word))
      return ARM64.elements[size][number].element(index)
    }
  }

  /// Writes the register's number and lanes; the later registers of a list only check theirs.
  func encode(_ register: Register, into word: inout UInt32) throws(AssemblyError) {
    guard let number = register.vectorNumber else {
      throw AssemblyError(reason: "\(register.name) is no vector register")
    }
    if place?.index ?? 0 == 0 {
      guard number <= self.number.mask else {
        throw AssemblyError(reason: "\(register.name) where v0 to v\(self.number.mask) fit")
      }
      word = self.number.inserting(UInt32(number), into: word)
      insertLanes(of: register, into: &word)
    }
    guard decode(word) == register else {
      throw AssemblyError(reason: "\(register.name) cannot stand here")
    }
  }

  private func insertLanes(of register: Register, into word: inout UInt32) {
    let size = (register.laneWidth / 8).trailingZeroBitCount
    switch shape {
    case .scalar(let lane): lane.insert(size, into: &word)
    case .vector(let lane, let isFull, _):
      lane.insert(size, into: &word)
      if let isFull { word = isFull.inserting(register.width == 128 ? 1 : 0, into: word) }
    case .element(_, let fields, _):
      var index = register.low / register.width
      for field in fields.reversed() {
        word = field.inserting(UInt32(index), into: word)
        index >>= field.width
      }
    }
  }

  /// The register's name, with the braces of a list around the first and the last.
  func text(of register: Register) -> String {
    var text = register.name
    if let place {
      if place.index == 0 { text = "{ " + text }
      if place.isLast { text += " }" }
    }
    if case .element = shape, place?.isLast ?? true {
      text += "[\(register.low / register.width)]"
    }
    return text
  }

  /// Reads the register from the next item of a line.
  func parse(_ scanner: inout AssemblyScanner) throws(AssemblyError) -> Register {
    let item = try scanner.next("a vector register")
    var text = item.text.lowercased()[...]
    if let place {
      let mark = place.index == 0 ? AssemblyScanner.listStart : AssemblyScanner.listPart
      guard text.hasPrefix(mark) else {
        throw AssemblyError(column: item.column, reason: "\"{\" is missing")
      }
      text = text.dropFirst(mark.utf8.count)
    }
    guard let register = VectorNotation.register(text) else {
      throw AssemblyError(
        column: item.column, reason: "\"\(item.text)\" where a vector register belongs")
    }
    return register
  }

  /// The scalar, vector or element called `text`.
  private static func register(_ text: Substring) -> Register? {
    guard let bracket = text.firstIndex(of: "[") else {
      let register = ARM64.registersByName[String(text)]
      return register?.vectorNumber == nil ? nil : register
    }
    guard text.hasSuffix("]"), let base = ARM64.elementsByName[String(text[..<bracket])],
      let index = AssemblyScanner.number(
        String(text[text.index(after: bracket)...].dropLast())), index >= 0,
      index < 128 / base.width
    else { return nil }
    return base.element(Int(index))
  }
}
