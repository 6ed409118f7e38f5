/// The fixed bits of a row, read from its diagram without anything else, so that the tables are made
/// fast.
struct FixedBits: Sendable {
  private(set) var mask: UInt32 = 0
  private(set) var value: UInt32 = 0
  /// Whether the diagram excludes values or has a name twice.
  private(set) var isConditional: Bool

  init(_ diagram: String) {
    isConditional = diagram.utf8.contains(33)
    var position = 32
    var names: [UInt64] = []
    for part in diagram.utf8.split(separator: 32) where position > 0 {
      var (name, bits, width): (UInt64, Int, Int) = (0, 0, 0)
      var isNumber = true
      var mark: UInt8 = 0
      for byte in part {
        if byte == 33 { break }
        switch (mark, byte) {
        case (0, 58), (0, 61): mark = byte
        case (58, _): width = width * 10 + Int(byte) - 48
        case (61, _): bits += 1
        default:
          name = name << 8 | UInt64(byte)
          isNumber = isNumber && (byte == 48 || byte == 49 || byte == 120)
          bits += 1
        }
      }
      if mark == 58 || mark == 0 && !isNumber {
        position -= Swift.max(width, 1)
      } else {
        let digits = mark == 61 ? part.drop { $0 != 61 }.dropFirst() : part
        add(digits.prefix { $0 != 33 }, below: &position)
      }
      if mark != 0 || !isNumber {
        isConditional = isConditional || names.contains(name)
        names.append(name)
      }
    }
  }

  private mutating func add(_ digits: Substring.UTF8View, below position: inout Int) {
    for digit in digits {
      position -= 1
      if digit == 120 { continue }
      mask |= 1 << UInt32(position)
      if digit == 49 { value |= 1 << UInt32(position) }
    }
  }
}
