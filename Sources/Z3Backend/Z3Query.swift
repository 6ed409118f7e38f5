import CZ3
import Terms

/// A Z3 solver object and its limits.
package struct Z3Query: ~Copyable {
  private let context: Z3Context
  private let solver: Z3_solver

  package init(
    _ context: Z3Context, usesArrays: Bool, _ limits: SolverLimits
  ) throws(Z3Failure) {
    self.context = context
    if usesArrays {
      let logic = Z3_mk_string_symbol(context.pointer, "QF_ABV")
      solver = try context.checked(Z3_mk_solver_for_logic(context.pointer, logic))
    } else {
      solver = try context.checked(
        Z3_mk_solver_from_tactic(context.pointer, try context.bitVectorTactic()))
    }
    Z3_solver_inc_ref(context.pointer, solver)
    setLimits(limits)
  }

  deinit { Z3_solver_dec_ref(context.pointer, solver) }

  private func setLimits(_ limits: SolverLimits) {
    let context = context.pointer
    let parameters = Z3_mk_params(context)
    Z3_params_inc_ref(context, parameters)
    defer { Z3_params_dec_ref(context, parameters) }
    func set(_ name: String, _ value: UInt32) {
      Z3_params_set_uint(context, parameters, Z3_mk_string_symbol(context, name), value)
    }
    if limits.resource > 0 { set("rlimit", UInt32(clamping: limits.resource)) }
    // Z3 takes all ones for "no limit".
    let milliseconds = min(max(limits.seconds * 1000, 1), Double(UInt32.max))
    set("timeout", UInt32(milliseconds))
    Z3_solver_set_params(context, solver, parameters)
  }

  package func assert(_ expression: OpaquePointer) {
    Z3_solver_assert(context.pointer, solver, expression)
  }

  /// Runs Z3 and says what came of it.
  package func answer(
    _ translation: Z3Translation, _ terms: TermManager
  ) throws(Z3Failure) -> SolverAnswer {
    if let failure = context.failure { throw failure }
    switch Z3_solver_check(context.pointer, solver) {
    case Z3_L_FALSE: return .unsatisfiable
    case Z3_L_TRUE: return .satisfiable(try model(translation, terms))
    default: return undecided()
    }
  }

  private func model(
    _ translation: Z3Translation, _ terms: TermManager
  ) throws(Z3Failure) -> Model {
    let model = try context.checked(Z3_solver_get_model(context.pointer, solver))
    Z3_model_inc_ref(context.pointer, model)
    defer { Z3_model_dec_ref(context.pointer, model) }
    return try Z3ModelReader(context: context, model: model).read(translation, terms)
  }

  private func undecided() -> SolverAnswer {
    let reason = Z3_solver_get_reason_unknown(context.pointer, solver).map {
      String(cString: $0)
    }
    if reason == "interrupted from keyboard" { return .interrupted }
    return .unknown("Z3: \(reason ?? context.failure?.message ?? "no reason given")")
  }
}
