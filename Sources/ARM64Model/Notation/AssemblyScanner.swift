import MachineModel
import Terms

/// The operands of one line of assembly, cut at the commas outside brackets, in lower case.
struct AssemblyScanner {
  /// A piece of the line and the column, from 1, where it starts.
  struct Item {
    let text: String
    let column: Int
  }

  let mnemonic: String
  private(set) var items: ArraySlice<Item>
  let address: UInt64
  /// Names that places may have, as written.
  let labels: [String: UInt64]
  /// The column to blame: that of the last item looked at.
  var column: Int
  /// Whether an index of a byte access was written with a shift by zero, an encoding of its own.
  var hasExplicitZeroShift = false

  init(_ line: String, at address: UInt64, labels: [String: UInt64]) {
    let bytes = Array(line.utf8)
    let end = AssemblyScanner.commentStart(bytes)
    var position = AssemblyScanner.skipSpaces(bytes, 0, end)
    let start = position
    while position < end, bytes[position] > 32 { position += 1 }
    mnemonic = AssemblyScanner.string(bytes[start..<position]).lowercased()
    items = AssemblyScanner.items(bytes, from: position, to: end)[...]
    column = start + 1
    self.address = address
    self.labels = labels
    if mnemonic.hasPrefix("b."), mnemonic.utf8.count > 2 {
      items = [Item(text: String(mnemonic.dropFirst(2)), column: start + 3)] + items
    }
  }

  private static func string(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes, as: UTF8.self)
  }

  /// Where `//` or `;` starts a comment.
  private static func commentStart(_ bytes: [UInt8]) -> Int {
    for (index, byte) in bytes.enumerated() {
      if byte == 59 { return index }
      if byte == 47, index + 1 < bytes.count, bytes[index + 1] == 47 { return index }
    }
    return bytes.count
  }

  private static func skipSpaces(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
    var position = start
    while position < end, bytes[position] <= 32 { position += 1 }
    return position
  }

  private static func items(_ bytes: [UInt8], from start: Int, to end: Int) -> [Item] {
    var result: [Item] = []
    var depth = 0
    var first = start
    func append(upTo last: Int) {
      let begin = skipSpaces(bytes, first, last)
      var stop = last
      while stop > begin, bytes[stop - 1] <= 32 { stop -= 1 }
      result += members(of: Item(text: string(bytes[begin..<stop]), column: begin + 1))
    }
    for position in start..<end {
      switch bytes[position] {
      case 91, 123: depth += 1
      case 93, 125: depth -= 1
      case 44 where depth == 0:
        append(upTo: position)
        first = position + 1
      default: break
      }
    }
    if skipSpaces(bytes, first, end) < end || !result.isEmpty { append(upTo: end) }
    return result
  }

  // MARK: Taking items

  /// Takes the next item.
  mutating func next(_ expected: String) throws(AssemblyError) -> Item {
    guard let item = items.popFirst() else {
      throw AssemblyError(column: column, reason: "\(expected) is missing")
    }
    column = item.column
    return item
  }

  /// Takes the next item if it starts with one of the shifts or extensions, and reads it.
  mutating func modifier() throws(AssemblyError) -> (Modifier, amount: Int?)? {
    guard let item = items.first else { return nil }
    let lower = item.text.lowercased()
    let word = lower.prefix { $0 != " " && $0 != "#" }
    guard let modifier = Modifier(rawValue: String(word)) else { return nil }
    items.removeFirst()
    column = item.column
    let rest = String(lower.dropFirst(word.count).drop { $0 == " " })
    if rest.isEmpty { return (modifier, nil) }
    guard let amount = AssemblyScanner.number(rest), amount >= 0, amount < 1 << 16 else {
      throw AssemblyError(column: column, reason: "\"\(rest)\" where a shift amount belongs")
    }
    return (modifier, Int(amount))
  }

  /// Takes a constant, with `#` or without.
  mutating func constant() throws(AssemblyError) -> Int128 {
    let item = try next("a constant")
    guard let value = AssemblyScanner.number(item.text) else {
      throw AssemblyError(column: column, reason: "\"\(item.text)\" where a constant belongs")
    }
    return value
  }

  /// Takes a place: a label, an absolute address, or `#` and an offset from the instruction.
  mutating func place(isPage: Bool = false) throws(AssemblyError) -> UInt64 {
    let item = try next("an address")
    if let label = labels[item.text] { return isPage ? label & ~0xFFF : label }
    guard let value = AssemblyScanner.number(item.text) else {
      throw AssemblyError(column: column, reason: "unknown label \"\(item.text)\"")
    }
    let number = UInt64(truncatingIfNeeded: value)
    guard item.text.hasPrefix("#") else { return number }
    return (isPage ? address & ~0xFFF : address) &+ number
  }

  /// The number that `text` stands for: decimal or `0x`, a sign, `#` in front.
  static func number(_ text: String) -> Int128? {
    var digits = text[...]
    if digits.hasPrefix("#") { digits = digits.dropFirst() }
    let isNegative = digits.hasPrefix("-")
    if isNegative || digits.hasPrefix("+") { digits = digits.dropFirst() }
    let isHexadecimal = digits.hasPrefix("0x") || digits.hasPrefix("0X")
    if isHexadecimal { digits = digits.dropFirst(2) }
    guard let first = digits.utf8.first, first != 43, first != 45,
      let magnitude = UInt64(digits, radix: isHexadecimal ? 16 : 10)
    else { return nil }
    return isNegative ? -Int128(magnitude) : Int128(magnitude)
  }
}
