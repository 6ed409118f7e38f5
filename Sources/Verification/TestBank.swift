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

  package let tests: [Test]
  let contract: Contract
  let layout: Layout
  /// Runs code without branches and memory on all tests at once; nil where it cannot.
  let batch: TestBatch?

  /// At most `count` inputs. Throws `SpecificationError` and `VacuousSpecification`; what must be
  /// known of the contract but cannot be, as `Undetermined`.
  /// - Parameter solvers: find outcomes; their limits should not depend on time.
  package init(
    _ contract: Contract, _ architecture: any Architecture, count: Int, solvers: Solvers,
    options: VerificationOptions
  ) throws {
    self.contract = contract
    let layout = try contract.layout(for: architecture)
    self.layout = layout
    let stream = InstructionStream(Code(bytes: [0]), architecture)
    var tests: [Test] = []
    do {
      let bounds = try LengthBounds.find(contract, solvers: solvers, limits: options.limits)
      let all = try Aliasing.cases(of: contract, bounds, limit: options.placements)
      let cases = all.prefix(TestBank.placementLimit)
      for (index, aliasing) in cases.enumerated() {
        let inputs = try Inputs(contract, aliasing, limits: bounds, in: TermManager())
        let entry = EntryState(inputs, stream.code, architecture, layout)
        let finder = CounterexampleFinder(
          stream: stream, contract: contract, layout: layout, inputs: inputs, entry: entry,
          solvers: solvers, limits: options.limits)
        let share = (count - tests.count) / (cases.count - index)
        for model in TestBank.models(inputs, entry, contract, count: share) {
          let input = ConcreteInput(model, inputs, entry)
          guard input.permits(contract) else { continue }
          tests.append(Test(input: input, allowed: finder.allowed(input)))
        }
      }
    } catch let incomplete as Incomplete {
      throw Undetermined(reason: incomplete.reason)
    }
    self.tests = tests
    batch = TestBatch(contract, layout, architecture, tests.map(\.input))
  }

  /// What has to be known of a contract before any code can be judged, but is not.
  package struct Undetermined: Error {
    package let reason: String
  }

  /// Samples that satisfy what holds at entry, with addresses at their usual places.
  private static func models(
    _ inputs: Inputs, _ entry: EntryState, _ contract: Contract, count: Int
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
    var models: [Model] = []
    for round in 0..<roundLimit where models.count < count {
      sampler.fill(&evaluator, terms, round: round)
      for (variable, value) in entry.defaults {
        for lane in 0..<evaluator.lanes { evaluator.set(variable, lane: lane, to: value) }
      }
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
