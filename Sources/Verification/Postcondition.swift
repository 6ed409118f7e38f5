import Contracts
import Terms

/// A postcondition over the outcomes of every test at once.
struct Postcondition {
  /// An element of a buffer after the run: where its bytes are, by lane.
  private struct Element {
    let addresses: [UInt64]
    let byteCount: Int
    let column: Int
  }

  private let root: Term
  /// What is in registers, and the column of its variable.
  private var outputs: [(value: LaneValue, column: Int)] = []
  private var elements: [Element] = []
  private var evaluator: Evaluator

  /// Nil where it depends on more than parameters, outputs in registers and elements of buffers that are as long in
  /// every test.
  init?(
    _ contract: Contract, _ layout: Layout, _ inputs: [ConcreteInput], _ machine: LaneMachine
  ) {
    let names = Names(inputs)
    guard names.haveSameLengths else { return nil }
    let terms = names.terms
    var environment = names.environment
    var outputs: [(value: LaneValue, variable: Term)] = []
    for (output, location) in zip(contract.outputs, layout.outputs) {
      guard let value = LaneValue(location, machine) else { return nil }
      let variable = terms.variable("output " + output.name, width: value.width)
      environment[output.name] = variable
      outputs.append((value, variable))
    }
    guard let root = try? contract.elaborateEnsures(environment: environment, in: terms)
    else { return nil }
    self.root = root
    evaluator = Evaluator(terms, roots: [root], lanes: inputs.count)
    guard
      names.known.union(outputs.map(\.variable)).isSuperset(of: evaluator.variables)
    else { return nil }
    for (value, variable) in outputs where evaluator.contains(variable) {
      self.outputs.append((value, evaluator.column(of: variable)))
    }
    for (lane, input) in inputs.enumerated() { names.set(&evaluator, lane, input) }
    for (index, variables) in names.after.enumerated() {
      for (number, variable) in variables.enumerated() where evaluator.contains(variable) {
        let size = inputs[0].buffers[index].type.elementBytes
        elements.append(
          Element(
            addresses: inputs.map { $0.buffers[index].address &+ UInt64(number * size) },
            byteCount: size, column: evaluator.column(of: variable)))
      }
    }
  }

  /// Whether it holds for the outcome of each lane that has come to its end.
  mutating func holds(_ machine: LaneMachine) -> [Bool] {
    let lanes = machine.count
    evaluator.withMutableWords { words in
      for (value, column) in outputs {
        for index in 0..<value.wordCount {
          for lane in 0..<lanes {
            words[column + index * lanes + lane] = value.word(index, lane: lane, machine.words)
          }
        }
      }
      for element in elements {
        for lane in 0..<lanes {
          for (index, start) in stride(from: 0, to: element.byteCount, by: 8).enumerated() {
            words[element.column + index * lanes + lane] = machine.memories[lane].word(
              element.addresses[lane] &+ UInt64(start), Swift.min(8, element.byteCount - start))
          }
        }
      }
    }
    evaluator.run()
    return (0..<lanes).map { evaluator.word(root, lane: $0) == 1 }
  }
}

/// The names of a specification but for its outputs, as variables that stand for them in every test.
private struct Names {
  let terms = TermManager()
  private(set) var environment: [String: Term] = [:]
  private(set) var known: Set<Term> = []
  /// The elements of each buffer, before the run and after.
  private(set) var before: [[Term]] = []
  private(set) var after: [[Term]] = []
  /// Whether each buffer is as long in every test.
  let haveSameLengths: Bool

  init(_ inputs: [ConcreteInput]) {
    let buffers = inputs[0].buffers
    haveSameLengths = inputs.allSatisfy { input in
      zip(input.buffers, buffers).allSatisfy { $0.elements.count == $1.elements.count }
    }
    for (name, value) in inputs[0].values { _ = add(name, value.width) }
    for buffer in buffers {
      _ = add(buffer.name + ".addr", 64)
      before.append(addArray(buffer.name, buffer))
      after.append(addArray(buffer.name + ".out", buffer))
    }
  }

  private mutating func add(_ name: String, _ width: Int) -> Term {
    let variable = terms.variable("input " + name, width: width)
    environment[name] = variable
    known.insert(variable)
    return variable
  }

  /// The elements of an array, which is anything outside of the buffer.
  private mutating func addArray(_ name: String, _ buffer: ConcreteInput.Buffer) -> [Term] {
    let width = buffer.type.element.width
    let elements = buffer.elements.indices.map { index in
      terms.variable("element \(name) \(index)", width: width)
    }
    known.formUnion(elements)
    let outside = terms.variable(buffer.name + ".outside", .array(index: 64, element: width))
    environment[name] = elements.enumerated().reduce(outside) { array, element in
      terms.store(array, terms.constant(UInt64(element.offset), width: 64), element.element)
    }
    return elements
  }

  /// Gives what is known before the run its values.
  func set(_ evaluator: inout Evaluator, _ lane: Int, _ input: ConcreteInput) {
    for (name, value) in input.values {
      environment[name].map { evaluator.set($0, lane: lane, to: value) }
    }
    for (index, buffer) in input.buffers.enumerated() {
      environment[buffer.name + ".addr"].map {
        evaluator.set($0, lane: lane, to: BitVector(buffer.address, width: 64))
      }
      for (variable, value) in zip(before[index], buffer.elements) {
        evaluator.set(variable, lane: lane, to: value)
      }
    }
  }
}
