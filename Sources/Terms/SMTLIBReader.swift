/// An SMT-LIB 2.6 script of declarations and definitions, without quantifiers and assertions,
/// whose names and sorts have been checked.
public struct Script: Sendable {
  /// `(set-info :keyword value)`.
  public struct Attribute: Hashable, Sendable {
    /// What the value is.
    public enum Kind: Hashable, Sendable {
      case string, numeral, other
    }

    public let keyword: String
    /// The text of the value if it is an atom; a string is without its quotes.
    public let value: String?
    public let kind: Kind
    public let position: SourcePosition
    /// Where the value starts; for a string its first character after the quote.
    public let valuePosition: SourcePosition
  }

  /// `(declare-const name sort)`.
  public struct Declaration: Hashable, Sendable {
    public let name: String
    public let sort: Sort
    /// Where the name stands.
    public let position: SourcePosition
    /// Where the sort stands.
    public let sortPosition: SourcePosition
  }

  /// `(define-fun name (parameters) sort body)`.
  public struct Function: Sendable {
    public let name: String
    public let parameters: [Sort]
    public let result: Sort
    public let position: SourcePosition
    let program: SMTLIBProgram
  }

  public let file: String
  public internal(set) var logic = ""
  public internal(set) var attributes: [Attribute] = []
  public internal(set) var declarations: [Declaration] = []
  public internal(set) var functions: [Function] = []
  /// The position after the last character.
  public internal(set) var end = SourcePosition.start

  init(file: String) { self.file = file }

  /// Reads `text`; `file` is its name in errors. The first error ends it.
  public static func parse(
    _ text: String, file: String
  ) throws(SpecificationError) -> Script {
    var reader = try SMTLIBReader(text, file: file)
    try reader.read()
    return reader.script
  }

  /// The declaration of `name`.
  public func declaration(_ name: String) -> Declaration? {
    declarations.first { $0.name == name }
  }

  /// The function called `name`.
  public func function(_ name: String) -> Function? { functions.first { $0.name == name } }

  /// The function `name`, which has no parameters, as a term over `environment`: the term that
  /// stands for each declared constant. Terms are simplified as they are made, and each call is
  /// evaluated once for each list of arguments.
  public func term(
    _ name: String, environment: [String: Term], in terms: TermManager
  ) throws(SpecificationError) -> Term {
    guard let index = functions.firstIndex(where: { $0.name == name }) else {
      throw SpecificationError(
        .name, file: file, at: end, "expected (define-fun \(name) () … )")
    }
    precondition(functions[index].parameters.isEmpty, "\(name) has parameters")
    var elaboration = SMTLIBElaboration(self, environment: environment, in: terms)
    return try elaboration.run(index)
  }

  /// The declared constants that the functions `names` depend on, each with the first place where
  /// it stands, in order of declaration.
  public func mentions(
    from names: [String]
  ) -> [(declaration: Declaration, position: SourcePosition)] {
    var found: [Int: SourcePosition] = [:]
    var queue = functions.indices.filter { names.contains(functions[$0].name) }
    var seen = Set(queue)
    while let index = queue.popLast() {
      let program = functions[index].program
      for (step, position) in zip(program.steps, program.positions) {
        switch step {
        case .declared(let place): found[place] = min(found[place] ?? position, position)
        case .call(let callee, _): if seen.insert(callee).inserted { queue.append(callee) }
        case .bool, .bits, .parameter, .apply: break
        }
      }
    }
    return found.sorted { $0.key < $1.key }.map { (declarations[$0.key], $0.value) }
  }
}
