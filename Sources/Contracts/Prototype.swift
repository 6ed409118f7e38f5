import Terms

/// A C function's declaration: what it takes and what it returns.
public struct Prototype: Hashable, Sendable {
  public let name: String
  public let parameters: [Parameter]
  /// The type of the result; nil for `void`, 64 unsigned bits for a pointer.
  public let result: ValueType?
  /// The declaration as it was written.
  public let text: String

  public init(name: String, parameters: [Parameter], result: ValueType?, text: String) {
    self.name = name
    self.parameters = parameters
    self.result = result
    self.text = text
  }

  /// The most parameters (C 2023, 5.2.5.2).
  static let parameterLimit = 127

  /// The declaration `text`, which stands in `file` from `start` on.
  public static func parse(
    _ text: String, file: String = "prototype", at start: SourcePosition = .start
  ) throws(SpecificationError) -> Prototype {
    var reader = try DeclarationReader(text, file: file, at: start)
    return try reader.prototype(text)
  }
}

/// A parameter as it was read, before names in lengths are looked up.
struct DeclaredParameter {
  let name: DeclarationReader.Token
  let type: DeclaredType
  /// Nil for a value.
  var length: DeclaredLength?
  var isRestrict = false
}

extension DeclarationReader {
  /// Reads a prototype up to the end of the text.
  mutating func prototype(_ text: String) throws(SpecificationError) -> Prototype {
    let type = try type()
    let isPointer = skip("*")
    if isPointer { while isAt("*") || skipQualifier() { _ = skip("*") } }
    let name = try declaredName("the function's name")
    let declared = try parameterList()
    _ = skip(";")
    if current.kind != .end {
      throw error("expected the end of the prototype, found \(current.shown)")
    }
    let result: ValueType?
    switch type.base {
    case _ where isPointer: result = ValueType(width: 64, isSigned: false)
    case .void: result = nil
    case .value(let value): result = value
    }
    return Prototype(
      name: name.text, parameters: try parameters(declared), result: result, text: text)
  }

  /// The parameters of `declared`, lengths resolved.
  func parameters(_ declared: [DeclaredParameter]) throws(SpecificationError) -> [Parameter] {
    var known: [String: (type: DeclaredType, isBuffer: Bool)] = [:]
    for parameter in declared {
      let name = parameter.name.text
      guard known[name] == nil else {
        throw error(.name, "two parameters are called '\(name)'", at: parameter.name)
      }
      guard name != "result" else {
        throw error(
          .name, "'result' is the name of the return value; expected another name",
          at: parameter.name)
      }
      known[name] = (parameter.type, parameter.length != nil)
    }
    var result: [Parameter] = []
    for parameter in declared {
      guard case .value(let type) = parameter.type.base else { continue }
      var kind = Parameter.Kind.value(type)
      if let length = parameter.length {
        kind = .buffer(
          BufferType(
            element: type,
            length: try resolve(
              length, of: parameter.name.text, element: type, among: known),
            isConst: parameter.type.isConst, isRestrict: parameter.isRestrict))
      }
      result.append(
        Parameter(
          name: parameter.name.text, kind: kind, position: parameter.name.position))
    }
    return result
  }

  private mutating func parameterList() throws(SpecificationError) -> [DeclaredParameter] {
    try expect("(", " and parameters")
    if isAt("void"), following.text == ")" { advance() }
    if skip(")") { return [] }
    var result: [DeclaredParameter] = []
    repeat {
      guard result.count < Prototype.parameterLimit else {
        throw error(.limit, "more than \(Prototype.parameterLimit) parameters")
      }
      if isAt(".") {
        throw error(.unsupported, "functions with variable arguments are not supported")
      }
      result.append(try parameter())
    } while skip(",")
    try expect(")", " or ','")
    return result
  }

  /// Reads one parameter in C's notation.
  mutating func parameter() throws(SpecificationError) -> DeclaredParameter {
    let type = try type()
    var stars = 0
    while isAt("*") || stars > 0 && skipQualifier() { stars += skip("*") ? 1 : 0 }
    if isAt("(") {
      throw error(.unsupported, "pointers to functions are not supported")
    }
    let name = try declaredName("the parameter's name")
    var parameter = DeclaredParameter(name: name, type: type)
    guard isAt("[") else {
      try refusePointer(type, stars, name)
      return parameter
    }
    if stars > 0 {
      throw error(.unsupported, "'\(name.text)' is an array of pointers", at: name)
    }
    try brackets(&parameter)
    if isAt("[") {
      throw error(
        .unsupported, "'\(name.text)' has more than one dimension; expected one length")
    }
    return parameter
  }

  /// Fails for a pointer without a length and for `void`.
  private func refusePointer(
    _ type: DeclaredType, _ stars: Int, _ name: Token
  ) throws(SpecificationError) {
    if stars > 1 {
      throw error(.unsupported, "'\(name.text)' is a pointer to a pointer", at: name)
    }
    if stars == 1 {
      throw error(
        "the pointer '\(name.text)' has no length; give it one, in elements: "
          + "'\(name.text)[3]' or '\(name.text)[n]' in place of '*\(name.text)'", at: name)
    }
    if type.base == .void { throw error("'\(name.text)' is void", at: name) }
  }

  /// Reads `[qualifiers length]`.
  mutating func brackets(_ parameter: inout DeclaredParameter) throws(SpecificationError) {
    let name = parameter.name.text
    try expect("[")
    while current.kind == .word {
      if DeclarationReader.restrictWords.contains(current.text) {
        parameter.isRestrict = true
      } else if current.text != "const" && current.text != "static" {
        break
      }
      advance()
    }
    if isAt("]") || isAt("*") {
      throw error(
        "'\(name)' has no length; give it one, in elements: '\(name)[3]' or "
          + "'\(name)[n]'")
    }
    parameter.length = try length()
    try expect("]", " or an operator")
    if parameter.type.base == .void {
      throw error("'\(name)' is an array of void; expected uint8_t", at: parameter.name)
    }
  }

  /// Skips `const` or `restrict` after a star.
  private mutating func skipQualifier() -> Bool {
    guard current.text == "const" || DeclarationReader.restrictWords.contains(current.text)
    else { return false }
    advance()
    return true
  }

  /// Reads a name that is not a word of C.
  mutating func declaredName(_ what: String) throws(SpecificationError) -> Token {
    guard current.kind == .word, !DeclarationReader.isReserved(current.text) else {
      throw error("expected \(what), found \(current.shown)")
    }
    return advance()
  }
}
