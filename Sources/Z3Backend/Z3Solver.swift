import CZ3
import Terms

/// Z3 in this process: a context and a translation for each query.
///
/// Z3 is asked to keep the limits and usually does; `Z3` makes sure of it from outside.
public final class Z3Solver: Solver, Preparable {
  /// A context that nothing has used.
  private var prepared: Z3Context?

  public init() {}

  public var description: String { "Z3 \(Z3Context.version)" }

  public func check(
    _ assertions: [Term], in terms: TermManager, limits: SolverLimits
  ) -> SolverAnswer {
    if let answer = terms.trivialAnswer(assertions) { return answer }
    Z3_global_param_set("memory_max_size", String(max(1, limits.memory >> 20)))
    do {
      let context = if let prepared { prepared } else { try Z3Context() }
      let translation = try Z3Translation(assertions, of: terms, in: context)
      let solver = try Z3Query(context, usesArrays: translation.usesArrays, limits)
      for assertion in assertions { solver.assert(translation.expression(assertion)) }
      return try solver.answer(translation, terms)
    } catch {
      return .unknown("Z3: \(error.message)")
    }
  }

  /// Makes the context here whose copy each child uses once: making one touches 17 MB.
  func prepare() {
    if prepared == nil { prepared = try? Z3Context() }
  }
}

extension TermManager {
  /// The answer to a query that needs no solver: one of constants.
  package func trivialAnswer(_ assertions: [Term]) -> SolverAnswer? {
    if assertions.contains(`false`) { return .unsatisfiable }
    return assertions.allSatisfy { $0 == `true` } ? .satisfiable(Model()) : nil
  }
}
