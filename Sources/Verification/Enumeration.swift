import Terms

/// Tries every input of a condition that has few: complete, and without trust in any solver.
struct Enumeration {
  /// Whether some input satisfies the condition.
  enum Answer {
    case none
    case found(Model)
    case outOfTime
  }

  private static let lanes = 1_024
  /// Conditions with more input bits are not tried.
  private static let bitLimit = 32

  private let terms: TermManager
  private let isBad: Term
  private let evaluator: Evaluator
  private let bits: Int
  /// An estimate of the time it takes.
  let seconds: Double

  /// Nil where the condition has too many input bits, or arrays among its inputs.
  init?(_ terms: TermManager, isBad: Term) {
    let variables = terms.freeVariables(of: [isBad])
    var bits = 0
    for variable in variables {
      if case .array = terms.sort(variable) { return nil }
      bits += terms.width(variable)
      if bits > Enumeration.bitLimit { return nil }
    }
    self.terms = terms
    self.isBad = isBad
    self.bits = bits
    evaluator = Evaluator(terms, roots: [isBad], lanes: Enumeration.lanes)
    seconds = Double(1 << UInt64(bits)) * Double(evaluator.stepCount) * 0.6e-9
  }

  /// Goes through all inputs.
  func run(until deadline: Deadline) -> Answer {
    var evaluator = evaluator
    let count = UInt64(1) << UInt64(bits)
    var start: UInt64 = 0
    while start < count {
      if deadline.hasPassed { return .outOfTime }
      var low: UInt64 = 0
      for variable in evaluator.variables {
        let width = UInt64(terms.width(variable))
        let mask = (UInt64(1) << width) - 1
        // Lanes beyond the last input repeat the first ones.
        evaluator.set(variable, words: { (start + UInt64($0)) >> low & mask })
        low += width
      }
      evaluator.run()
      for lane in 0..<Enumeration.lanes where evaluator.word(isBad, lane: lane) == 1 {
        return .found(Model(evaluator, lane: lane, terms))
      }
      start += UInt64(Enumeration.lanes)
    }
    return .none
  }
}

extension Model {
  /// The values of an evaluator's variables in one lane, arrays left out.
  init(_ evaluator: Evaluator, lane: Int, _ terms: TermManager) {
    self.init()
    for variable in evaluator.variables {
      if case .array = terms.sort(variable) { continue }
      values[variable] = evaluator.value(variable, lane: lane)
    }
  }
}
