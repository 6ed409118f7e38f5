import BinVerify
import Synchronization

/// A matcher that several threads may hold: they take turns.
final class SharedMatcher: Sendable {
  /// How many words a row needs at least.
  let words: Int
  private let matcher: Mutex<InstructionMatcher>

  init(_ matcher: InstructionMatcher) {
    words = matcher.decoder.vocabulary.maskWords
    self.matcher = Mutex(matcher)
  }

  /// What `body` says of the matcher, or does to it.
  @inline(__always)
  func with<Result: Sendable>(_ body: (inout InstructionMatcher) -> Result) -> Result {
    matcher.withLock { body(&$0) }
  }

  /// The matcher as it is now.
  var value: InstructionMatcher { matcher.withLock { $0 } }
}
