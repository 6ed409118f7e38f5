import Terms

/// Loops, which are unrolled.
extension SymbolicExecutor {
  /// Whether a path that goes round a loop has to be followed once more.
  mutating func continues(_ path: Path, at key: Key) throws -> Bool {
    if let earlier = headers[key], hasComeBack(path, to: earlier) {
      guard isRetry(path, after: earlier) else {
        add(.termination, terms.false, on: path, at: key.address, "loops for ever")
        return false
      }
      // Each failure costs instructions, if they are counted.
      if instructionLimit == nil { return false }
    }
    switch feasibility(path.condition) {
    case .impossible: return false
    case .possible: break
    case .unknown(let reason):
      throw Incomplete(
        obligation: .termination,
        reason: "the loop at \(hex(key.address)) may go on: \(reason)")
    }
    headers[key] = Visit(path: path, termCount: terms.count)
    let header = LoopHeader(address: key.address, calls: key.calls)
    visits[header, default: 0] += 1
    guard visits[header, default: 0] <= bounds.iterations else {
      add(
        .termination, terms.false, on: path, at: key.address,
        "the loop at \(hex(key.address)) runs more than \(bounds.iterations) times",
        isExact: false)
      return false
    }
    return true
  }

  /// Whether a path has to be followed that may have called a function from within itself: whether it can be taken is
  /// asked there, as where a loop goes round.
  func nests(_ path: Path, from: Key?) throws -> Bool {
    guard let from, from.calls.count < path.calls.count, let last = path.calls.last,
      from.calls.contains(last)
    else { return true }
    switch feasibility(path.condition) {
    case .impossible: return false
    case .possible: return true
    case .unknown(let reason):
      throw Incomplete(
        obligation: .termination,
        reason: "the call before \(hex(last)) may nest deeper: \(reason)")
    }
  }

  /// Whether `path` is in the state of `earlier` for inputs that were there then, so that they are there for
  /// the second time, and not for others that come there by another way.
  private func hasComeBack(_ path: Path, to earlier: Visit) -> Bool {
    isSame(earlier.path, path)
      && split(path.condition, earlier.path.condition).2 == terms.true
  }

  /// Whether `path`, which has come back to `earlier`, stands for runs in which something failed by chance
  /// meanwhile. Whatever follows has been followed from there, and chance fails only finitely often.
  private func isRetry(_ path: Path, after earlier: Visit) -> Bool {
    let own = split(path.condition, earlier.path.condition).1
    return terms.conjuncts(of: own).contains {
      $0.position >= earlier.termCount && terms.variable($0)?.isEnvironment ?? false
    }
  }
}
