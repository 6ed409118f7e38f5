import Contracts
import Terms

/// A postcondition over the outputs of every test at once.
struct Postcondition {
  private let root: Term
  private let outputs: [(name: String, variable: Term)]
  private var evaluator: Evaluator

  /// Nil where it depends on more than parameters and outputs.
  init?(_ contract: Contract, _ layout: Layout, _ inputs: [ConcreteInput]) {
    let terms = TermManager()
    var environment: [String: Term] = [:]
    var known: Set<Term> = []
    for (name, value) in inputs[0].values {
      environment[name] = terms.variable("input " + name, width: value.width)
    }
    let parameters = environment
    var outputs: [(String, Term)] = []
    for (output, location) in zip(contract.outputs, layout.outputs) {
      let width: Int
      switch location {
      case .register(let register): width = register.width
      case .registerPair(let low, let high): width = low.width + high.width
      case .stack: return nil
      }
      let variable = terms.variable("output " + output.name, width: width)
      environment[output.name] = variable
      outputs.append((output.name, variable))
    }
    known.formUnion(environment.values)
    guard let root = try? contract.elaborateEnsures(environment: environment, in: terms)
    else { return nil }
    self.root = root
    self.outputs = outputs
    evaluator = Evaluator(terms, roots: [root], lanes: inputs.count)
    guard evaluator.variables.allSatisfy(known.contains) else { return nil }
    for (lane, input) in inputs.enumerated() {
      for (name, value) in input.values {
        parameters[name].map { evaluator.set($0, lane: lane, to: value) }
      }
    }
  }

  /// Whether it holds, for the outputs of each test.
  mutating func holds(_ values: [[String: BitVector]]) -> [Bool] {
    for (lane, outputs) in values.enumerated() {
      for (name, variable) in self.outputs {
        outputs[name].map { evaluator.set(variable, lane: lane, to: $0) }
      }
    }
    evaluator.run()
    return values.indices.map { evaluator.word(root, lane: $0) == 1 }
  }
}
