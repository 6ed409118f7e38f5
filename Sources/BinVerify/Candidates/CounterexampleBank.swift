/// Inputs on which candidates failed, which those that follow are run on first.
///
/// It is a value that the host keeps and passes, so that a result depends on the candidate, the
/// specification and the bank that it was judged with, and on nothing else that was judged: keep one bank
/// for all candidates whose rewards are compared, and let it grow between such groups.
public struct CounterexampleBank: Sendable, Hashable {
  /// The most inputs that it takes.
  public static let limit = 1_024

  /// The inputs in the order in which they were taken; opaque text, which may be stored.
  public let inputs: [String]

  /// The first `limit` inputs, each once.
  public init(_ inputs: [String] = []) {
    var seen: Set<String> = []
    self.inputs = Array(inputs.filter { seen.insert($0).inserted }.prefix(CounterexampleBank.limit))
  }

  /// The bank with the inputs that refuted the candidates of these results and that no test has been.
  public func adding(_ results: [CandidateResult]) -> CounterexampleBank {
    CounterexampleBank(inputs + results.compactMap(\.failingInput))
  }
}
