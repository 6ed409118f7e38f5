import Terms

/// A length whose names are not looked up yet: any parameter may be meant, later ones too.
struct DeclaredLength {
  enum Step {
    case constant(UInt64)
    case name(String, SourcePosition)
    case add, subtract, multiply
  }

  var steps: [Step] = []
  var text = ""
  var position = SourcePosition.start
}

/// Lengths: sums, differences and products of constants and names.
extension DeclarationReader {
  /// The most constants, names and operators in a length.
  static let lengthSteps = 64

  /// Reads a length up to the bracket that ends it.
  mutating func length() throws(SpecificationError) -> DeclaredLength {
    var length = DeclaredLength()
    let first = current
    length.position = first.position
    openParentheses = 0
    try sum(&length)
    length.text = text(first.range.lowerBound..<previous.range.upperBound)
    return length
  }

  private mutating func sum(_ length: inout DeclaredLength) throws(SpecificationError) {
    try product(&length)
    while isAt("+") || isAt("-") {
      let step: DeclaredLength.Step = advance().text == "+" ? .add : .subtract
      try product(&length)
      length.steps.append(step)
    }
  }

  private mutating func product(_ length: inout DeclaredLength) throws(SpecificationError) {
    try factor(&length)
    while skip("*") {
      try factor(&length)
      length.steps.append(.multiply)
    }
  }

  private mutating func factor(_ length: inout DeclaredLength) throws(SpecificationError) {
    guard length.steps.count < DeclarationReader.lengthSteps else {
      throw error(.limit, "a length has at most \(DeclarationReader.lengthSteps) parts")
    }
    let token = current
    if token.kind == .number {
      advance()
      return length.steps.append(.constant(try number(token)))
    }
    if token.kind == .word, !DeclarationReader.isReserved(token.text) {
      advance()
      return length.steps.append(.name(token.text, token.position))
    }
    guard skip("("), openParentheses < DeclarationReader.lengthSteps else {
      throw error(
        "expected a length of constants and integer parameters with +, - and *, found "
          + token.shown)
    }
    openParentheses += 1
    try sum(&length)
    try expect(")")
    openParentheses -= 1
  }

  /// A constant of C: decimal, hexadecimal or octal, with a suffix or none.
  private func number(_ token: Token) throws(SpecificationError) -> UInt64 {
    var text = token.text.lowercased()[...]
    let digits = text.prefix { $0.isHexDigit || $0 == "x" }
    guard ["", "u", "l", "ul", "lu", "ll", "ull", "llu"].contains(text.dropFirst(digits.count))
    else { throw error("'\(token.text.prefix(40))' is not an integer constant", at: token) }
    text = digits
    var radix = 10
    if text.hasPrefix("0x") {
      (radix, text) = (16, text.dropFirst(2))
    } else if text.hasPrefix("0"), text.count > 1 {
      radix = 8
    }
    guard !text.isEmpty, text.allSatisfy(\.isHexDigit), let value = UInt64(text, radix: radix)
    else {
      throw error("'\(token.text.prefix(40))' is not an integer constant", at: token)
    }
    return value
  }

  /// `length` with its names looked up among `parameters`.
  func resolve(
    _ length: DeclaredLength, of name: String, element: ValueType,
    among parameters: [String: (type: DeclaredType, isBuffer: Bool)]
  ) throws(SpecificationError) -> LengthExpression {
    var steps: [LengthExpression.Step] = []
    for step in length.steps {
      switch step {
      case .constant(let value): steps.append(.constant(value))
      case .add: steps.append(.add)
      case .subtract: steps.append(.subtract)
      case .multiply: steps.append(.multiply)
      case .name(let word, let position):
        let type = try lengthParameter(word, position, name, parameters)
        steps.append(.parameter(word, type))
      }
    }
    let result = LengthExpression(steps: steps, text: length.text)
    guard result.parameters.isEmpty else { return result }
    let most = Contract.bufferLimit / (element.width / 8)
    guard let constant = result.constant, constant > 0, constant <= most else {
      throw SpecificationError(
        .limit, file: file, at: length.position,
        "the length of '\(name)' is not from 1 to \(most) elements "
          + "(\(Contract.bufferLimit) bytes)")
    }
    return result
  }

  private func lengthParameter(
    _ word: String, _ position: SourcePosition, _ buffer: String,
    _ parameters: [String: (type: DeclaredType, isBuffer: Bool)]
  ) throws(SpecificationError) -> ValueType {
    func error(_ message: String) -> SpecificationError {
      SpecificationError(.name, file: file, at: position, message)
    }
    guard let parameter = parameters[word] else {
      throw error("the length of '\(buffer)' mentions '\(word)', which is no parameter")
    }
    guard !parameter.isBuffer, case .value(let type) = parameter.type.base, type.kind == .integer
    else {
      throw error("the length of '\(buffer)' mentions '\(word)', which is no integer")
    }
    if parameter.type.isPlainChar {
      throw error(
        "'\(word)' is a char, which has a sign on x86-64 and none on ARM64; expected signed char "
          + "or unsigned char")
    }
    return type
  }
}
