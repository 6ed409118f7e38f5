import Contracts
import MachineModel
import Terms

/// Inputs that a contract permits, the same in every run, with an outcome that it allows for each.
///
/// They depend on the contract and the architecture only, so that what code does on them compares
/// one candidate with another.
package struct TestBank {
  /// An input and an outcome that the contract allows, if one could be found at little cost.
  package struct Test {
    package let input: ConcreteInput
    package let allowed: Counterexample.Outcome?
  }

  /// The placements of buffers that inputs are drawn from.
  private static let placementLimit = 4
  /// The rounds of 64 samples that are drawn for a placement.
  private static let roundLimit = 8

  package private(set) var tests: [Test]
  /// The instructions after which no further test is started: for each test about a thousand and some for each byte of
  /// its buffers, so that honest code gets to all.
  package private(set) var stepLimit: Int
  let contract: Contract
  let layout: Layout
  /// Runs code on all tests at once; nil where it cannot.
  private(set) var batch: TestBatch?
  private let architecture: any Architecture
  private let solvers: Solvers
  private let limits: SolverLimits
  /// How long the buffers may be, and every way in which they may lie.
  private let bounds: [String: Int64]
  private let cases: [Aliasing]

  /// At most `count` inputs. Throws `SpecificationError` and `VacuousSpecification`; what must be
  /// known of the contract but cannot be, as `Undetermined`.
  /// - Parameter solvers: find outcomes; their limits should not depend on time.
  package init(
    _ contract: Contract, _ architecture: any Architecture, count: Int, solvers: Solvers,
    options: VerificationOptions
  ) throws {
    self.contract = contract
    self.architecture = architecture
    self.solvers = solvers
    limits = options.limits
    layout = try contract.layout(for: architecture)
    (tests, stepLimit) = ([], 0)
    do {
      bounds = try LengthBounds.find(contract, solvers: solvers, limits: options.limits)
      cases = try Aliasing.cases(of: contract, bounds, limit: options.placements)
    } catch let incomplete as Incomplete {
      throw Undetermined(reason: incomplete.reason)
    }
    let chosen = cases.prefix(TestBank.placementLimit)
    for (index, aliasing) in chosen.enumerated() {
      let place = try Place(self, aliasing)
      let share = (count - tests.count) / (chosen.count - index)
      for model in TestBank.models(place.inputs, place.entry, contract, count: share) {
        if let test = place.test(model) { tests.append(test) }
      }
    }
    prepare()
  }

  /// The bank with these inputs before its own, which it must not have been given before.
  package func preceded(by texts: [String]) throws -> TestBank {
    var found: [Test] = []
    for (number, text) in texts.enumerated() {
      let first = text.split(separator: "\n").first.map { String($0) }
      guard let aliasing = cases.first(where: { $0.text == first }),
        case let place = try Place(self, aliasing),
        let model = ConcreteInput.model(text, place.inputs, place.entry),
        ConcreteInput.isInput(model, place.inputs, place.entry), let test = place.test(model)
      else { throw ForeignInput(number: number) }
      found.append(test)
    }
    var result = self
    result.tests = found + tests
    result.prepare()
    return result
  }

  /// An input that the contract does not permit, or that is none.
  package struct ForeignInput: Error {
    /// Its position among those that were given.
    package let number: Int
  }

  /// The terms of one way in which the buffers may lie.
  private struct Place {
    let inputs: Inputs
    let entry: EntryState
    let finder: CounterexampleFinder

    init(_ bank: TestBank, _ aliasing: Aliasing) throws {
      let stream = InstructionStream(Code(bytes: [0]), bank.architecture)
      inputs = try Inputs(bank.contract, aliasing, limits: bank.bounds, in: TermManager())
      entry = EntryState(inputs, stream.code, bank.architecture, bank.layout)
      finder = CounterexampleFinder(
        stream: stream, contract: bank.contract, layout: bank.layout, inputs: inputs,
        entry: entry, solvers: bank.solvers, limits: bank.limits)
    }

    /// The test of a model; nil where the contract does not permit it.
    func test(_ model: Model) -> Test? {
      let input = finder.reader.input(model)
      guard input.permits(inputs.contract) else { return nil }
      return Test(input: input, allowed: finder.allowed(input))
    }
  }

  /// What has to be known of a contract before any code can be judged, but is not.
  package struct Undetermined: Error {
    package let reason: String
  }

  /// Makes what runs of its tests need.
  private mutating func prepare() {
    stepLimit = tests.reduce(0) { sum, test in
      sum + 1_024 + 64 * test.input.buffers.reduce(0) { $0 + $1.bytes.count }
    }
    batch = TestBatch(contract, layout, architecture, tests)
  }

  /// Samples that satisfy what holds at entry, with addresses at their usual places.
  /// - Parameter isScattered: whether every second sample has buffers and stack elsewhere.
  static func models(
    _ inputs: Inputs, _ entry: EntryState, _ contract: Contract, count: Int,
    isScattered: Bool = false
  ) -> [Model] {
    let terms = inputs.terms
    let start = terms.and(inputs.assumptions + entry.assumptions)
    guard start != terms.false, count > 0 else { return [] }
    let contents = inputs.buffers.flatMap { buffer in
      (0..<buffer.byteLimit).map {
        inputs.contents[buffer.group].byte(buffer.offset + $0, terms).term(terms)
      }
    }
    let roots = [start] + entry.state.cells + contents + scalars(inputs)
    var evaluator = Evaluator(terms, roots: roots)
    var sampler = Sampler(
      terms, roots: [start] + mentions(inputs, contract), defaults: entry.defaults)
    var places = isScattered ? PlaceSampler(inputs, entry) : nil
    var models: [Model] = []
    for round in 0..<roundLimit where models.count < count {
      sampler.fill(&evaluator, terms, round: round)
      for (variable, value) in entry.defaults {
        for lane in 0..<evaluator.lanes { evaluator.set(variable, lane: lane, to: value) }
      }
      for lane in 0..<evaluator.lanes where lane % 2 == 1 { places?.fill(&evaluator, lane) }
      evaluator.run()
      for lane in 0..<evaluator.lanes
      where models.count < count && evaluator.word(start, lane: lane) == 1 {
        models.append(Model(evaluator, lane: lane, terms))
      }
    }
    return models
  }

  /// The terms of the parameters' values.
  private static func scalars(_ inputs: Inputs) -> [Term] {
    inputs.contract.parameters.filter { $0.value != nil }
      .compactMap { inputs.environment[$0.name] }
  }

  /// The postcondition over variables of its own: the constants in it make good inputs.
  private static func mentions(_ inputs: Inputs, _ contract: Contract) -> [Term] {
    let terms = inputs.terms
    var environment = inputs.environment
    for name in contract.names where !name.isInput {
      environment[name.name] = terms.variable("after " + name.name, name.sort)
    }
    return (try? contract.elaborateEnsures(environment: environment, in: terms)).map { [$0] } ?? []
  }
}
