/// The tokens that one of two states of an automaton accepts and the other does not, ends aside.
///
/// The trie is walked from both states at once, but for the branches where both come to the same state. Where
/// one comes to the end of an instruction and the other to nothing, the tokens are those that go on from
/// between two instructions, which are listed for the nodes near to the root.
///
/// A value that never changes.
struct TokenDifferences: Sendable {
  private let text: TextAutomaton
  private let trie: SymbolTrie
  /// The state between two instructions.
  private let boundary: Int32
  /// By number of a node near to the root: where its tokens are in `lists`.
  private var places = [(first: Int32, end: Int32)](repeating: (0, 0), count: outer)
  /// Tokens at and below nodes that go on from between two instructions.
  private var lists: [Int32] = []

  /// The nodes of the first levels, if every one has as many below as there can be; those that have
  /// some with lists below, and all with lists.
  private static let inner = 1 + SymbolTrie.arity * (1 + SymbolTrie.arity)
  private static let outer = inner + SymbolTrie.arity * SymbolTrie.arity * SymbolTrie.arity

  init(_ text: TextAutomaton, _ trie: SymbolTrie) {
    self.text = text
    self.trie = trie
    boundary = text.boundary
    listTokens(below: 0, number: 0)
  }

  private mutating func listTokens(below node: Int, number: Int32) {
    var child = Int(trie.nodes[node].firstChild)
    for symbol in UInt8(0)...Spelling.space where trie.nodes[node].symbols >> symbol & 1 == 1 {
      let number = TokenDifferences.number(below: number, UInt32(symbol))
      let first = Int32(lists.count)
      list(child)
      trie.walk(
        from: boundary, top: child,
        step: { state, symbol in
          let reached = step(state, symbol)
          return reached < 0 ? nil : reached
        }, visit: { node, _ in list(node) })
      places[Int(number)] = (first, Int32(lists.count))
      if number < TokenDifferences.inner { listTokens(below: child, number: number) }
      child += 1
    }
  }

  private mutating func list(_ node: Int) {
    for place in trie.tokenPlaces(at: node) { lists.append(trie.tokens[place]) }
  }

  /// The number of a node below one with `above`; -1 if it is not near to the root.
  @inline(__always)
  private static func number(below above: Int32, _ symbol: UInt32) -> Int32 {
    above < 0 || above >= inner ? -1 : above &* Int32(SymbolTrie.arity) &+ Int32(symbol) &+ 1
  }

  /// Flips the bits of a row for every token that one state accepts and the other does not; `dead` accepts
  /// none. Tells how many those are.
  @discardableResult
  func flip(_ row: UnsafeMutableBufferPointer<Int32>, from old: Int32, to new: Int32) -> Int {
    precondition(Swift.max(old, new) < text.stateCount, "states \(old) and \(new)")
    // Every place that is taken has less than `arity` below it, and those that are open are the rest of
    // such as were put there together.
    let room = SymbolTrie.arity * (trie.longest + 2)
    return text.code.readSteps { steps in
      trie.nodes.withUnsafeBufferPointer { nodes in
        trie.tokens.withUnsafeBufferPointer { tokens in
          withUnsafeTemporaryAllocation(of: Place.self, capacity: room) { open in
            open[0] = Place(old: old, new: new, node: 0, number: 0)
            var count = 1
            var flipped = 0
            while count > 0 {
              count &-= 1
              let place = open[count]
              precondition(count + SymbolTrie.arity <= room, "\(count) places open of \(room)")
              flipped &+= expand(place, steps, nodes, tokens, open, &count, row)
            }
            return flipped
          }
        }
      }
    }
  }

  /// Puts the places below one, where both states differ, onto the others; tells how many bits it flipped.
  @inline(__always)
  private func expand(
    _ above: Place, _ steps: StateSteps, _ nodes: UnsafeBufferPointer<SymbolTrie.Node>,
    _ tokens: UnsafeBufferPointer<Int32>, _ open: UnsafeMutableBufferPointer<Place>,
    _ count: inout Int, _ row: UnsafeMutableBufferPointer<Int32>
  ) -> Int {
    let top = nodes[Int(above.node)]
    let isPlain =
      steps.isNarrow && text.spacing != .single
      && Swift.max(above.old, above.new) < text.firstWaiting
    var symbols = top.symbols
    if isPlain, TokenDifferences.areMany(symbols) {
      symbols &= steps.differing(above.old, above.new) | TokenDifferences.space
    }
    let targets = (steps.narrowTargets(above.old), steps.narrowTargets(above.new))
    var flipped = 0
    while symbols != 0 {
      let symbol = UInt8(truncatingIfNeeded: symbols.trailingZeroBitCount)
      symbols &= symbols &- 1
      let isDirect = isPlain && symbol < Spelling.space
      let old = isDirect ? targets.0.after(symbol) : step(above.old, symbol)
      let new = isDirect ? targets.1.after(symbol) : step(above.new, symbol)
      if old == new { continue }
      let node = top.child(UInt32(symbol))
      let number = TokenDifferences.number(below: above.number, UInt32(symbol))
      if Swift.min(old, new) < 0 {
        if number >= 0, Swift.max(old, new) == boundary {
          flipped &+= flipList(row, number)
          continue
        }
        var place = nodes[node].firstToken
        let end = nodes[node &+ 1].firstToken
        flipped &+= Int(end &- place)
        while place < end {
          flip(row, tokens[Int(place)])
          place &+= 1
        }
      }
      if nodes[node].symbols == 0 { continue }
      open[count] = Place(old: old, new: new, node: Int32(truncatingIfNeeded: node), number: number)
      count &+= 1
    }
    return flipped
  }

  /// Flips the tokens of the list with a number, and tells how many they are.
  private func flipList(_ row: UnsafeMutableBufferPointer<Int32>, _ number: Int32) -> Int {
    let place = places[Int(number)]
    for token in lists[Int(place.first)..<Int(place.end)] { flip(row, token) }
    return Int(place.end &- place.first)
  }

  /// Whether there are three or more: then it is worth while to compare all targets at once first.
  @inline(__always)
  private static func areMany(_ symbols: UInt32) -> Bool {
    let rest = symbols & (symbols &- 1)
    return rest & (rest &- 1) != 0
  }

  private static var space: UInt32 { 1 << 16 }

  @inline(__always)
  private func flip(_ row: UnsafeMutableBufferPointer<Int32>, _ token: Int32) {
    row[Int(token >> 5)] ^= 1 &<< (token & 31)
  }

  /// Where both states led to at a node, and its number.
  private struct Place {
    let old: Int32
    let new: Int32
    let node: Int32
    let number: Int32
  }

  /// Where a symbol leads, ends aside.
  @inline(__always)
  private func step(_ state: Int32, _ symbol: UInt8) -> Int32 {
    state < 0 ? state : text.openState(text.step(state, symbol))
  }

  /// The bytes that the lists take.
  var memory: Int { (lists.count + places.count * 2) * 4 }
}
