import Contracts
import MachineModel
import Terms

/// Inputs as text, for those who keep them: how the buffers lie, then a line for each variable whose
/// value is not the usual one.
///
/// The text fixes variables only, of which everything else is made, so that whatever it says, it stands
/// for an input of the contract or for none.
extension ConcreteInput {
  /// The text of the input that the variables of an evaluator make in its first lane.
  static func text(_ evaluator: Evaluator, _ inputs: Inputs, _ entry: EntryState) -> String {
    var lines = [inputs.aliasing.text]
    for variable in evaluator.variables {
      guard let name = inputs.terms.variable(variable)?.name,
        case .bitVector(let width) = inputs.terms.sort(variable)
      else { continue }
      let value = evaluator.value(variable, lane: 0)
      if value == entry.defaults[variable] ?? .zero(width) { continue }
      lines.append(
        value.words.map { String($0, radix: 16) }.joined(separator: ":") + " " + name)
    }
    return lines.joined(separator: "\n")
  }

  /// The model that a text describes; nil where it is about other variables.
  static func model(_ text: String, _ inputs: Inputs, _ entry: EntryState) -> Model? {
    let terms = inputs.terms
    let known = Dictionary(
      terms.freeVariables(of: InputReader.roots(inputs, entry)).compactMap { variable in
        terms.variable(variable).map { ($0.name, variable) }
      }
    ) { first, _ in first }
    var model = Model()
    for line in text.split(separator: "\n").dropFirst() {
      let parts = line.split(separator: " ", maxSplits: 1)
      guard parts.count == 2, let variable = known[String(parts[1])],
        case .bitVector(let width) = terms.sort(variable)
      else { return nil }
      let words = parts[0].split(separator: ":").compactMap { UInt64($0, radix: 16) }
      guard words.count == BitVector.wordCount(width) else { return nil }
      model.values[variable] = BitVector(words: words, width: width)
    }
    return model
  }

  /// Whether a model meets what holds at entry, all variables without a value at their usual ones.
  static func isInput(_ model: Model, _ inputs: Inputs, _ entry: EntryState) -> Bool {
    let start = inputs.terms.and(inputs.assumptions + entry.assumptions)
    var evaluator = Evaluator(inputs.terms, roots: [start], lanes: 1)
    for (variable, value) in entry.defaults { evaluator.set(variable, lane: 0, to: value) }
    evaluator.set(model, lane: 0)
    evaluator.run()
    return evaluator.word(start, lane: 0) == 1
  }
}

extension Aliasing {
  /// The groups: the buffers' numbers and offsets.
  var text: String {
    "buffers "
      + groups.map { group in group.map { "\($0.buffer)@\($0.offset)" }.joined(separator: ",") }
      .joined(separator: "|")
  }
}
