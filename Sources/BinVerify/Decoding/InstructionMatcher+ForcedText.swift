import ConstrainedDecoding

extension InstructionMatcher {
  /// A text with which everything that may follow begins, whatever its tokens; empty where the code
  /// may end.
  public func forcedText() -> [UInt8] {
    var copy = self
    var result: [UInt8] = []
    for token in forcedTokens() {
      guard copy.accept(token: token) else { break }
      result += decoder.vocabulary.tokens[token] ?? []
    }
    let vocabulary = decoder.vocabulary
    var common: ArraySlice<UInt8>?
    for token in copy.allowedTokens() {
      // An end adds no text.
      guard !vocabulary.endTokens.contains(token), let text = vocabulary.tokens[token] else {
        return result
      }
      common = common.map { prefix in
        prefix.prefix(zip(prefix, text).prefix { $0 == $1 }.count)
      }
      if common == nil { common = text[...] }
      if common?.isEmpty ?? false { break }
    }
    return result + (common ?? [])
  }
}
