import CZ3
import Terms
import Z3Backend

/// Compares expressions, as asked for, with the terms that the constructors make of them.
enum ExpressionCheck {
  enum Outcome: Equatable {
    case equal, different, undecided
    case failed(String)
  }

  /// Whether the root of `expression` and its term are equal for all inputs.
  static func compare(_ expression: Expression, milliseconds: UInt32 = 1000) -> Outcome {
    do {
      let context = try Z3Context()
      return try compare(expression, in: context, milliseconds)
    } catch {
      return .failed(error.message)
    }
  }

  static func compare(
    _ expression: Expression, in context: Z3Context, _ milliseconds: UInt32
  ) throws(Z3Failure) -> Outcome {
    let terms = TermManager()
    let built = expression.build(in: terms)
    let raw = try expression.translate(in: context) { built[$0].position }
    let term = built[expression.root]
    let translation = try Z3Translation([term], of: terms, in: context)
    let sort = Z3_get_sort(context.pointer, raw[expression.root])
    guard sort == Z3_get_sort(context.pointer, translation.expression(term)) else {
      return .failed("the sorts differ")
    }
    let same = Z3_mk_eq(
      context.pointer, raw[expression.root], translation.expression(term))
    let limits = SolverLimits(seconds: Double(milliseconds) / 1000)
    let query = try Z3Query(context, usesArrays: expression.usesArrays, limits)
    query.assert(try context.checked(Z3_mk_not(context.pointer, same)))
    switch try query.answer(translation, terms) {
    case .unsatisfiable: return .equal
    case .satisfiable: return .different
    case .unknown, .interrupted: return .undecided
    }
  }

  /// A smallest expression that still differs.
  static func shrink(_ expression: Expression) -> Expression {
    var best = expression.pruned
    var improved = true
    while improved {
      improved = false
      for candidate in best.smaller where compare(candidate) == .different {
        best = candidate
        improved = true
        break
      }
    }
    return best
  }
}

extension Expression {
  /// Whether an array is among the nodes: Z3 answers wrongly when told a logic without them.
  var usesArrays: Bool {
    nodes.contains { node in
      if case .array = node.sort { return true }
      return false
    }
  }

  /// Expressions with one node less, or with a node replaced by something simpler.
  var smaller: [Expression] {
    var result: [Expression] = []
    for index in nodes.indices.dropLast().reversed() {
      result.append(Expression(nodes: Array(nodes[...index])).pruned)
    }
    for index in nodes.indices.reversed() {
      for replacement in nodes[index].operands where nodes[replacement].sort == nodes[index].sort {
        result.append(replacing(index, by: replacement).pruned)
      }
      if !nodes[index].operands.isEmpty {
        var copy = self
        copy.nodes[index] = Node(kind: .variable("v\(index)"), sort: nodes[index].sort)
        result.append(copy.pruned)
      }
    }
    let count = nodes.count
    return result.filter { $0.nodes.count < count }
      + result.filter { $0.nodes.count == count && $0.nodes != nodes }
  }

  private func replacing(_ index: Int, by replacement: Int) -> Expression {
    var copy = self
    for user in copy.nodes.indices {
      copy.nodes[user].operands = copy.nodes[user].operands.map { $0 == index ? replacement : $0 }
    }
    if index == root { copy.nodes.removeLast(root - replacement) }
    return copy
  }
}
