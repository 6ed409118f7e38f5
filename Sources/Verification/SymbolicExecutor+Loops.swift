import Terms

/// Loops, which are unrolled.
extension SymbolicExecutor {
  /// Whether a path that goes round a loop has to be followed once more.
  mutating func continues(_ path: Path, at key: Key) throws -> Bool {
    if let earlier = headers[key], isSame(earlier, path) {
      if isRetry(path, after: earlier) { return false }
      add(.termination, terms.false, on: path, at: key.address, "loops for ever")
      return false
    }
    switch feasibility(path.condition) {
    case .impossible: return false
    case .possible: break
    case .unknown(let reason):
      throw Incomplete(
        obligation: .termination,
        reason: "the loop at \(hex(key.address)) may go on: \(reason)")
    }
    headers[key] = path
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

  /// Whether `path`, whose state is that of `earlier`, is one of the runs that `earlier` stands for
  /// in which something failed by chance meanwhile. Whatever follows has been followed from there,
  /// and chance fails only finitely often.
  private func isRetry(_ path: Path, after earlier: Path) -> Bool {
    let (_, own, theirs) = split(path.condition, earlier.condition)
    return theirs == terms.true
      && terms.conjuncts(of: own).contains { terms.variable($0)?.isEnvironment ?? false }
  }
}
