import Terms

/// Asks whether a specification says what it seems to say, with a solver's help.
///
/// What it reports is so; what it does not report may still be wrong.
public struct SpecificationCheck {
  let contract: Contract
  let solver: any Solver
  /// What each question may cost.
  let limits: SolverLimits
  let terms = TermManager()
  let environment: [String: Term]
  /// `requires`, and each length within bounds.
  let requires: Term
  /// `requires` alone.
  private let required: Term
  let ensures: Term

  /// How many inputs are tried for an output.
  static let rounds = 8
  /// How many elements of a buffer are looked at.
  static let elementLimit = 64

  /// A check of `contract` in which each question to `solver` costs at most `limits`.
  public init(
    _ contract: Contract, solver: any Solver, limits: SolverLimits = SolverLimits(seconds: 2)
  ) throws(SpecificationError) {
    self.contract = contract
    self.solver = solver
    self.limits = limits
    let terms = terms
    let environment = Dictionary(
      uniqueKeysWithValues: contract.names.map {
        ($0.name, terms.variable($0.name, $0.sort))
      })
    self.environment = environment
    required = try contract.elaborateRequires(environment: environment, in: terms)
    ensures = try contract.elaborateEnsures(environment: environment, in: terms)
    let bounds = contract.parameters.compactMap(\.buffer).map {
      SpecificationCheck.isBounded($0, environment, terms)
    }
    requires = terms.and(required, terms.and(bounds))
  }

  /// What there is to say, in order of importance.
  public func findings() -> [SpecificationFinding] {
    guard let script = contract.script else { return [] }
    let start = script.function("requires")?.position ?? script.end
    var result: [SpecificationFinding] = []
    if let finding = vacuity(at: start) { return [finding] + unmentioned(script) }
    result += unbounded()
    let end = script.function("ensures")?.position ?? script.end
    let unmeetable = unmeetable(at: end)
    result += unmeetable + unmentioned(script)
    if !unmeetable.contains(where: { $0.kind == .unmeetable }) {
      result += unconstrained(at: end)
    }
    return result
  }

  // MARK: requires

  private func vacuity(at position: SourcePosition) -> SpecificationFinding? {
    switch ask([required]) {
    case .satisfiable: nil
    case .unsatisfiable:
      SpecificationFinding(
        .vacuous, at: position,
        "no input satisfies requires, so every code would satisfy the specification")
    case .unknown(let reason): undecided("whether any input satisfies requires", reason, position)
    case .interrupted: undecided("whether any input satisfies requires", "stopped", position)
    }
  }

  /// Whether a buffer's length is within what a proof covers.
  static func isBounded(
    _ buffer: BufferType, _ environment: [String: Term], _ terms: TermManager
  ) -> Term {
    let length = buffer.length.value(environment: environment, in: terms)
    let most = terms.constant(UInt64(Contract.bufferLimit / buffer.elementBytes), width: 64)
    return terms.and(
      length.isRepresentable, terms.unsignedLessOrEqual(length.count, most))
  }

  private func unbounded() -> [SpecificationFinding] {
    contract.parameters.compactMap { parameter in
      guard let buffer = parameter.buffer, buffer.length.constant == nil else { return nil }
      let bounded = SpecificationCheck.isBounded(buffer, environment, terms)
      let most = Contract.bufferLimit / buffer.elementBytes
      switch ask([required, terms.not(bounded)]) {
      case .satisfiable(let model):
        return SpecificationFinding(
          .unbounded, at: parameter.position,
          "requires does not keep the length \(buffer.length.text) of '\(parameter.name)' "
            + "from 0 to \(most) elements (\(Contract.bufferLimit) bytes)",
          example: values(of: contract.names.filter { $0.role == .value }, in: model))
      case .unsatisfiable: return nil
      case .unknown(let reason):
        return undecided("how long '\(parameter.name)' may be", reason, parameter.position)
      case .interrupted:
        return undecided("how long '\(parameter.name)' may be", "stopped", parameter.position)
      }
    }
  }

  private func unmentioned(_ script: Script) -> [SpecificationFinding] {
    var mentioned = Set(
      script.mentions(from: ["requires", "ensures"]).map(\.declaration.name))
    for parameter in contract.parameters {
      mentioned.formUnion(parameter.buffer?.length.parameters ?? [])
    }
    // Few specifications have anything to say of an address, which a skeleton declares.
    mentioned.formUnion(contract.names.lazy.filter { $0.role == .address }.map(\.name))
    return script.declarations.filter { !mentioned.contains($0.name) }.map {
      SpecificationFinding(
        .unmentioned, at: $0.position,
        "'\($0.name)' is declared, but neither requires nor ensures depends on it")
    }
  }

  // MARK: ensures

  /// Looks for an input that no output satisfies: each output found for one input has to fail for
  /// the next.
  private func unmeetable(at position: SourcePosition) -> [SpecificationFinding] {
    var constraints = [requires]
    for _ in 0..<SpecificationCheck.rounds {
      guard case .satisfiable(let model) = ask(constraints) else { return [] }
      let input = substitution(model) { $0.isInput }
      let fixed = terms.substitute(input, in: [requires, ensures])
      guard fixed[0] == terms.true else { return [] }
      switch ask([fixed[1]]) {
      case .satisfiable(let answer):
        let output = substitution(answer) { !$0.isInput }
        constraints.append(terms.not(terms.substitute(output, in: [ensures])[0]))
      case .unsatisfiable:
        return [
          SpecificationFinding(
            .unmeetable, at: position, "no output satisfies ensures for this input",
            example: values(of: contract.names.filter(\.isInput), in: model))
        ]
      case .unknown(let reason):
        return [undecided("whether ensures can always be met", reason, position)]
      case .interrupted:
        return [undecided("whether ensures can always be met", "stopped", position)]
      }
    }
    return []
  }

  // MARK: Asking

  func ask(_ assertions: [Term]) -> SolverAnswer {
    if assertions.contains(terms.false) { return .unsatisfiable }
    if assertions.allSatisfy({ $0 == terms.true }) { return .satisfiable(Model()) }
    return solver.check(assertions, in: terms, limits: limits)
  }

  func undecided(
    _ question: String, _ reason: String, _ position: SourcePosition
  ) -> SpecificationFinding {
    SpecificationFinding(.undecided, at: position, "not known: \(question) (\(reason))")
  }
}
