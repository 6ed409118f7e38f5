import Terms

/// Tries every input of a condition that depends on few bits: complete, and without trust in any
/// solver.
struct Enumeration {
  /// Whether some input satisfies the condition.
  enum Answer {
    case none
    case found(Model)
    case outOfTime
  }

  private static let lanes = 1_024
  /// Conditions that depend on more bits are not tried.
  private static let bitLimit = 32

  /// Where the next bits of an input's number go in a variable.
  private struct Field {
    let variable: Term
    let low: Int
    let width: Int
  }

  private let terms: TermManager
  private let isBad: Term
  private let evaluator: Evaluator
  private let fields: [Field]
  private let bits: Int
  /// An estimate of the time it takes.
  let seconds: Double

  /// Nil where the condition depends on too many bits, or on arrays.
  init?(_ terms: TermManager, isBad: Term) {
    let demanded = DemandedBits(of: isBad, in: terms)
    for variable in demanded.variables {
      if case .array = terms.sort(variable) { return nil }
    }
    fields = demanded.variables.flatMap { Enumeration.fields($0, demanded.bits(of: $0)) }
    bits = fields.reduce(0) { $0 + $1.width }
    guard bits <= Enumeration.bitLimit else { return nil }
    self.terms = terms
    self.isBad = isBad
    evaluator = Evaluator(
      terms, roots: [isBad], lanes: Swift.min(Enumeration.lanes, Swift.max(64, 1 << bits)))
    seconds = Double(1 << UInt64(bits)) * Double(evaluator.stepCount) * 0.6e-9
  }

  /// The runs of ones in `mask`.
  private static func fields(_ variable: Term, _ mask: BitVector) -> [Field] {
    var fields: [Field] = []
    var low = 0
    while low < mask.width {
      var high = low
      // A field lies within a word.
      while high < mask.width, mask.bit(high), high / 64 == low / 64 { high += 1 }
      if high > low { fields.append(Field(variable: variable, low: low, width: high - low)) }
      low = Swift.max(high, low + 1)
    }
    return fields
  }

  /// Goes through all inputs.
  func run(until deadline: Deadline) -> Answer {
    var evaluator = evaluator
    let count = UInt64(1) << UInt64(bits)
    var start: UInt64 = 0
    while start < count {
      if deadline.hasPassed { return .outOfTime }
      set(&evaluator, from: start)
      evaluator.run()
      if let lane = evaluator.firstLane(where: isBad) {
        return .found(Model(evaluator, lane: lane, terms))
      }
      start += UInt64(evaluator.lanes)
    }
    return .none
  }

  /// Gives the variables the inputs whose numbers begin at `start`, bits that do not matter zero.
  private func set(_ evaluator: inout Evaluator, from start: UInt64) {
    var position: UInt64 = 0
    var index = 0
    while index < fields.count {
      // The fields of one variable follow one another.
      let variable = fields[index].variable
      let first = index
      while index < fields.count, fields[index].variable == variable { index += 1 }
      let own = fields[first..<index]
      let base = position
      evaluator.set(variable) { lane, word in
        // Lanes beyond the last input repeat the first ones.
        var rest = (start + UInt64(lane)) >> base
        var value: UInt64 = 0
        for field in own {
          if field.low / 64 == word {
            let mask = UInt64.max >> UInt64(64 - field.width)
            value |= (rest & mask) << UInt64(field.low % 64)
          }
          rest = field.width == 64 ? 0 : rest >> UInt64(field.width)
        }
        return value
      }
      position += UInt64(own.reduce(0) { $0 + $1.width })
    }
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
