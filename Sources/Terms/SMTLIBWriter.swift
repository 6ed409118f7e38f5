/// Terms as SMT-LIB 2.6 text: scripts for solvers and expressions for people.
public struct SMTLIBWriter {
  /// A part of an operator's text.
  enum Piece {
    case text(String)
    case term(Term)
  }

  let terms: TermManager

  public init(_ terms: TermManager) { self.terms = terms }

  // MARK: Scripts

  /// A complete script that asks whether the conjunction of `assertions` is satisfiable.
  ///
  /// Shared and long subterms are defined once, so that the text is linear in the number of terms and
  /// nests little.
  public func script(asserting assertions: [Term]) -> String {
    text(of: Script(self, roots: assertions, numbered: nil), assertions)
  }

  /// The script that asks the same with names that depend on the assertions alone and not on what
  /// else the manager holds, so that equal questions have equal texts in every process; nil where
  /// two variables would get the same name.
  public func canonicalScript(asserting assertions: [Term]) -> String? {
    let order = terms.postorder(of: assertions)
    let symbols = order.compactMap { terms.variable($0).map { SMTLIBWriter.symbol($0.name) } }
    guard Set(symbols).count == symbols.count else { return nil }
    return text(of: Script(self, roots: assertions, numbered: order), assertions)
  }

  private func text(of script: Script, _ assertions: [Term]) -> String {
    script.head + assertions.map { "(assert \(script.text($0)))\n" }.joined() + "(check-sat)\n"
  }

  /// A script that declares the variables of `definitions` and defines each name as its term.
  public func script(defining definitions: [(name: String, term: Term)]) -> String {
    let script = Script(self, roots: definitions.map(\.term), numbered: nil)
    return script.head
      + definitions.map { name, term in
        let symbol = SMTLIBWriter.symbol(name)
        return "(define-fun \(symbol) () \(terms.sort(term).smtlib) \(script.text(term)))\n"
      }.joined()
  }

  /// The texts of the terms that some roots consist of.
  private struct Script {
    /// A text of more UTF-8 bytes gets a name.
    static let longest = 100

    /// The logic, the declarations and the definitions.
    var head = ""
    private var texts: [Term: String] = [:]

    /// - Parameter numbered: the terms in the order by which they are numbered; nil for the
    ///   manager's own.
    init(_ writer: SMTLIBWriter, roots: [Term], numbered: [Term]?) {
      let terms = writer.terms
      let live = numbered ?? terms.support(of: roots)
      var uses: [Term: Int] = [:]
      var hasArrays = false
      for term in live {
        if case .array = terms.sort(term) { hasArrays = true }
        for child in terms.children(term) { uses[child, default: 0] += 1 }
      }
      let names = live.compactMap { terms.variable($0)?.name }
      var prefix = "?"
      while names.contains(where: { $0.hasPrefix(prefix) }) { prefix += "?" }
      head = "(set-logic \(hasArrays ? "QF_ABV" : "QF_BV"))\n"
      for (number, term) in live.enumerated() {
        let sort = terms.sort(term).smtlib
        if let variable = terms.variable(term) {
          let symbol = SMTLIBWriter.symbol(variable.name)
          head += "(declare-const \(symbol) \(sort))\n"
          texts[term] = symbol
          continue
        }
        let text = joined(writer.pieces(term))
        guard uses[term, default: 0] > 1 || text.utf8.count > Script.longest,
          terms.operation(term).arity > 0
        else {
          texts[term] = text
          continue
        }
        let name = "\(prefix)\(numbered == nil ? term.position : number)"
        head += "(define-fun \(name) () \(sort) \(text))\n"
        texts[term] = name
      }
    }

    private func joined(_ pieces: [Piece]) -> String {
      pieces.map { piece in
        switch piece {
        case .text(let text): text
        case .term(let term): self.text(term)
        }
      }.joined()
    }

    func text(_ term: Term) -> String {
      guard let text = texts[term] else {
        preconditionFailure("term \(term.position) is not part of the script")
      }
      return text
    }
  }

  // MARK: Expressions

  /// One line for people, with subtractions, shifts and extensions spelled as such.
  ///
  /// Shared subterms are repeated; beyond `limit` characters what is left is an ellipsis.
  public func expression(_ term: Term, limit: Int = 2000) -> String {
    var result = ""
    var length = 0
    var stack: [Piece] = [.term(term)]
    while let piece = stack.popLast() {
      switch piece {
      case .text(let text):
        result += text
        length += text.utf8.count
      case .term where length > limit: result += "…"
      case .term(let term): stack.append(contentsOf: readable(term).reversed())
      }
    }
    return result
  }

  // MARK: Pieces

  /// An operator applied to its operands.
  func apply(_ operation: String, _ operands: some Sequence<Term>) -> [Piece] {
    [.text("(" + operation)] + operands.flatMap { [.text(" "), .term($0)] } + [.text(")")]
  }

  /// The text of a term as it is.
  func pieces(_ term: Term) -> [Piece] {
    let children = terms.children(term)
    let operation = terms.operation(term)
    switch operation {
    case .constant: return [.text(constant(term))]
    case .variable: return [.text(SMTLIBWriter.symbol(terms.variable(term)?.name ?? ""))]
    case .extract:
      let bounds = terms.bounds(term) ?? (0, 0)
      return apply("(_ extract \(bounds.high) \(bounds.low))", children)
    case .signExtend:
      return apply("(_ sign_extend \(terms.width(term) - terms.width(children[0])))", children)
    case .constantArray: return apply("(as const \(terms.sort(term).smtlib))", children)
    case .not, .and, .or, .xor, .equal, .ifThenElse, .negate, .add, .multiply, .unsignedDivide,
      .unsignedRemainder, .signedDivide, .signedRemainder, .shiftLeft, .logicalShiftRight,
      .arithmeticShiftRight, .unsignedLess, .signedLess, .concat, .select, .store:
      let name = operation.smtlibName(onBooleans: terms.isBool(children[0]))
      return apply(name ?? "", children)
    }
  }

  private func constant(_ term: Term) -> String {
    guard let value = terms.value(term) else { return "" }
    return terms.isBool(term) ? (value.isZero ? "false" : "true") : value.smtlib
  }
}
