/// A run of bits of an instruction word.
struct BitField: Hashable, Sendable {
  let low: Int
  let width: Int

  var mask: UInt32 { UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(width)) - 1) }

  func value(in word: UInt32) -> UInt32 { word >> UInt32(low) & mask }

  /// `word` with this field replaced by the low bits of `value`.
  func inserting(_ value: UInt32, into word: UInt32) -> UInt32 {
    word & ~(mask << UInt32(low)) | (value & mask) << UInt32(low)
  }
}

/// The encoding of a row, in the notation of the Arm ARM's bit diagrams, read from bit 31 down.
///
/// The parts are separated by spaces: `1011` fixed bits (`x` for any), `op=10` fixed bits with a
/// name, `Rd:5` a field of five bits, `sh` one of a single bit. `shift:2!=11` excludes values, and
/// after the last bit `size:Q!=110` those of several fields together. A name that stands twice
/// makes both fields equal; `ignored` names bits that change nothing. Bad notation is a
/// programming error.
struct BitDiagram: Sendable {
  /// Values of some bits of the word that are reserved or belong to another row.
  struct Exclusion: Sendable {
    let mask: UInt32
    let value: UInt32
  }

  private(set) var mask: UInt32 = 0
  private(set) var value: UInt32 = 0
  private(set) var fields: [String: BitField] = [:]
  private(set) var exclusions: [Exclusion] = []
  /// Pairs of fields that hold the same value.
  private(set) var twins: [(BitField, BitField)] = []

  init(_ notation: String) {
    var position = 32
    for part in notation.split(separator: " ") {
      if position > 0 { add(part, below: &position, of: notation) } else { exclude(part) }
    }
    precondition(position == 0, "\(32 - position) bits in \"\(notation)\"")
  }

  private mutating func add(_ part: Substring, below position: inout Int, of notation: String) {
    let pieces = BitDiagram.pieces(part)
    var name: Substring?
    var bits: Substring?
    var width = 1
    if let equals = pieces[0].firstIndex(of: "=") {
      name = pieces[0][..<equals]
      bits = pieces[0][pieces[0].index(after: equals)...]
    } else if let colon = pieces[0].firstIndex(of: ":") {
      name = pieces[0][..<colon]
      width = Int(pieces[0][pieces[0].index(after: colon)...]) ?? 0
    } else if pieces[0].utf8.allSatisfy({ $0 == 48 || $0 == 49 || $0 == 120 }) {
      bits = pieces[0]
    } else {
      name = pieces[0]
    }
    if let bits { width = bits.utf8.count }
    precondition(width > 0 && width <= position, "\(part) does not fit in \"\(notation)\"")
    position -= width
    let field = BitField(low: position, width: width)
    if let bits {
      let (fixed, value) = BitDiagram.pattern(bits)
      mask |= fixed << UInt32(position)
      self.value |= value << UInt32(position)
    }
    if let name { self.name(String(name), field) }
    for excluded in pieces.dropFirst() {
      exclude([field], excluded)
    }
  }

  /// Reads `size:Q!=110`, a constraint on fields that stand before it.
  private mutating func exclude(_ part: Substring) {
    let pieces = BitDiagram.pieces(part)
    let named = pieces[0].split(separator: ":").map { field(String($0)) }
    for excluded in pieces.dropFirst() { exclude(named, excluded) }
  }

  /// Excludes values of `named` together, the first field highest.
  private mutating func exclude(_ named: [BitField], _ pattern: Substring) {
    let width = named.reduce(0) { $0 + $1.width }
    precondition(pattern.utf8.count == width, "\(pattern) for \(width) bits")
    var (fixed, bits) = BitDiagram.pattern(pattern)
    var exclusion = (mask: UInt32(0), value: UInt32(0))
    for field in named.reversed() {
      exclusion.mask = field.inserting(fixed, into: exclusion.mask)
      exclusion.value = field.inserting(bits, into: exclusion.value)
      fixed >>= UInt32(field.width)
      bits >>= UInt32(field.width)
    }
    exclusions.append(Exclusion(mask: exclusion.mask, value: exclusion.value))
  }

  private mutating func name(_ name: String, _ field: BitField) {
    if let twin = fields[name] {
      precondition(twin.width == field.width, "two widths for \(name)")
      twins.append((twin, field))
    } else {
      fields[name] = field
    }
  }

  /// The part before the first `!=` and the excluded patterns.
  private static func pieces(_ part: Substring) -> [Substring] {
    var result: [Substring] = []
    var rest = part
    while let mark = rest.utf8.firstIndex(of: 33) {
      result.append(rest[..<mark])
      rest = rest[rest.utf8.index(mark, offsetBy: 2)...]
    }
    return result + [rest]
  }

  /// The fixed bits of `0`, `1` and `x`, and their values.
  private static func pattern(_ bits: Substring) -> (mask: UInt32, value: UInt32) {
    var (mask, value): (UInt32, UInt32) = (0, 0)
    for bit in bits.utf8 {
      precondition(bit == 48 || bit == 49 || bit == 120, "bits \"\(bits)\"")
      mask = mask << 1 | (bit == 120 ? 0 : 1)
      value = value << 1 | (bit == 49 ? 1 : 0)
    }
    return (mask, value)
  }

  /// Whether a word has the fixed bits, none of the excluded values, and equal twins.
  func matches(_ word: UInt32) -> Bool {
    word & mask == value && !exclusions.contains { word & $0.mask == $0.value }
      && twins.allSatisfy { $0.0.value(in: word) == $0.1.value(in: word) }
  }

  /// `word` with the second of each pair of twins set to the first.
  func aligningTwins(_ word: UInt32) -> UInt32 {
    twins.reduce(word) { $1.1.inserting($1.0.value(in: $0), into: $0) }
  }

  /// The field called `name`; a diagram without it is a programming error.
  func field(_ name: String) -> BitField {
    guard let field = fields[name] else { preconditionFailure("no field \(name)") }
    return field
  }
}
