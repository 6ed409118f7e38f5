/// The fixed bits of a row, read from its diagram without anything else, so that the tables are made
/// fast.
struct FixedBits: Sendable {
  private(set) var mask: UInt32 = 0
  private(set) var value: UInt32 = 0
  /// Whether the diagram excludes values or has a name twice.
  private(set) var isConditional: Bool

  init(_ diagram: String) {
    isConditional = diagram.utf8.contains(UInt8(ascii: "!"))
    var position = 32
    var names: [UInt64] = []
    var part = Part()
    for byte in diagram.utf8 {
      if position == 0 { break }
      if byte == UInt8(ascii: " ") {
        add(part, below: &position, &names)
        part = Part()
      } else {
        part.take(byte)
      }
    }
    if position > 0 { add(part, below: &position, &names) }
  }

  private mutating func add(_ part: Part, below position: inout Int, _ names: inout [UInt64]) {
    position -= part.width
    mask |= part.fixed << UInt32(position)
    value |= part.value << UInt32(position)
    guard part.isNamed else { return }
    isConditional = isConditional || names.contains(part.name)
    names.append(part.name)
  }
}

/// A part of a diagram: a name, bits, or both.
private struct Part {
  /// The last eight letters.
  private(set) var name: UInt64 = 0
  private(set) var fixed: UInt32 = 0
  private(set) var value: UInt32 = 0
  /// How many of `0`, `1` and `x` were read as bits, and the number after a colon.
  private var bitCount = 0
  private var number = 0
  /// Whether all before a mark could be bits.
  private var isBits = true
  /// `:` or `=` once that was read, `!` when the rest says what is excluded.
  private var mark: UInt8 = 0
  private var isExclusion = false

  var isNamed: Bool { mark != 0 || !isBits }
  /// A field without a number has one bit.
  var width: Int {
    mark == UInt8(ascii: ":") || mark == 0 && !isBits ? Swift.max(number, 1) : bitCount
  }

  mutating func take(_ byte: UInt8) {
    if byte == UInt8(ascii: "!") { isExclusion = true }
    if isExclusion { return }
    switch (mark, byte) {
    case (0, UInt8(ascii: ":")), (0, UInt8(ascii: "=")):
      mark = byte
      (fixed, value, bitCount) = (0, 0, 0)
    case (UInt8(ascii: ":"), _): number = number * 10 + Int(byte) - 48
    case (UInt8(ascii: "="), _): takeBit(byte)
    default:
      name = name << 8 | UInt64(byte)
      takeBit(byte)
      if !isBits { (fixed, value) = (0, 0) }
    }
  }

  private mutating func takeBit(_ byte: UInt8) {
    let isFixed = byte == UInt8(ascii: "0") || byte == UInt8(ascii: "1")
    if mark == 0 { isBits = isBits && (isFixed || byte == UInt8(ascii: "x")) }
    fixed = fixed << 1 | (isFixed ? 1 : 0)
    value = value << 1 | (byte == UInt8(ascii: "1") ? 1 : 0)
    bitCount += 1
  }
}
