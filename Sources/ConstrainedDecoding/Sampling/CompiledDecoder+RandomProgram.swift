extension CompiledDecoder {
  /// A matcher that has read random tokens until the end: each drawn evenly from those allowed, the
  /// end among them. Within budgets this always ends; without, it ends by chance.
  public func randomProgram(
    using random: inout some RandomNumberGenerator
  ) -> InstructionMatcher {
    var matcher = matcher()
    while !matcher.isTerminated {
      let allowed = matcher.allowedTokens()
      guard let token = allowed.randomElement(using: &random), matcher.accept(token: token)
      else { break }
    }
    return matcher
  }
}
