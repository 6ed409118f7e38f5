/// Executes terms: the values of `roots` for many assignments of their variables at once.
///
/// One pass over the live nodes serves all lanes. Bit-vectors of up to 64 bits run in plain words, the
/// common operators on wider ones word by word; the others and arrays go through `Operator.meaning`.
/// Unset variables are zero.
public struct Evaluator {
  public let lanes: Int
  private let plan: EvaluationPlan
  /// The columns of the live bit-vectors.
  @usableFromInline var words: [UInt64]
  private var arrays: [Int: [ArrayValue]] = [:]

  public init(_ terms: TermManager, roots: [Term], lanes: Int = 64) {
    self.lanes = lanes
    plan = EvaluationPlan(terms, roots: roots, lanes: lanes)
    words = [UInt64](repeating: 0, count: plan.size)
    for constant in plan.constants {
      for lane in 0..<lanes { put(constant.value, at: constant.slot, lane: lane) }
    }
    for array in plan.arrays {
      arrays[array.slot] = Array(
        repeating: ArrayValue(otherwise: .zero(array.elementWidth)), count: lanes)
    }
  }

  /// The variables that occur in the roots.
  public var variables: [Term] { plan.variables }

  /// The number of operators that one run executes.
  public var stepCount: Int { plan.steps.count }

  /// Whether all of them are on at most 64 bits, so that a run takes vector instructions.
  public var isNarrow: Bool { plan.steps.allSatisfy(\.isNarrow) }

  func place(_ term: Term) -> EvaluationPlan.Place {
    guard let place = plan.find(term) else {
      preconditionFailure("term \(term.position) is not part of the evaluated roots")
    }
    return place
  }

  // MARK: Values in and out

  /// Gives a variable its value in one lane; a variable that does not occur is ignored.
  public mutating func set(_ variable: Term, lane: Int, to value: BitVector) {
    guard let place = plan.find(variable) else { return }
    precondition(place.width == value.width, "\(value.width) bits for one of \(place.width)")
    put(value, at: place.slot, lane: lane)
  }

  /// Gives a variable of at most 64 bits a value in every lane; bits above its width must be zero.
  public mutating func set(_ variable: Term, words value: (Int) -> UInt64) {
    guard let place = plan.find(variable) else { return }
    precondition(place.slot >= 0 && place.width <= 64, "\(place.width) bits set as a word")
    for lane in 0..<lanes { words[place.slot + lane] = value(lane) }
  }

  /// Gives a bit-vector variable in every lane the bits of `columns`, the least significant word of all lanes
  /// first, and those of `common`, words of one value; bits above its width must be zero.
  public mutating func set(_ variable: Term, columns: [UInt64], and common: [UInt64]) {
    guard let place = plan.find(variable) else { return }
    precondition(columns.count == common.count * lanes, "columns of another number of lanes")
    for (word, bits) in common.enumerated() {
      let start = word * lanes
      for lane in 0..<lanes { words[place.slot + start + lane] = columns[start + lane] | bits }
    }
  }

  /// One word of the value of a live bit-vector in one lane, after `run`.
  public func word(_ index: Int, of term: Term, lane: Int) -> UInt64 {
    words[place(term).slot + index * lanes + lane]
  }

  /// Gives an array variable its value in one lane.
  public mutating func set(_ variable: Term, lane: Int, to value: ArrayValue) {
    guard let place = plan.find(variable) else { return }
    let exceptions = value.entries.filter { $0.value != value.otherwise }
    arrays[place.slot]?[lane] = ArrayValue(otherwise: value.otherwise, entries: exceptions)
  }

  /// Gives the variables of a model their values in one lane.
  public mutating func set(_ model: Model, lane: Int) {
    for (term, value) in model.values { set(term, lane: lane, to: value) }
    for (term, value) in model.arrays { set(term, lane: lane, to: value) }
  }

  /// Whether `term` is live, so that it has a value.
  public func contains(_ term: Term) -> Bool { plan.find(term) != nil }

  /// The value of a live term in one lane, after `run`.
  public func value(_ term: Term, lane: Int) -> BitVector {
    let place = place(term)
    return get(place.slot, place.width, lane: lane)
  }

  /// The low 64 bits of the value of a live term in one lane, after `run`.
  public func word(_ term: Term, lane: Int) -> UInt64 { words[place(term).slot + lane] }

  /// The first lane in which a live Boolean is true, after `run`.
  public func firstLane(where condition: Term) -> Int? {
    let slot = place(condition).slot
    return words[slot..<slot + lanes].firstIndex(of: 1).map { $0 - slot }
  }

  /// The value of a live array in one lane, after `run`.
  public func array(_ term: Term, lane: Int) -> ArrayValue? { arrays[place(term).slot]?[lane] }

  private mutating func put(_ value: BitVector, at slot: Int, lane: Int) {
    let own = value.words
    for index in own.indices { words[slot + index * lanes + lane] = own[index] }
  }

  private func get(_ slot: Int, _ width: Int, lane: Int) -> BitVector {
    BitVector(width: width) { words[slot + $0 * lanes + lane] }
  }

  // MARK: Running

  /// Computes the value of every live term from the variables.
  public mutating func run() {
    let (plan, lanes) = (plan, lanes)
    if plan.isWordwise {
      return words.withUnsafeMutableBufferPointer { words in
        for step in plan.steps {
          if step.isNarrow {
            step.runNarrow(words, lanes: lanes)
          } else {
            step.runWide(words, lanes: lanes)
          }
        }
      }
    }
    for step in plan.steps {
      if step.isNarrow {
        words.withUnsafeMutableBufferPointer { step.runNarrow($0, lanes: lanes) }
      } else if step.isWordwise {
        words.withUnsafeMutableBufferPointer { step.runWide($0, lanes: lanes) }
      } else {
        for lane in 0..<lanes { runWide(step, lane: lane) }
      }
    }
  }

  private mutating func runWide(_ step: EvaluationPlan.Step, lane: Int) {
    switch step.operation {
    case .select:
      let index = get(step.second, step.secondWidth, lane: lane)
      guard let array = arrays[step.first]?[lane] else { return }
      put(array[index], at: step.slot, lane: lane)
    case .store:
      let index = get(step.second, step.secondWidth, lane: lane)
      let element = get(step.third, step.thirdWidth, lane: lane)
      guard var array = arrays[step.first]?[lane] else { return }
      array.entries[index] = element == array.otherwise ? nil : element
      setArray(step, array, lane: lane)
    case .constantArray:
      let element = get(step.first, step.firstWidth, lane: lane)
      setArray(step, ArrayValue(otherwise: element), lane: lane)
    case .ifThenElse where step.slot < 0:
      let source = words[step.first + lane] == 1 ? step.second : step.third
      if let array = arrays[source]?[lane] { setArray(step, array, lane: lane) }
    case .equal where step.first < 0:
      guard let left = arrays[step.first]?[lane], let right = arrays[step.second]?[lane] else {
        return
      }
      words[step.slot + lane] = left.isSame(as: right) ? 1 : 0
    default:
      put(wideResult(step, lane: lane), at: step.slot, lane: lane)
    }
  }

  private mutating func setArray(_ step: EvaluationPlan.Step, _ value: ArrayValue, lane: Int) {
    if arrays[step.slot] == nil {
      arrays[step.slot] = Array(
        repeating: ArrayValue(otherwise: .zero(value.otherwise.width)), count: lanes)
    }
    arrays[step.slot]?[lane] = value
  }

  private func wideResult(_ step: EvaluationPlan.Step, lane: Int) -> BitVector {
    let first = get(step.first, step.firstWidth, lane: lane)
    switch step.operation {
    case .extract: return first.extracting(step.high, step.low)
    case .signExtend: return first.signExtended(to: step.width)
    default: break
    }
    let arity = step.operation.arity
    let second = arity > 1 ? get(step.second, step.secondWidth, lane: lane) : first
    let third = arity > 2 ? get(step.third, step.thirdWidth, lane: lane) : first
    guard let result = step.operation.meaning(first, second, third) else {
      preconditionFailure("\(step.operation) has no meaning on bits")
    }
    return result
  }
}
