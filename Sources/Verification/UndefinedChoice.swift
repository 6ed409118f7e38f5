import Terms

/// One way to choose everything that the manual leaves undefined and nothing initialised, and what
/// the environment gives; the latter fails now and then in all ways but `zeros`, and in none always.
enum UndefinedChoice: Hashable {
  case zeros, ones
  /// Values that depend on the seed and on the place, but are the same at each look.
  case random(UInt64)

  /// The choices that a replay tries in turn.
  static let all: [UndefinedChoice] = [.zeros, .ones] + (1...6).map { .random($0) }

  /// What a byte of memory that nothing initialised holds.
  func byte(at address: UInt64) -> UInt8 {
    switch self {
    case .zeros: return 0
    case .ones: return 0xFF
    case .random(let seed):
      var random = SplitMix64(seed: seed &* 0x9E37_79B9 &+ address)
      return UInt8(truncatingIfNeeded: random.next())
    }
  }

  /// The value of `term` with its variables chosen.
  func resolve(_ term: Term, _ terms: TermManager) -> BitVector {
    if let value = terms.value(term) { return value }
    if let variable = terms.variable(term) {
      return value(of: term, isEnvironment: variable.isEnvironment, terms)
    }
    var evaluator = Evaluator(terms, roots: [term], lanes: 1)
    set(&evaluator, terms) { _ in true }
    evaluator.run()
    return evaluator.value(term, lane: 0)
  }

  /// Sets those variables of an evaluator of one lane that are chosen.
  func set(
    _ evaluator: inout Evaluator, _ terms: TermManager, where isChosen: (Term) -> Bool
  ) {
    for variable in evaluator.variables where isChosen(variable) {
      if case .array = terms.sort(variable) { continue }
      let isEnvironment = terms.variable(variable)?.isEnvironment ?? false
      evaluator.set(
        variable, lane: 0, to: value(of: variable, isEnvironment: isEnvironment, terms))
    }
  }

  private func value(
    of variable: Term, isEnvironment: Bool, _ terms: TermManager
  ) -> BitVector {
    let choice = self == .ones && isEnvironment ? .random(0) : self
    let width = terms.width(variable)
    switch choice {
    case .zeros: return .zero(width)
    case .ones: return .ones(width)
    case .random(let seed):
      // By name: a run that begins with new terms finds the values of the old ones again.
      let name = terms.variable(variable)?.name ?? ""
      var random = SplitMix64(seed: seed &* 0x85EB_CA6B &+ UndefinedChoice.digest(name))
      return BitVector(width: width) { _ in random.next() }
    }
  }

  private static func digest(_ name: String) -> UInt64 {
    name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
