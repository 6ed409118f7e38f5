import ProofChecking

/// What CaDiCaL learned of some clauses, and what of it was checked.
///
/// A class because the solver writes to it.
final class LearnedClauses {
  /// When to give up.
  var end = ContinuousClock.now
  private var trace = ClauseTrace()
  /// What was traced and not yet read.
  private var unread: [UInt8] = []
  private var failure: ClauseTrace.Failure?

  /// So many bytes are kept; what is longer is checked while the solver waits.
  private static let longestUnread = 64 << 20
  /// So many bytes may all clauses take.
  private static let memoryLimit = 2 << 30

  /// Whether nothing more can be proved, since a step could not be followed.
  var isBroken: Bool { failure != nil }

  func addAxiom(_ clause: [ClauseLiteral]) { trace.addAxiom(clause) }

  func append(_ bytes: UnsafeBufferPointer<UInt8>) {
    unread.append(contentsOf: bytes)
    // Only the end of a clause is a zero byte.
    if unread.count > LearnedClauses.longestUnread, let last = unread.lastIndex(of: 0) {
      let rest = Array(unread[(last + 1)...])
      unread.removeSubrange((last + 1)...)
      read()
      unread = rest
    }
  }

  /// Why it is not known that a clause follows; nil if it was checked.
  func prove(_ clause: [ClauseLiteral]) -> String? {
    read()
    switch failure {
    case nil where trace.proves(clause): return nil
    case .outOfTime: return "the time limit, while CaDiCaL's proof was checked"
    case .tooLarge: return "the memory limit, while CaDiCaL's proof was checked"
    default: return "CaDiCaL's proof could not be followed"
    }
  }

  private func read() {
    guard failure == nil else { return unread.removeAll() }
    do throws(ClauseTrace.Failure) {
      if trace.checker.memory > LearnedClauses.memoryLimit { throw .tooLarge }
      try trace.read(unread, until: end)
      unread.removeAll(keepingCapacity: unread.count < 1 << 20)
    } catch {
      failure = error
    }
  }
}
