/// Tokens that a speculative decoder proposes: a tree, each after an earlier one or the place where
/// the matcher is.
public struct MatcherDraft: Sendable {
  private let tokens: [Int]
  /// The children of the root, then those of each token.
  private let children: [[Int]]

  /// How many tokens are proposed: there is a row more.
  public var count: Int { tokens.count }

  /// - Parameter parents: for each token the one that it follows, an earlier one, or -1 for the place of the
  ///   matcher; nil for a chain.
  /// - Throws: `DecoderError` for another parent.
  public init(tokens: [Int], parents: [Int]? = nil) throws(DecoderError) {
    self.tokens = tokens
    guard let parents else {
      children = tokens.indices.map { [$0] } + [[]]
      return
    }
    guard parents.count == tokens.count else {
      throw DecoderError("parents: \(tokens.count) were expected, found \(parents.count)")
    }
    var children: [[Int]] = Array(repeating: [], count: tokens.count + 1)
    for (index, parent) in parents.enumerated() {
      guard -1..<index ~= parent else {
        throw DecoderError("parents: -1 to \(index - 1) was expected of \(index), found \(parent)")
      }
      children[parent + 1].append(index)
    }
    self.children = children
  }

  /// Calls `body` with 0 at the matcher's place and with i + 1 after each token i that is accepted;
  /// tells which are. The matcher is left where it was.
  fileprivate func visit(
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

extension InstructionMatcher {
  /// Writes the rows of a draft: the matcher's own, and one after each proposed token, of zeros where that is
  /// not accepted. The matcher stays where it is.
  ///
  /// - Parameters:
  ///   - rows: `draft.count + 1` rows of `stride` words, of which the first `vocabulary.maskWords` and those
  ///     above them are written.
  ///   - stride: the words from one row to the next, at least `vocabulary.maskWords`.
  /// - Returns: for each token whether it is accepted.
  @discardableResult
  public mutating func fillDraftBitmasks(
    _ draft: MatcherDraft, into rows: UnsafeMutableBufferPointer<Int32>, stride: Int
  ) -> [Bool] {
    precondition(
      stride >= decoder.vocabulary.maskWords && rows.count >= (draft.count + 1) * stride,
      "\(draft.count + 1) rows of \(decoder.vocabulary.maskWords) words or more")
    return fillDraftBitmasks(draft) {
      UnsafeMutableBufferPointer(rebasing: rows[$0 * stride..<($0 + 1) * stride])
    }
  }

  /// The same for rows wherever they are: 0 is the matcher's own, i + 1 that after token i.
  package mutating func fillDraftBitmasks(
    _ draft: MatcherDraft, row: (Int) -> UnsafeMutableBufferPointer<Int32>
  ) -> [Bool] {
    let taken = draft.visit(&self) { $1.fillNextTokenBitmask(into: row($0)) }
    for index in taken.indices where !taken[index] { row(index + 1).update(repeating: 0) }
    return taken
  }
}
