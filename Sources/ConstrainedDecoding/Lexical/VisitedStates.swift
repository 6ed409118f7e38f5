import Terms

/// States of an automaton that code is in between tokens, as random tokens lead to them, with how often.
struct VisitedStates {
  private(set) var states: [(state: Int32, visits: Int)] = []

  /// At most so many tokens are drawn, and fewer where there are few states.
  private static let (tokens, tokensByState) = (4_000, 16)
  /// After so many tokens in a row that are refused the code is begun anew.
  private static let patience = 200

  init(_ text: TextAutomaton, _ texts: TokenTexts) {
    var visits = [CodeAutomaton.open: 1]
    var random = SplitMix64(seed: 1)
    let candidates = (0..<texts.count).filter { !texts[$0].isEmpty }
    var state = CodeAutomaton.open
    var (refused, accepted) = (0, 0)
    let limit = Swift.min(
      VisitedStates.tokens, VisitedStates.tokensByState * text.code.stateCount)
    for _ in 0..<20 * limit where accepted < limit {
      guard let token = candidates.randomElement(using: &random) else { break }
      var reached = state
      for symbol in texts[token] where reached >= 0 { reached = text.step(reached, symbol) }
      refused = reached < 0 ? refused + 1 : 0
      if refused > VisitedStates.patience { reached = CodeAutomaton.open }
      guard reached >= 0 else { continue }
      state = text.openState(reached)
      visits[state, default: 0] += 1
      accepted += 1
    }
    states = visits.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}
