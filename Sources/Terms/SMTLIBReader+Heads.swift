/// What stands at the head of an application: a name, `(_ name numerals)` or `(as const SORT)`.
extension SMTLIBTermCompiler {
  /// The function at the head `node` of a list.
  func head(_ node: Int) throws(SpecificationError) -> Head {
    let expression = reader.forest[node]
    if expression.isSymbol { return try namedHead(node, expression.text) }
    let parts = Array(reader.forest.children(of: node))
    guard let first = parts.first, reader.forest[first].kind == .symbol else {
      throw reader.error(
        .syntax, node, "expected the name of a function, found \(expression.shown)")
    }
    switch reader.forest[first].text {
    case "_": return try indexedHead(node, parts)
    case "as":
      guard parts.count == 3, reader.forest[parts[1]].text == "const" else {
        throw reader.error(.unsupported, node, "expected (as const (Array …))")
      }
      return .constantArray(try reader.sort(parts[2]))
    default:
      throw reader.error(.syntax, node, "expected the name of a function, found (…)")
    }
  }

  private func namedHead(_ node: Int, _ name: String) throws(SpecificationError) -> Head {
    if case .function(let place) = reader.globals[name] { return try called(node, place) }
    if isValue(name) { throw reader.error(.sort, node, "'\(name)' takes no arguments") }
    guard let function = SMTLIBFunction.named(name) else {
      throw reader.error(
        .name, node, "nothing is called \(reader.forest[node].shown)")
    }
    guard function.indexCount == 0 else {
      throw reader.error(
        .syntax, node,
        "'\(name)' is indexed: expected (_ \(name)"
          + String(repeating: " NUMERAL", count: function.indexCount) + ")")
    }
    return .theory(function, indices: [])
  }

  private func called(_ node: Int, _ place: Int) throws(SpecificationError) -> Head {
    let function = reader.script.functions[place]
    if function.parameters.isEmpty || isLocal(function.name) {
      throw reader.error(.sort, node, "'\(function.name)' takes no arguments")
    }
    return .defined(place)
  }

  private func indexedHead(_ node: Int, _ parts: [Int]) throws(SpecificationError) -> Head {
    guard parts.count >= 2, reader.forest[parts[1]].isSymbol else {
      throw reader.error(.syntax, node, "expected (_ NAME NUMERAL …)")
    }
    let name = reader.forest[parts[1]].text
    guard let function = SMTLIBFunction.named(name), function.indexCount > 0 else {
      throw reader.error(.name, parts[1], "no indexed function is called '\(name)'")
    }
    guard parts.count == function.indexCount + 2 else {
      throw reader.error(
        .syntax, node,
        "expected (_ \(name)" + String(repeating: " NUMERAL", count: function.indexCount) + ")")
    }
    var indices: [Int] = []
    for part in parts.dropFirst(2) { indices.append(try reader.numeral(part)) }
    return .theory(function, indices: indices)
  }
}

extension SMTLIBFunction {
  /// The function of the logic called `name`; `const` is none without its `as`.
  static func named(_ name: String) -> SMTLIBFunction? {
    name == "const" ? nil : SMTLIBFunction(rawValue: name)
  }

  /// The number of arguments in words.
  var arityInWords: String {
    if arity.lowerBound == arity.upperBound {
      return arity.lowerBound == 1 ? "1 argument" : "\(arity.lowerBound) arguments"
    }
    return arity.upperBound == .max
      ? "at least \(arity.lowerBound) arguments"
      : "\(arity.lowerBound) to \(arity.upperBound) arguments"
  }
}
