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
    /// A function of the theories on earlier results, with its numerals.
    case apply(SMTLIBFunction, [Int], indices: [Int])
    /// An earlier `define-fun`, by its place in the script, on earlier results.
    case call(Int, [Int])
  }

  private(set) var steps: [Step] = []
  private(set) var sorts: [Sort] = []
  private(set) var positions: [SourcePosition] = []
  /// The step whose result is the body's.
  var result = 0

  /// Adds a step; the answer is its place.
  mutating func append(_ step: Step, _ sort: Sort, at position: SourcePosition) -> Int {
    steps.append(step)
    sorts.append(sort)
    positions.append(position)
    return steps.count - 1
  }
}

/// Runs programs on terms: call by value, each function once for each list of arguments.
struct SMTLIBElaboration {
  private struct Call: Hashable {
    let function: Int
    let arguments: [Term]
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
  private var frames: [Frame] = []
  private var budget = SMTLIBElaboration.stepLimit

  init(_ script: Script, environment: [String: Term], in terms: TermManager) {
    self.script = script
    self.environment = environment
    self.terms = terms
  }

  /// The value of a function without parameters.
  mutating func run(_ function: Int) throws(SpecificationError) -> Term {
    let call = Call(function: function, arguments: [])
    push(call)
    while let last = frames.indices.last {
      let next = frames[last].results.count
      let function = frames[last].call.function
      if next < script.functions[function].program.steps.count {
        if let value = try step(last, function, next) { frames[last].results.append(value) }
      } else {
        let frame = frames.removeLast()
        known[frame.call] = frame.results[script.functions[function].program.result]
      }
    }
    guard let value = known[call] else { preconditionFailure("a call without a result") }
    return value
  }

  private mutating func push(_ call: Call) {
    frames.append(Frame(call: call))
  }

  /// The result of a step of the function that a frame runs, or nil when a call has to run first.
  private mutating func step(
    _ frame: Int, _ function: Int, _ index: Int
  ) throws(SpecificationError) -> Term? {
    budget -= cost(of: index, in: function)
    guard budget > 0, !terms.isFull else {
      throw SpecificationError(
        .limit, file: script.file, at: script.functions[function].program.positions[index],
        "the specification is too large: its functions expand to more than "
          + "\(SMTLIBElaboration.stepLimit) steps")
    }
    switch script.functions[function].program.steps[index] {
    case .bool(let value): return terms.bool(value)
    case .bits(let value): return terms.constant(value)
    case .declared(let place):
      return try value(of: place, at: script.functions[function].program.positions[index])
    case .parameter(let place): return frames[frame].call.arguments[place]
    case .apply(let operation, let arguments, let indices):
      return operation.apply(
        arguments.map { frames[frame].results[$0] }, indices: indices,
        sort: script.functions[function].program.sorts[index], in: terms)
    case .call(let callee, let arguments):
      let call = Call(
        function: callee, arguments: arguments.map { frames[frame].results[$0] })
      if let value = known[call] { return value }
      push(call)
      return nil
    }
  }

  private func cost(of index: Int, in function: Int) -> Int {
    guard
      case .apply(let operation, let arguments, _) =
        script.functions[function].program.steps[index]
    else { return 1 }
    guard case .bitVector(let width) = script.functions[function].program.sorts[index] else {
      return operation.cost(width: 1, arguments: arguments.count)
    }
    return operation.cost(width: width, arguments: arguments.count)
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
