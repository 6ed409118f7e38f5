import Terms

/// Answers as bytes, for the pipe between a solver's process and ours.
///
/// Both sides know the query's variables, so values come without names, in the variables' order.
struct AnswerCoding {
  /// The variables of the query.
  let variables: [Term]
  let terms: TermManager

  private enum Tag {
    static let unsatisfiable: UInt8 = 0
    static let satisfiable: UInt8 = 1
    static let unknown: UInt8 = 2
    static let interrupted: UInt8 = 3
  }

  func encode(_ answer: SolverAnswer) -> [UInt8] {
    switch answer {
    case .unsatisfiable: return [Tag.unsatisfiable]
    case .unknown(let reason): return [Tag.unknown] + reason.utf8
    case .interrupted: return [Tag.interrupted]
    case .satisfiable(let model):
      var bytes = [Tag.satisfiable]
      for variable in variables { encode(variable, model, into: &bytes) }
      return bytes
    }
  }

  private func encode(_ variable: Term, _ model: Model, into bytes: inout [UInt8]) {
    if let value = model.values[variable] {
      bytes.append(1)
      append(value, to: &bytes)
    } else if let array = model.arrays[variable] {
      bytes.append(1)
      append(array.otherwise, to: &bytes)
      append(UInt64(array.entries.count), to: &bytes)
      for (index, element) in array.entries {
        append(index, to: &bytes)
        append(element, to: &bytes)
      }
    } else {
      bytes.append(0)
    }
  }

  private func append(_ value: BitVector, to bytes: inout [UInt8]) {
    for word in value.words { append(word, to: &bytes) }
  }

  private func append(_ word: UInt64, to bytes: inout [UInt8]) {
    for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(8 * shift))) }
  }

  /// The answer that `bytes` stand for; nil if they are not what `encode` writes.
  func decode(_ bytes: [UInt8]) -> SolverAnswer? {
    switch bytes.first {
    case Tag.unsatisfiable: return bytes.count == 1 ? .unsatisfiable : nil
    case Tag.unknown: return .unknown(String(decoding: bytes.dropFirst(), as: UTF8.self))
    case Tag.interrupted: return .interrupted
    case Tag.satisfiable: return model(bytes.dropFirst()).map(SolverAnswer.satisfiable)
    default: return nil
    }
  }

  private func model(_ bytes: ArraySlice<UInt8>) -> Model? {
    var rest = bytes
    var model = Model()
    for variable in variables {
      guard let given = rest.popFirst() else { return nil }
      if given == 0 { continue }
      switch terms.sort(variable) {
      case .bool, .bitVector:
        guard let value = bits(terms.width(variable), &rest) else { return nil }
        model.values[variable] = value
      case .array(let index, let element):
        guard let array = array(index, element, &rest) else { return nil }
        model.arrays[variable] = array
      }
    }
    return rest.isEmpty ? model : nil
  }

  private func array(
    _ index: Int, _ element: Int, _ rest: inout ArraySlice<UInt8>
  ) -> ArrayValue? {
    guard let otherwise = bits(element, &rest), let count = word(&rest) else { return nil }
    var result = ArrayValue(otherwise: otherwise)
    for _ in 0..<count {
      guard let key = bits(index, &rest), let value = bits(element, &rest) else { return nil }
      result.entries[key] = value
    }
    return result
  }

  private func bits(_ width: Int, _ rest: inout ArraySlice<UInt8>) -> BitVector? {
    var words: [UInt64] = []
    for _ in 0..<BitVector.wordCount(width) {
      guard let word = word(&rest) else { return nil }
      words.append(word)
    }
    return BitVector(words: words, width: width)
  }

  private func word(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    guard rest.count >= 8 else { return nil }
    let word = rest.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    rest = rest.dropFirst(8)
    return word
  }
}
