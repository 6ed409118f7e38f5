/// Reads scripts: commands here, terms in `SMTLIBReader+Terms`, sorts in `SMTLIBReader+Sorts`.
struct SMTLIBReader {
  /// What a global name stands for.
  enum Global {
    case declared(Int)
    case function(Int)
  }

  let forest: SExpressionForest
  var script: Script
  var globals: [String: Global] = [:]
  var sortNames: [String: Sort] = [:]

  /// The logics whose scripts are read; all without quantifiers here, ALL included.
  static let logics = ["QF_BV", "QF_ABV", "QF_UFBV", "QF_AUFBV", "ALL"]
  /// Words that name nothing.
  static let reserved: Set<String> = [
    "let", "forall", "exists", "match", "!", "_", "as", "par", "NUMERAL", "DECIMAL", "STRING",
    "BINARY", "HEXADECIMAL",
  ]

  init(_ text: String, file: String) throws(SpecificationError) {
    forest = try SExpressionForest(text, file: file)
    script = Script(file: file)
    script.end = forest.end
  }

  func error(
    _ kind: SpecificationError.Kind, _ node: Int, _ message: String
  ) -> SpecificationError {
    SpecificationError(kind, file: script.file, at: forest[node].position, message)
  }

  // MARK: Commands

  mutating func read() throws(SpecificationError) {
    for root in forest.roots { try command(root) }
    if script.logic.isEmpty {
      throw SpecificationError(
        .syntax, file: script.file, at: script.end, "expected (set-logic QF_BV) or another logic")
    }
  }

  private mutating func command(_ root: Int) throws(SpecificationError) {
    let parts = Array(forest.children(of: root))
    guard let head = parts.first, forest[head].kind == .symbol else {
      throw error(.syntax, root, "expected a command, found \(forest[root].shown)")
    }
    switch forest[head].text {
    case "set-logic": try setLogic(root, parts)
    case "set-info": try setInfo(root, parts)
    case "declare-const", "declare-fun": try declare(root, parts)
    case "define-fun", "define-const": try define(root, parts)
    case "define-sort": try defineSort(root, parts)
    case let name:
      throw error(
        .unsupported, head,
        "'\(name)' is not a command of specifications; expected set-logic, set-info, "
          + "declare-const, declare-fun, define-const, define-fun or define-sort")
    }
  }

  /// Fails unless the command has `form`'s number of parts.
  private func expect(
    _ form: String, _ count: Int, _ root: Int, _ parts: [Int]
  ) throws(SpecificationError) {
    if parts.count == count { return }
    let place = parts.count > count ? parts[count] : root
    throw error(.syntax, place, "expected \(form)")
  }

  private mutating func setLogic(_ root: Int, _ parts: [Int]) throws(SpecificationError) {
    try expect("(set-logic NAME)", 2, root, parts)
    let name = forest[parts[1]]
    if !script.logic.isEmpty { throw error(.syntax, root, "the logic is set twice") }
    guard name.isSymbol, SMTLIBReader.logics.contains(name.text) else {
      throw error(
        .unsupported, parts[1],
        "expected one of \(SMTLIBReader.logics.joined(separator: ", ")), found \(name.shown)")
    }
    script.logic = name.text
  }

  private mutating func setInfo(_ root: Int, _ parts: [Int]) throws(SpecificationError) {
    guard parts.count == 2 || parts.count == 3, forest[parts[1]].kind == .keyword else {
      throw error(.syntax, root, "expected (set-info :NAME VALUE)")
    }
    let keyword = forest[parts[1]]
    let value = parts.count == 3 ? forest[parts[2]] : nil
    let kind: Script.Attribute.Kind =
      switch value?.kind {
      case .string: .string
      case .numeral: .numeral
      default: .other
      }
    let start = value?.position ?? keyword.position
    script.attributes.append(
      Script.Attribute(
        keyword: keyword.text, value: value.flatMap { $0.kind == .list ? nil : $0.text },
        kind: kind, position: keyword.position,
        valuePosition: kind == .string
          ? SourcePosition(line: start.line, column: start.column + 1) : start))
  }

  private mutating func declare(_ root: Int, _ parts: [Int]) throws(SpecificationError) {
    let isFunction = forest[parts[0]].text == "declare-fun"
    try expect(
      isFunction ? "(declare-fun NAME () SORT)" : "(declare-const NAME SORT)",
      isFunction ? 4 : 3, root, parts)
    let name = try newName(parts[1])
    if isFunction {
      guard forest[parts[2]].kind == .list else {
        throw error(.syntax, parts[2], "expected (), found \(forest[parts[2]].shown)")
      }
      if let first = forest.children(of: parts[2]).first {
        throw error(
          .unsupported, first,
          "'\(name)' takes arguments: functions without a definition are "
            + "not part of specifications; expected ()")
      }
    }
    let sortNode = parts[parts.count - 1]
    let sort = try sort(sortNode)
    globals[name] = .declared(script.declarations.count)
    script.declarations.append(
      Script.Declaration(
        name: name, sort: sort, position: forest[parts[1]].position,
        sortPosition: forest[sortNode].position))
  }

  private mutating func define(_ root: Int, _ parts: [Int]) throws(SpecificationError) {
    let isFunction = forest[parts[0]].text == "define-fun"
    try expect(
      isFunction
        ? "(define-fun NAME ((PARAMETER SORT) …) SORT BODY)" : "(define-const NAME SORT BODY)",
      isFunction ? 5 : 4, root, parts)
    let name = try newName(parts[1])
    let parameters = isFunction ? try self.parameters(parts[2]) : []
    let sortNode = parts[parts.count - 2]
    let result = try sort(sortNode)
    let body = parts[parts.count - 1]
    let (program, found) = try program(body, parameters: parameters)
    guard found == result else {
      throw error(
        .sort, body, "the body of '\(name)': expected \(result.smtlib), found \(found.smtlib)")
    }
    globals[name] = .function(script.functions.count)
    script.functions.append(
      Script.Function(
        name: name, parameters: parameters.map(\.sort), result: result,
        position: forest[parts[1]].position, program: program))
  }

  private mutating func defineSort(_ root: Int, _ parts: [Int]) throws(SpecificationError) {
    try expect("(define-sort NAME () SORT)", 4, root, parts)
    let name = forest[parts[1]]
    guard name.isSymbol, !SMTLIBReader.reserved.contains(name.text) else {
      throw error(.syntax, parts[1], "expected the name of a sort, found \(name.shown)")
    }
    if ["Bool", "BitVec", "Array"].contains(name.text) || sortNames[name.text] != nil {
      throw error(.name, parts[1], "the sort '\(name.text)' is already defined")
    }
    guard forest[parts[2]].kind == .list, forest[parts[2]].children.isEmpty else {
      throw error(.unsupported, parts[2], "sorts with parameters are not read; expected ()")
    }
    sortNames[name.text] = try sort(parts[3])
  }

  private mutating func parameters(
    _ list: Int
  ) throws(SpecificationError) -> [(name: String, sort: Sort)] {
    guard forest[list].kind == .list else {
      throw error(
        .syntax, list, "expected ((PARAMETER SORT) …), found \(forest[list].shown)")
    }
    var result: [(name: String, sort: Sort)] = []
    var names: Set<String> = []
    for node in forest.children(of: list) {
      let pair = Array(forest.children(of: node))
      guard pair.count == 2 else { throw error(.syntax, node, "expected (PARAMETER SORT)") }
      let name = try localName(pair[0])
      guard names.insert(name).inserted else {
        throw error(.name, pair[0], "two parameters are called '\(name)'")
      }
      result.append((name, try sort(pair[1])))
    }
    return result
  }

  // MARK: Names

  /// The symbol at `node`, which may be a name of its own.
  func localName(_ node: Int) throws(SpecificationError) -> String {
    let name = forest[node]
    guard name.isSymbol else { throw error(.syntax, node, "expected a name, found \(name.shown)") }
    if name.kind == .symbol, SMTLIBReader.reserved.contains(name.text) {
      throw error(.syntax, node, "expected a name, found the reserved word '\(name.text)'")
    }
    return name.text
  }

  private func newName(_ node: Int) throws(SpecificationError) -> String {
    if script.logic.isEmpty {
      throw error(.syntax, node, "expected (set-logic …) before the first declaration")
    }
    let name = try localName(node)
    if globals[name] != nil { throw error(.name, node, "'\(name)' is already defined") }
    if name == "true" || name == "false" || SMTLIBFunction.named(name) != nil {
      throw error(.name, node, "'\(name)' is a function of the logic")
    }
    return name
  }
}
