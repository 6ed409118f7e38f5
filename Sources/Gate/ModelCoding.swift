import Terms

/// Models by the names of their variables, so that they outlive the terms of one process.
enum ModelCoding {
  static func encode(_ model: Model, _ variables: [Term], _ terms: TermManager)
    -> [String: ModelValue]
  {
    var result: [String: ModelValue] = [:]
    for variable in variables {
      guard let name = terms.variable(variable)?.name else { continue }
      if let value = model.values[variable] {
        result[name] = ModelValue(bits: value.hexDigits)
      } else if let array = model.arrays[variable] {
        var entries: [String: String] = [:]
        for (index, element) in array.entries { entries[index.hexDigits] = element.hexDigits }
        result[name] = ModelValue(entries: entries, otherwise: array.otherwise.hexDigits)
      }
    }
    return result
  }

  /// The model of `variables`; nil where a text does not fit its variable's sort.
  static func decode(
    _ values: [String: ModelValue], _ variables: [Term], _ terms: TermManager
  ) -> Model? {
    var model = Model()
    for variable in variables {
      guard let name = terms.variable(variable)?.name, let value = values[name] else { continue }
      switch terms.sort(variable) {
      case .bool, .bitVector:
        guard let bits = value.bits.flatMap({ read($0, width: terms.width(variable)) }) else {
          return nil
        }
        model.values[variable] = bits
      case .array(let index, let element):
        guard let otherwise = value.otherwise.flatMap({ read($0, width: element) }) else {
          return nil
        }
        var array = ArrayValue(otherwise: otherwise)
        for (key, text) in value.entries ?? [:] {
          guard let place = read(key, width: index), let bits = read(text, width: element) else {
            return nil
          }
          array.entries[place] = bits
        }
        model.arrays[variable] = array
      }
    }
    return model
  }

  private static func read(_ digits: String, width: Int) -> BitVector? {
    guard digits.utf8.count == (width + 3) / 4 else { return nil }
    var words = [UInt64](repeating: 0, count: (width + 63) / 64)
    for (place, digit) in digits.reversed().enumerated() {
      guard let value = digit.hexDigitValue, digit.isASCII else { return nil }
      words[place / 16] |= UInt64(value) << UInt64(place % 16 * 4)
    }
    if width % 64 != 0, let last = words.last, last >> UInt64(width % 64) != 0 { return nil }
    return BitVector(words: words, width: width)
  }
}
