/// The fixed bits of a row, read from its diagram without anything else, so that the tables are made
/// fast.
struct FixedBits: Sendable {
  private(set) var mask: UInt32 = 0
  private(set) var value: UInt32 = 0
  /// Whether the diagram excludes values or has a name twice.
  private(set) var isConditional = false

  init(_ diagram: String) {
    let utf8 = diagram.utf8
    let bytes = utf8.span
    var position = 32
    var names: [UInt64] = []
    names.reserveCapacity(12)
    var start = 0
    for end in 0...bytes.count where end == bytes.count || bytes[end] == UInt8(ascii: " ") {
      let part = Part(bytes.extracting(start..<end))
      start = end + 1
      isConditional = isConditional || part.hasExclusion
      // What follows the lowest bit says only what is excluded.
      guard position > 0 else { continue }
      position -= part.width
      mask |= part.fixed << UInt32(position)
      value |= part.value << UInt32(position)
      guard part.isNamed else { continue }
      isConditional = isConditional || names.contains(part.name)
      names.append(part.name)
    }
  }
}

/// A part of a diagram: a name, bits, or both.
private struct Part {
  /// The last eight letters.
  private(set) var name: UInt64 = 0
  private(set) var fixed: UInt32 = 0
  private(set) var value: UInt32 = 0
  /// How many bits it has; a field without a number has one.
  private(set) var width = 0
  private(set) var isNamed = true
  private(set) var hasExclusion = false

  init(_ bytes: Span<UInt8>) {
    var count = bytes.count
    for index in 0..<bytes.count where bytes[index] == UInt8(ascii: "!") {
      hasExclusion = true
      count = Swift.min(count, index)
    }
    if takeBits(bytes, 0..<count) {
      isNamed = false
      return
    }
    (fixed, value, width) = (0, 0, 1)
    for index in 0..<count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "=") {
        width = 0
        _ = takeBits(bytes, index + 1..<count)
        return
      }
      if byte == UInt8(ascii: ":") {
        width = bytes.extracting(index + 1..<count).number
        return
      }
      name = name << 8 | UInt64(byte)
    }
  }

  /// Takes `0`, `1` and `x` as bits; false if there is anything else among them.
  private mutating func takeBits(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Bool {
    for index in range {
      let byte = bytes[index]
      let isFixed = byte == UInt8(ascii: "0") || byte == UInt8(ascii: "1")
      if !isFixed, byte != UInt8(ascii: "x") { return false }
      fixed = fixed << 1 | (isFixed ? 1 : 0)
      value = value << 1 | (byte == UInt8(ascii: "1") ? 1 : 0)
      width += 1
    }
    return true
  }
}

extension Span<UInt8> {
  /// The number that decimal digits are.
  fileprivate var number: Int {
    var number = 0
    for index in indices { number = number * 10 + Int(self[index]) - 48 }
    return number
  }
}
