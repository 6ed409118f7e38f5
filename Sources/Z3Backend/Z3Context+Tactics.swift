import CZ3

/// How Z3 goes about queries of bit-vectors.
extension Z3Context {
  /// The pipeline that was fastest on queries in the shape of a lifter: Z3's own `QF_BV` spends longer
  /// on comparisons through flags, and without `max-bv-sharing` population counts take for ever.
  func bitVectorTactic() throws(Z3Failure) -> OpaquePointer {
    try chain([
      tactic("simplify", ["hoist_mul": false, "mul2concat": true, "flat": false]),
      tactic("propagate-values"), tactic("solve-eqs"), tactic("max-bv-sharing"),
      tactic("bit-blast"), tactic("simplify", ["local_ctx": true, "flat": false]),
      tactic("sat"),
    ])
  }

  private func tactic(
    _ name: String, _ settings: [String: Bool] = [:]
  ) throws(Z3Failure) -> OpaquePointer {
    let tactic = try kept(Z3_mk_tactic(pointer, name))
    if settings.isEmpty { return tactic }
    let parameters = Z3_mk_params(pointer)
    Z3_params_inc_ref(pointer, parameters)
    defer { Z3_params_dec_ref(pointer, parameters) }
    for (key, value) in settings {
      Z3_params_set_bool(pointer, parameters, Z3_mk_string_symbol(pointer, key), value)
    }
    return try kept(Z3_tactic_using_params(pointer, tactic, parameters))
  }

  private func chain(_ tactics: [OpaquePointer]) throws(Z3Failure) -> OpaquePointer {
    var result = tactics[0]
    for next in tactics.dropFirst() {
      result = try kept(Z3_tactic_and_then(pointer, result, next))
    }
    return result
  }

  /// A tactic that lives until the context goes.
  private func kept(_ tactic: OpaquePointer?) throws(Z3Failure) -> OpaquePointer {
    let tactic = try checked(tactic)
    Z3_tactic_inc_ref(pointer, tactic)
    return tactic
  }
}
