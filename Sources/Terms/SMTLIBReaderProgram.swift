/// The body of a `define-fun` after name and sort checking: steps in order of evaluation, each of
/// which uses the results of earlier ones. `let` has become sharing of results.
struct SMTLIBProgram: Sendable {
  enum Step: Sendable {
    case bool(Bool)
    case bits(BitVector)
    /// A declared constant, by its place in the script's declarations.
    case declared(Int)
    /// A parameter, by its place.
    case parameter(Int)
    /// A function of the theories on earlier results, by their places in `arguments`, with its
    /// numerals.
    case apply(SMTLIBFunction, Range<Int>, SMTLIBFunction.Indices)
    /// An earlier `define-fun`, by its place in the script, on earlier results.
    case call(Int, Range<Int>)

    /// What a step of a sort counts for in the limit on steps.
    fileprivate func cost(_ sort: Sort) -> Int {
      guard case .apply(let operation, let arguments, _) = self else { return 1 }
      if case .bitVector(let width) = sort {
        return operation.cost(width: width, arguments: arguments.count)
      }
      return operation.cost(width: 1, arguments: arguments.count)
    }
  }

  private(set) var steps: [Step] = []
  /// The steps whose results are passed, for all steps.
  private(set) var arguments: [Int] = []
  private(set) var sorts: [Sort] = []
  private(set) var positions: [SourcePosition] = []
  private(set) var costs: [Int] = []
  /// The step whose result is the body's.
  var result = 0

  /// Notes the steps whose results are passed; the answer is their places in `arguments`.
  mutating func pass(_ results: [Int]) -> Range<Int> {
    arguments += results
    return arguments.count - results.count..<arguments.count
  }

  /// Adds a step; the answer is its place.
  mutating func append(_ step: Step, _ sort: Sort, at position: SourcePosition) -> Int {
    steps.append(step)
    sorts.append(sort)
    positions.append(position)
    costs.append(step.cost(sort))
    return steps.count - 1
  }
}

/// Runs programs on terms: call by value, each function once for each list of arguments.
struct SMTLIBElaboration {
  private struct Call: Hashable {
    let function: Int
    let arguments: [Term]

    func hash(into hasher: inout Hasher) {
      hasher.combine(function)
      arguments.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
  }

  private struct Frame {
    let call: Call
    var results: [Term] = []
  }

  /// The most steps that are taken before the specification counts as too large.
  static let stepLimit = 4_000_000

  let script: Script
  let environment: [String: Term]
  let terms: TermManager
  private var known: [Call: Term] = [:]
  private var budget = SMTLIBElaboration.stepLimit
  /// Room for the arguments of a step with so many.
  private var scratch: [[Term]]

  init(_ script: Script, environment: [String: Term], in terms: TermManager) {
    self.script = script
    self.environment = environment
    self.terms = terms
    scratch = (0..<4).map { [Term](repeating: terms.true, count: $0) }
  }

  /// The value of a function without parameters.
  mutating func run(_ function: Int) throws(SpecificationError) -> Term {
    let call = Call(function: function, arguments: [])
    var frames = [Frame(call: call)]
    while var frame = frames.popLast() {
      if let first = try advance(&frame) {
        frames.append(frame)
        frames.append(Frame(call: first))
      } else {
        let value = frame.results[script.functions[frame.call.function].program.result]
        known[frame.call] = value
        // The step that waits for it has been taken.
        if let caller = frames.indices.last { frames[caller].results.append(value) }
      }
    }
    guard let value = known[call] else { preconditionFailure("a call without a result") }
    return value
  }

  /// Takes the steps of a function up to its end, or up to a call that has to run first.
  private mutating func advance(_ frame: inout Frame) throws(SpecificationError) -> Call? {
    let program = script.functions[frame.call.function].program
    frame.results.reserveCapacity(program.steps.count)
    while frame.results.count < program.steps.count {
      let index = frame.results.count
      budget -= program.costs[index]
      guard budget > 0, !terms.isFull else { throw tooLarge(program.positions[index]) }
      switch program.steps[index] {
      case .bool(let value): frame.results.append(terms.bool(value))
      case .bits(let value): frame.results.append(terms.constant(value))
      case .declared(let place):
        frame.results.append(try value(of: place, at: program.positions[index]))
      case .parameter(let place): frame.results.append(frame.call.arguments[place])
      case .apply(let operation, let places, let indices):
        frame.results.append(
          apply(operation, places, indices, program.sorts[index], program, frame.results))
      case .call(let callee, let places):
        let call = Call(
          function: callee, arguments: places.map { frame.results[program.arguments[$0]] })
        guard let value = known[call] else { return call }
        frame.results.append(value)
      }
    }
    return nil
  }

  /// A function of the theories on earlier results, by their places.
  private mutating func apply(
    _ operation: SMTLIBFunction, _ places: Range<Int>, _ indices: SMTLIBFunction.Indices,
    _ sort: Sort, _ program: SMTLIBProgram, _ results: [Term]
  ) -> Term {
    let count = places.count
    guard count < scratch.count else {
      let arguments = places.map { results[program.arguments[$0]] }
      return operation.apply(arguments, indices: indices, sort: sort, in: terms)
    }
    for index in 0..<count {
      scratch[count][index] = results[program.arguments[places.lowerBound + index]]
    }
    return operation.apply(scratch[count], indices: indices, sort: sort, in: terms)
  }

  private func tooLarge(_ position: SourcePosition) -> SpecificationError {
    SpecificationError(
      .limit, file: script.file, at: position,
      "the specification is too large: its functions expand to more than "
        + "\(SMTLIBElaboration.stepLimit) steps")
  }

  private func value(
    of place: Int, at position: SourcePosition
  ) throws(SpecificationError) -> Term {
    let declaration = script.declarations[place]
    guard let term = environment[declaration.name] else {
      throw SpecificationError(
        .name, file: script.file, at: position, "nothing binds '\(declaration.name)' here")
    }
    guard terms.sort(term) == declaration.sort else {
      throw SpecificationError(
        .sort, file: script.file, at: declaration.position,
        "'\(declaration.name)' is \(terms.sort(term).smtlib), declared as "
          + declaration.sort.smtlib)
    }
    return term
  }
}
