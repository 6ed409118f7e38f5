/// Executes terms: the values of `roots` for many assignments of their variables at once.
///
/// One pass over the live nodes serves all lanes. Bit-vectors of up to 64 bits run in plain words, the
/// common operators on wider ones word by word; the others and arrays go through `Operator.meaning`.
/// Unset variables are zero.
public struct Evaluator {
  /// One live node: its operator, where its operands and its result are.
  struct Step {
    let operation: Operator
    let width: Int
    /// The widths of the operands; zero for arrays.
    let firstWidth: Int
    let secondWidth: Int
    let thirdWidth: Int
    let slot: Int
    let first: Int
    let second: Int
    let third: Int
    /// Bounds of an `extract`.
    let high: Int
    let low: Int
    let isNarrow: Bool
  }

  public let lanes: Int
  private let terms: TermManager
  /// The variables that occur in the roots.
  public let variables: [Term]
  private var steps: [Step] = []
  /// The live terms, children before parents, and where their values are.
  private let live: [Term]
  private var places: [(slot: Int, width: Int)] = []
  var words: [UInt64]
  var arrays: [Int: [ArrayValue]] = [:]

  public init(_ terms: TermManager, roots: [Term], lanes: Int = 64) {
    self.terms = terms
    self.lanes = lanes
    let live = terms.support(of: roots)
    self.live = live
    variables = live.filter { terms.operation($0) == .variable }
    var next = 0
    places.reserveCapacity(live.count)
    steps.reserveCapacity(live.count)
    for term in live {
      let sort = terms.sort(term)
      if case .array = sort {
        places.append((-1 - places.count, 0))
      } else {
        places.append((next, sort.width))
        next += BitVector.wordCount(sort.width) * lanes
      }
    }
    words = [UInt64](repeating: 0, count: next)
    for term in live { prepare(term) }
  }

  private mutating func prepare(_ term: Term) {
    if terms.isConstant(term) {
      prepareConstant(term)
      return
    }
    if terms.operation(term) == .variable {
      if case .array(_, let element) = terms.sort(term) {
        arrays[place(term).slot] = Array(
          repeating: ArrayValue(otherwise: .zero(element)), count: lanes)
      }
      return
    }
    let children = terms.children(term).map(place)
    let bounds = terms.bounds(term) ?? (0, 0)
    let own = place(term)
    steps.append(
      Step(
        operation: terms.operation(term), width: own.width, firstWidth: children[0].width,
        secondWidth: children.count > 1 ? children[1].width : 0,
        thirdWidth: children.count > 2 ? children[2].width : 0,
        slot: own.slot, first: children[0].slot,
        second: children.count > 1 ? children[1].slot : 0,
        third: children.count > 2 ? children[2].slot : 0, high: bounds.high, low: bounds.low,
        isNarrow: own.slot >= 0 && own.width <= 64
          && children.allSatisfy { $0.slot >= 0 && $0.width <= 64 }))
  }

  private mutating func prepareConstant(_ term: Term) {
    let place = place(term)
    if place.width <= 64, let word = terms.small(term) {
      for lane in 0..<lanes { words[place.slot + lane] = word }
    } else if let value = terms.value(term) {
      for lane in 0..<lanes { put(value, at: place.slot, lane: lane) }
    }
  }

  /// Where the value of a live term is; nil for any other.
  private func find(_ term: Term) -> (slot: Int, width: Int)? {
    var (low, high) = (0, live.count)
    while low < high {
      let middle = (low + high) / 2
      if live[middle].position < term.position { low = middle + 1 } else { high = middle }
    }
    return low < live.count && live[low] == term ? places[low] : nil
  }

  func place(_ term: Term) -> (slot: Int, width: Int) {
    guard let place = find(term) else {
      preconditionFailure("term \(term.position) is not part of the evaluated roots")
    }
    return place
  }

  // MARK: Values in and out

  /// Gives a variable its value in one lane; a variable that does not occur is ignored.
  public mutating func set(_ variable: Term, lane: Int, to value: BitVector) {
    guard let place = find(variable) else { return }
    precondition(place.width == value.width, "\(value.width) bits for one of \(place.width)")
    put(value, at: place.slot, lane: lane)
  }

  /// Gives a variable of at most 64 bits a value in every lane; bits above its width must be zero.
  public mutating func set(_ variable: Term, words value: (Int) -> UInt64) {
    guard let place = find(variable) else { return }
    precondition(place.slot >= 0 && place.width <= 64, "\(place.width) bits set as a word")
    for lane in 0..<lanes { words[place.slot + lane] = value(lane) }
  }

  /// The number of operators that one run executes.
  public var stepCount: Int { steps.count }

  /// Gives a bit-vector variable its value in every lane, from the lane and the index of the word,
  /// least significant first; bits above its width must be zero.
  public mutating func set(_ variable: Term, words value: (_ lane: Int, _ word: Int) -> UInt64) {
    guard let place = find(variable) else { return }
    for word in 0..<BitVector.wordCount(place.width) {
      for lane in 0..<lanes { words[place.slot + word * lanes + lane] = value(lane, word) }
    }
  }

  /// One word of the value of a live bit-vector in one lane, after `run`.
  public func word(_ index: Int, of term: Term, lane: Int) -> UInt64 {
    words[place(term).slot + index * lanes + lane]
  }

  /// Gives an array variable its value in one lane.
  public mutating func set(_ variable: Term, lane: Int, to value: ArrayValue) {
    guard let place = find(variable) else { return }
    let exceptions = value.entries.filter { $0.value != value.otherwise }
    arrays[place.slot]?[lane] = ArrayValue(otherwise: value.otherwise, entries: exceptions)
  }

  /// Gives the variables of a model their values in one lane.
  public mutating func set(_ model: Model, lane: Int) {
    for (term, value) in model.values { set(term, lane: lane, to: value) }
    for (term, value) in model.arrays { set(term, lane: lane, to: value) }
  }

  /// Whether `term` is live, so that it has a value.
  public func contains(_ term: Term) -> Bool { find(term) != nil }

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
    for (index, word) in value.words.enumerated() { words[slot + index * lanes + lane] = word }
  }

  private func get(_ slot: Int, _ width: Int, lane: Int) -> BitVector {
    BitVector(
      words: (0..<BitVector.wordCount(width)).map { words[slot + $0 * lanes + lane] },
      width: width)
  }

  // MARK: Running

  /// Computes the value of every live term from the variables.
  public mutating func run() {
    let lanes = lanes
    for step in steps {
      if step.isNarrow {
        words.withUnsafeMutableBufferPointer { step.runNarrow($0, lanes: lanes) }
      } else if step.isWordwise {
        words.withUnsafeMutableBufferPointer { step.runWide($0, lanes: lanes) }
      } else {
        for lane in 0..<lanes { runWide(step, lane: lane) }
      }
    }
  }

  private mutating func runWide(_ step: Step, lane: Int) {
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
      let equal = arrays[step.first]?[lane] == arrays[step.second]?[lane]
      words[step.slot + lane] = equal ? 1 : 0
    default:
      put(wideResult(step, lane: lane), at: step.slot, lane: lane)
    }
  }

  private mutating func setArray(_ step: Step, _ value: ArrayValue, lane: Int) {
    if arrays[step.slot] == nil {
      arrays[step.slot] = Array(
        repeating: ArrayValue(otherwise: .zero(value.otherwise.width)), count: lanes)
    }
    arrays[step.slot]?[lane] = value
  }

  private func wideResult(_ step: Step, lane: Int) -> BitVector {
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
