import ConstrainedDecoding
import Terms

/// The places of a decoder that its tokens reach, by following all masks, the way drawn first that is
/// followed first.
struct ReachablePlaces {
  private(set) var count = 0
  private(set) var complete = 0
  /// Code from which the mask allows nothing though it is not complete.
  private(set) var deadEnds: [[UInt8]] = []
  /// Code after which the mask allows a token that is refused.
  private(set) var refused: [[UInt8]] = []

  /// Visits at most `limit` places.
  init(_ decoder: CompiledDecoder, limit: Int) {
    var random = SplitMix64(seed: 1)
    var open = [decoder.matcher()]
    while let matcher = open.popLast() {
      if count == limit { return }
      visit(matcher, &open, &random)
    }
  }

  private mutating func visit(
    _ matcher: InstructionMatcher, _ open: inout [InstructionMatcher], _ random: inout SplitMix64
  ) {
    count += 1
    let allowed = matcher.allowedTokens()
    if matcher.isCompleted {
      complete += 1
    } else if allowed.isEmpty {
      deadEnds.append(matcher.program.bytes)
    }
    for token in allowed.shuffled(using: &random) {
      var next = matcher
      if !next.accept(token: token) {
        refused.append(matcher.program.bytes)
      } else if !next.isTerminated {
        open.append(next)
      }
    }
  }
}
