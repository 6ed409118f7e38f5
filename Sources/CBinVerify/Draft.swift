import BinVerify

/// Tokens that a speculative decoder proposes: a tree, each after an earlier one or the place where
/// the matcher is.
struct Draft {
  private let tokens: [Int]
  /// The children of the root, then those of each token.
  private var children: [[Int]]

  /// A chain.
  init(tokens: [Int]) {
    self.tokens = tokens
    children = tokens.indices.map { [$0] } + [[]]
  }

  /// Makes it a tree: by token the one that it follows, -1 for the root.
  mutating func follow(_ parents: [Int]) throws(Failure) {
    children = Array(repeating: [], count: tokens.count + 1)
    for (index, parent) in parents.enumerated() {
      guard -1..<index ~= parent else {
        throw .argument("parents: -1 to \(index - 1) was expected of \(index), found \(parent)")
      }
      children[parent + 1].append(index)
    }
  }

  /// Calls `body` with 0 at the matcher's place and with i + 1 after each token i that is accepted;
  /// tells which are. The matcher is left where it was.
  func visit(
    _ matcher: inout InstructionMatcher, _ body: (Int, InstructionMatcher) -> Void
  ) -> [Bool] {
    var taken = [Bool](repeating: false, count: tokens.count)
    body(0, matcher)
    // Depth first; a negative entry takes a token back.
    var open = Array(children[0].reversed())
    while let index = open.popLast() {
      if index < 0 {
        _ = matcher.rollback(1)
        continue
      }
      guard matcher.accept(token: tokens[index]) else { continue }
      taken[index] = true
      body(index + 1, matcher)
      open.append(-1)
      open += children[index + 1].reversed()
    }
    return taken
  }
}
