import Terms

/// States of an automaton that code is in between tokens, as random tokens lead to them, with how often.
struct VisitedStates {
  private(set) var states: [(state: Int32, visits: Int)] = []

  /// At most so many tokens are drawn, fewer where there are few states, and twice as many where they lead to fewer
  /// than are asked for.
  private static let (tokens, tokensByState) = (4_000, 16)
  /// After so many tokens in a row that are refused the code is begun anew.
  private static let patience = 200

  /// - Parameter count: as many states are asked for.
  init(_ text: TextAutomaton, _ texts: TokenTexts, count: Int) {
    var visits = [CodeAutomaton.open: 1]
    var random = SplitMix64(seed: 1)
    let candidates = (0..<texts.count).filter { !texts[$0].isEmpty }
    var state = CodeAutomaton.open
    var (refused, accepted) = (0, 0)
    let limit = Swift.min(
      VisitedStates.tokens, VisitedStates.tokensByState * text.code.stateCount)
    for _ in 0..<40 * limit where accepted < (visits.count < count ? 2 * limit : limit) {
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
