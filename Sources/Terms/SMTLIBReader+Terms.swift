/// Terms, checked and turned into programs by an explicit stack of what is left to do.
extension SMTLIBReader {
  /// The program of a body, and its sort.
  func program(
    _ body: Int, parameters: [(name: String, sort: Sort)]
  ) throws(SpecificationError) -> (SMTLIBProgram, Sort) {
    var compiler = SMTLIBTermCompiler(reader: self)
    for (index, parameter) in parameters.enumerated() {
      compiler.bind(
        parameter.name,
        compiler.program.append(
          .parameter(index), parameter.sort, at: forest[body].position))
    }
    return try compiler.compile(body)
  }
}

/// Turns one body into a program.
struct SMTLIBTermCompiler {
  private enum Task {
    /// Leaves the result of an expression on the stack of values.
    case expression(Int)
    /// Applies the function of a list to as many values.
    case application(Int, Head, Int)
    /// Gives the values of a `let` their names.
    case binding(Int)
    /// Ends the scope of these names.
    case unbind([String])
  }

  /// What stands at the head of an application.
  enum Head {
    case theory(SMTLIBFunction, indices: [Int])
    case constantArray(Sort)
    case defined(Int)
  }

  let reader: SMTLIBReader
  fileprivate(set) var program = SMTLIBProgram()
  /// The steps that local names stand for, innermost last.
  private var locals: [String: [Int]] = [:]
  private var tasks: [Task] = []
  private var values: [Int] = []

  fileprivate init(reader: SMTLIBReader) { self.reader = reader }

  private var forest: SExpressionForest { reader.forest }

  fileprivate mutating func bind(_ name: String, _ step: Int) {
    locals[name, default: []].append(step)
  }

  fileprivate mutating func compile(
    _ body: Int
  ) throws(SpecificationError) -> (SMTLIBProgram, Sort) {
    tasks = [.expression(body)]
    while let task = tasks.popLast() {
      switch task {
      case .expression(let node): try expression(node)
      case .application(let node, let head, let count): try apply(node, head, count)
      case .binding(let node): try openScope(node)
      case .unbind(let names): for name in names { locals[name]?.removeLast() }
      }
    }
    program.result = values[0]
    return (program, program.sorts[values[0]])
  }

  /// Whether `name` is bound by a parameter or a `let` here.
  func isLocal(_ name: String) -> Bool { locals[name]?.isEmpty == false }

  /// Whether `name` is a value here, so that it cannot be applied.
  func isValue(_ name: String) -> Bool {
    if case .declared = reader.globals[name] { return true }
    return isLocal(name) || name == "true" || name == "false"
  }

  private mutating func push(_ step: SMTLIBProgram.Step, _ sort: Sort, _ node: Int) {
    values.append(program.append(step, sort, at: forest[node].position))
  }

  // MARK: Expressions

  private mutating func expression(_ node: Int) throws(SpecificationError) {
    let expression = forest[node]
    switch expression.kind {
    case .symbol, .quotedSymbol: try symbol(node)
    case .hexadecimal, .binary:
      let value = try reader.bits(node)
      push(.bits(value), .bitVector(value.width), node)
    case .list: try list(node)
    case .numeral, .decimal, .string, .keyword:
      throw reader.error(
        .unsupported, node,
        "expected a term, found \(expression.kind.words) (bit-vectors are written #x…, #b… or "
          + "(_ bvN WIDTH))")
    }
  }

  private mutating func symbol(_ node: Int) throws(SpecificationError) {
    let name = forest[node].text
    if let step = locals[name]?.last { return values.append(step) }
    if name == "true" || name == "false" { return push(.bool(name == "true"), .bool, node) }
    switch reader.globals[name] {
    case .declared(let place):
      push(.declared(place), reader.script.declarations[place].sort, node)
    case .function(let place):
      let function = reader.script.functions[place]
      guard function.parameters.isEmpty else {
        throw reader.error(
          .sort, node, "'\(name)' takes \(function.parameters.count) arguments, found none")
      }
      push(.call(place, 0..<0), function.result, node)
    case nil:
      if SMTLIBFunction.named(name) != nil {
        throw reader.error(.syntax, node, "'\(name)' without arguments: expected (\(name) …)")
      }
      throw reader.error(.name, node, "nothing is called \(forest[node].shown)")
    }
  }

  private mutating func list(_ node: Int) throws(SpecificationError) {
    let parts = Array(forest.children(of: node))
    guard let first = parts.first else {
      throw reader.error(.syntax, node, "expected a term, found ()")
    }
    if forest[first].kind == .symbol {
      switch forest[first].text {
      case "let": return try openLet(node, parts)
      case "_":
        guard let value = try reader.decimalBits(parts) else {
          throw reader.error(
            .syntax, node, "expected (_ bvN WIDTH) or an indexed function's arguments")
        }
        return push(.bits(value), .bitVector(value.width), node)
      case "forall", "exists":
        throw reader.error(.unsupported, first, "quantifiers are not part of specifications")
      case "!":
        throw reader.error(.unsupported, first, "annotations are not part of specifications")
      case "match", "as":
        throw reader.error(
          .unsupported, first, "'\(forest[first].text)' is not part of specifications")
      default: break
      }
    }
    let head = try self.head(first)
    tasks.append(.application(node, head, parts.count - 1))
    for argument in parts.dropFirst().reversed() { tasks.append(.expression(argument)) }
  }

  // MARK: let

  private mutating func openLet(_ node: Int, _ parts: [Int]) throws(SpecificationError) {
    guard parts.count == 3, forest[parts[1]].kind == .list, !forest[parts[1]].children.isEmpty
    else { throw reader.error(.syntax, node, "expected (let ((NAME TERM) …) BODY)") }
    tasks.append(.binding(node))
    for pair in forest.children(of: parts[1]).reversed() {
      let children = Array(forest.children(of: pair))
      guard children.count == 2 else {
        throw reader.error(.syntax, pair, "expected (NAME TERM)")
      }
      tasks.append(.expression(children[1]))
    }
  }

  private mutating func openScope(_ node: Int) throws(SpecificationError) {
    let parts = Array(forest.children(of: node))
    let pairs = Array(forest.children(of: parts[1]))
    var names: [String] = []
    var seen: Set<String> = []
    for pair in pairs {
      let place = forest.children(of: pair).first ?? pair
      let name = try reader.localName(place)
      guard seen.insert(name).inserted else {
        throw reader.error(.name, place, "'\(name)' is bound twice by one let")
      }
      names.append(name)
    }
    for (name, step) in zip(names, values.suffix(pairs.count)) { bind(name, step) }
    values.removeLast(pairs.count)
    tasks.append(.unbind(names))
    tasks.append(.expression(parts[2]))
  }

  // MARK: Applications

  private mutating func apply(
    _ node: Int, _ head: Head, _ count: Int
  ) throws(SpecificationError) {
    let arguments = Array(values.suffix(count))
    values.removeLast(count)
    let sorts = arguments.map { program.sorts[$0] }
    switch head {
    case .theory(let function, let indices):
      let sort = try check(node, function, sorts, indices, nil)
      push(.apply(function, program.pass(arguments), .init(indices)), sort, node)
    case .constantArray(let constSort):
      let sort = try check(node, .const, sorts, [], constSort)
      push(.apply(.const, program.pass(arguments), .init([])), sort, node)
    case .defined(let place):
      try checkCall(node, place, sorts)
      push(.call(place, program.pass(arguments)), reader.script.functions[place].result, node)
    }
  }

  private func check(
    _ node: Int, _ function: SMTLIBFunction, _ sorts: [Sort], _ indices: [Int],
    _ constSort: Sort?
  ) throws(SpecificationError) -> Sort {
    let name = function.rawValue
    guard function.arity.contains(sorts.count) else {
      throw reader.error(
        .sort, node, "'\(name)' takes \(function.arityInWords), found \(sorts.count)")
    }
    do throws(SortMismatch) {
      return try function.sort(of: sorts, indices: indices, constSort: constSort)
    } catch {
      guard let argument = error.argument else {
        throw reader.error(error.kind, node, error.message)
      }
      let children = forest.children(of: node)
      let place = children[children.startIndex + argument + 1]
      throw reader.error(
        error.kind, place, "argument \(argument + 1) of '\(name)': \(error.message)")
    }
  }

  private func checkCall(
    _ node: Int, _ place: Int, _ sorts: [Sort]
  ) throws(SpecificationError) {
    let function = reader.script.functions[place]
    guard function.parameters.count == sorts.count else {
      throw reader.error(
        .sort, node,
        "'\(function.name)' takes \(function.parameters.count) arguments, found \(sorts.count)")
    }
    for (index, sort) in sorts.enumerated() where sort != function.parameters[index] {
      let children = forest.children(of: node)
      throw reader.error(
        .sort, children[children.startIndex + index + 1],
        "argument \(index + 1) of '\(function.name)': expected "
          + "\(function.parameters[index].smtlib), found \(sort.smtlib)")
    }
  }
}
