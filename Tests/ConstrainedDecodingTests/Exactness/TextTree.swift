import ConstrainedDecoding

/// Every text of a small language as a tree, with the tokens from each place to an end: what a matcher
/// has to say, by brute force.
struct TextTree {
  private let alphabet: TokenVocabulary.Alphabet
  /// By place and symbol; -1 where no program goes on so.
  private var children: [Int32] = []
  private let symbols: Int
  private(set) var isEnd: [Bool] = [false]
  /// How many units of text lead to each place.
  private var depth: [Int] = [0]

  init(_ programs: [[UInt8]], _ alphabet: TokenVocabulary.Alphabet) {
    self.alphabet = alphabet
    if case .hex = alphabet { symbols = 17 } else { symbols = 256 }
    children = [Int32](repeating: -1, count: symbols)
    for program in programs {
      var place: Int32 = 0
      for unit in TextTree.text(of: program, alphabet) { place = child(of: place, unit) }
      isEnd[Int(place)] = true
    }
  }

  var count: Int { isEnd.count }

  private mutating func child(of place: Int32, _ unit: UInt8) -> Int32 {
    guard let symbol = symbol(unit) else { preconditionFailure("unit \(unit) in a text") }
    let index = Int(place) * symbols + symbol
    if children[index] >= 0 { return children[index] }
    let new = Int32(count)
    children[index] = new
    children += repeatElement(-1, count: symbols)
    isEnd.append(false)
    depth.append(depth[Int(place)] + 1)
    return new
  }

  /// The number of a unit of text among those that the alphabet has; nil for others.
  private func symbol(_ unit: UInt8) -> Int? {
    guard case .hex(let rule) = alphabet else { return Int(unit) }
    switch unit {
    case 32: return 16
    case 48...57: return Int(unit) - 48
    case 65...70: return rule.digits == .lower ? nil : Int(unit) - 55
    case 97...102: return rule.digits == .upper ? nil : Int(unit) - 87
    default: return nil
    }
  }

  /// How a program is written.
  static func text(of program: [UInt8], _ alphabet: TokenVocabulary.Alphabet) -> [UInt8] {
    guard case .hex(let rule) = alphabet else { return program }
    let isUpper = rule.digits == .upper
    let bytes = program.map { byte in
      let text = String(byte, radix: 16, uppercase: isUpper)
      return Array(((byte < 16 ? "0" : "") + text).utf8)
    }
    return Array(bytes.joined(separator: rule.spacing == .single ? [32] : []))
  }

  // MARK: Steps

  /// Where text leads from a place; nil if no program goes on so.
  func step(_ place: Int32, _ text: some Sequence<UInt8>) -> Int32? {
    var place = place
    for unit in text {
      guard let next = step(place, unit) else { return nil }
      place = next
    }
    return place
  }

  private func step(_ place: Int32, _ unit: UInt8) -> Int32? {
    if case .hex(let rule) = alphabet, rule.spacing == .free, unit == 32 || (9...13).contains(unit)
    {
      return depth[Int(place)] % 2 == 0 ? place : nil
    }
    guard let symbol = symbol(unit) else { return nil }
    let next = children[Int(place) * symbols + symbol]
    return next < 0 ? nil : next
  }

  // MARK: Distances

  /// The fewest tokens from each place to an end; nil where there are none.
  func distances(_ tokens: [[UInt8]]) -> [Int?] {
    var byFirst: [UInt8: [[UInt8]]] = [:]
    for token in Set(tokens) { token.first.map { byFirst[$0, default: []].append(token) } }
    var result: [Int?] = isEnd.map { $0 ? 0 : nil }
    // Every child stands after its parent.
    for place in result.indices.reversed() where !isEnd[place] {
      for (unit, list) in byFirst where step(Int32(place), unit) != nil {
        for token in list {
          guard let next = step(Int32(place), token), next != place, let rest = result[Int(next)]
          else { continue }
          result[place] = Swift.min(result[place] ?? .max, rest + 1)
        }
      }
    }
    return result
  }
}
