import Terms

/// Tries every input of a condition that depends on few bits: complete, and without trust in any
/// solver.
package struct Enumeration {
  /// Whether some input satisfies the condition.
  package enum Answer {
    case none
    case found(Model)
    case outOfTime
  }

  private static let lanes = 256
  /// Conditions that depend on more bits are not tried.
  private static let bitLimit = 32

  /// Where some bits of an input's number, from `position` upwards, go in a variable.
  private struct Field {
    let variable: Term
    let low: Int
    let width: Int
    let position: Int
  }

  private let terms: TermManager
  private let isBad: Term
  private let evaluator: Evaluator
  /// Those of each variable that matters.
  private let fields: [[Field]]
  private let bits: Int
  /// An estimate of the time it takes, if `isNarrow`; else it may take much longer.
  package let seconds: Double

  var isNarrow: Bool { evaluator.isNarrow }

  /// Nil where the condition depends on too many bits, or on arrays.
  package init?(_ terms: TermManager, isBad: Term) {
    let demanded = DemandedBits(of: isBad, in: terms)
    for variable in demanded.variables {
      if case .array = terms.sort(variable) { return nil }
    }
    var position = 0
    fields = demanded.variables.map {
      Enumeration.fields($0, demanded.bits(of: $0), from: &position)
    }.filter { !$0.isEmpty }
    bits = position
    guard bits <= Enumeration.bitLimit else { return nil }
    self.terms = terms
    self.isBad = isBad
    evaluator = Evaluator(
      terms, roots: [isBad], lanes: Swift.min(Enumeration.lanes, Swift.max(64, 1 << bits)))
    seconds = Double(1 << UInt64(bits)) * Double(evaluator.stepCount) * 0.4e-9
  }

  /// The runs of ones in `mask`, which take the bits of an input's number from `position` upwards.
  private static func fields(
    _ variable: Term, _ mask: BitVector, from position: inout Int
  ) -> [Field] {
    var fields: [Field] = []
    var low = 0
    while low < mask.width {
      var high = low
      // A field lies within a word.
      while high < mask.width, mask.bit(high), high / 64 == low / 64 { high += 1 }
      if high > low {
        let width = high - low
        fields.append(Field(variable: variable, low: low, width: width, position: position))
        position += width
      }
      low = Swift.max(high, low + 1)
    }
    return fields
  }

  /// Goes through all inputs.
  package func run(until deadline: Deadline) -> Answer {
    var evaluator = evaluator
    let columns = columns()
    let count = UInt64(1) << UInt64(bits)
    var start: UInt64 = 0
    while start < count {
      if deadline.hasPassed { return .outOfTime }
      for column in columns {
        evaluator.set(column.variable, columns: column.words, and: column.spread(start))
      }
      evaluator.run()
      if let lane = evaluator.firstLane(where: isBad) {
        return .found(Model(evaluator, lane: lane, terms))
      }
      start += UInt64(evaluator.lanes)
    }
    return .none
  }

  /// What one variable has in the first inputs, one in each lane, and where more bits of an input's
  /// number go.
  private struct Column {
    let variable: Term
    private let fields: [Field]
    private let wordCount: Int
    /// The least significant word of all lanes first; bits that do not matter are zero.
    let words: [UInt64]

    init(_ fields: [Field], width: Int, lanes: Int) {
      let wordCount = BitVector.wordCount(width)
      variable = fields[0].variable
      self.fields = fields
      self.wordCount = wordCount
      words = (0..<wordCount * lanes).map { index in
        Column.word(index / lanes, of: UInt64(index % lanes), fields)
      }
    }

    /// The variable's words in the input of a number.
    func spread(_ number: UInt64) -> [UInt64] {
      (0..<wordCount).map { Column.word($0, of: number, fields) }
    }

    private static func word(
      _ word: Int, of number: UInt64, _ fields: [Field]
    ) -> UInt64 {
      fields.reduce(0) { value, field in
        guard field.low / 64 == word else { return value }
        let bits = number >> UInt64(field.position) & UInt64.max >> UInt64(64 - field.width)
        return value | bits << UInt64(field.low % 64)
      }
    }
  }

  private func columns() -> [Column] {
    fields.map { Column($0, width: terms.width($0[0].variable), lanes: evaluator.lanes) }
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
