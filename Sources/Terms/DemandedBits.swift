/// The bits of variables that the value of a term can depend on.
///
/// Extractions, masks and the like keep the other bits out, whatever their values.
public struct DemandedBits {
  /// The variables that occur in the term.
  public let variables: [Term]
  private let terms: TermManager
  /// Where the mask of each term that occurs begins in `words`, by its position.
  private var places: [Int32]
  /// For each term the bits that matter, as ones; for an array one bit.
  private var words: [UInt64] = []

  public init(of root: Term, in terms: TermManager) {
    self.terms = terms
    places = [Int32](repeating: 0, count: root.position + 1)
    let live = terms.support(of: [root])
    variables = live.filter { terms.operation($0) == .variable }
    var size = 0
    for term in live {
      places[term.position] = Int32(size)
      size += BitVector.wordCount(width(term))
    }
    words = [UInt64](repeating: 0, count: size)
    demandAll(root)
    // Users come before what they use.
    for term in live.reversed() where isDemanded(term) { pass(term) }
  }

  /// The demanded bits of a variable, as ones; all others are zero.
  public func bits(of variable: Term) -> BitVector {
    let (start, width) = (place(variable), width(variable))
    return BitVector(width: width) { words[start + $0] }
  }

  private func width(_ term: Term) -> Int {
    if case .array = terms.sort(term) { return 1 }
    return terms.width(term)
  }

  private func place(_ term: Term) -> Int { Int(places[term.position]) }

  private func isDemanded(_ term: Term) -> Bool {
    let start = place(term)
    if words[start] != 0 { return true }
    return words[start..<start + BitVector.wordCount(width(term))].contains { $0 != 0 }
  }

  // MARK: Operators

  /// Demands of a term's operands what its own demanded bits depend on.
  private mutating func pass(_ term: Term) {
    let terms = terms
    let children = terms.children(term)
    switch terms.operation(term) {
    case .constant, .variable: break
    case .not, .xor: for child in children { demand(child, term) }
    case .and:
      demand(children[0], term) { terms.value(children[1])?.words[$0] ?? .max }
      demand(children[1], term) { terms.value(children[0])?.words[$0] ?? .max }
    case .or:
      demand(children[0], term) { ~(terms.value(children[1])?.words[$0] ?? 0) }
      demand(children[1], term) { ~(terms.value(children[0])?.words[$0] ?? 0) }
    case .ifThenElse:
      demandAll(children[0])
      demand(children[1], term)
      demand(children[2], term)
    case .negate, .add, .multiply:
      // Carries go upwards only.
      for child in children { demandLow(child, count: highest(term) + 1) }
    case .concat:
      let low = width(children[1])
      copy(term, 0, count: low, to: children[1], 0)
      copy(term, low, count: width(term) - low, to: children[0], 0)
    case .extract:
      copy(term, 0, count: width(term), to: children[0], terms.bounds(term)?.low ?? 0)
    case .signExtend:
      let own = width(children[0])
      copy(term, 0, count: own, to: children[0], 0)
      if highest(term) >= own { or(1, to: children[0], own - 1) }
    case .equal, .unsignedDivide, .unsignedRemainder, .signedDivide, .signedRemainder, .shiftLeft,
      .logicalShiftRight, .arithmeticShiftRight, .unsignedLess, .signedLess, .select, .store,
      .constantArray:
      for child in children { demandAll(child) }
    }
  }

  /// Demands the bits of a term of a part as wide, less those that are zero in `mask`, by its words.
  private mutating func demand(
    _ child: Term, _ term: Term, mask: (Int) -> UInt64 = { _ in .max }
  ) {
    let (from, to) = (place(term), place(child))
    for index in 0..<BitVector.wordCount(width(term)) {
      words[to + index] |= words[from + index] & mask(index)
    }
  }

  private mutating func demandAll(_ term: Term) { demandLow(term, count: width(term)) }

  private mutating func demandLow(_ term: Term, count: Int) {
    for index in 0..<BitVector.wordCount(count) {
      let rest = Swift.min(64, count - 64 * index)
      let ones: UInt64 = .max >> UInt64(64 - rest)
      words[place(term) + index] |= ones
    }
  }

  /// The highest demanded bit of a term that has one.
  private func highest(_ term: Term) -> Int {
    let start = place(term)
    var last = BitVector.wordCount(width(term)) - 1
    while last > 0, words[start + last] == 0 { last -= 1 }
    return 64 * last + 63 - words[start + last].leadingZeroBitCount
  }

  /// Demands `count` bits of `child` from bit `to` on as those of `term` from bit `from` on are.
  private mutating func copy(
    _ term: Term, _ from: Int, count: Int, to child: Term, _ to: Int
  ) {
    let start = place(term)
    var done = 0
    while done < count {
      // Up to the end of a word of the one or of the other.
      let (read, write) = (from + done, to + done)
      let size = Swift.min(count - done, 64 - read % 64, 64 - write % 64)
      let kept: UInt64 = .max >> UInt64(64 - size)
      let bits: UInt64 = words[start + read / 64] >> UInt64(read % 64) & kept
      or(bits, to: child, write)
      done += size
    }
  }

  private mutating func or(_ bits: UInt64, to term: Term, _ bit: Int) {
    let shifted: UInt64 = bits << UInt64(bit % 64)
    words[place(term) + bit / 64] |= shifted
  }
}
