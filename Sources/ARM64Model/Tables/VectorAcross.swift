import MachineModel
import Terms

/// One number from all lanes of a vector.
extension ARM64 {
  static let vectorAcross: [Entry] = [
    across("addv", "0", "11011") { $0.add($1, $2) },
    across("smaxv", "0", "01010") { $0.extreme($1, $2, isGreatest: true, .signed) },
    across("umaxv", "1", "01010") { $0.extreme($1, $2, isGreatest: true, .unsigned) },
    across("sminv", "0", "11010") { $0.extreme($1, $2, isGreatest: false, .signed) },
    across("uminv", "1", "11010") { $0.extreme($1, $2, isGreatest: false, .unsigned) },
    across("saddlv", "0", "00011", .signed) { $0.add($1, $2) },
    across("uaddlv", "1", "00011", .unsigned) { $0.add($1, $2) },
    simd(
      "ADDP (scalar)",
      [Row("addp <Dd>, <Vn>.2d", "01 0 11110 11 11000 11011 10 Rn:5 Rd:5")],
      execute: reduce(nil) { $0.add($1, $2) }),
  ]

  /// An entry; with `signedness` the result is twice as wide as the lanes.
  private static func across(
    _ name: String, _ u: String, _ opcode: String, _ signedness: MachineState.Signedness? = nil,
    _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Entry {
    simd(
      name.uppercased(),
      [
        Row(
          "\(name) \(signedness == nil ? "<V>" : "<Va>")<d>, <Vn>.<T>",
          "0 Q \(u) 01110 size:2!=11 11000 \(opcode) 10 Rn:5 Rd:5 size:Q!=100")
      ], execute: reduce(signedness, operation))
  }

  private static func reduce(
    _ signedness: MachineState.Signedness?,
    _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Execution {
    { instruction, state in
      var lanes = state.lanes(instruction.register(1))
      if let signedness { lanes = lanes.map { state.doubled($0, signedness) } }
      state[instruction[0]] = lanes.dropFirst().reduce(lanes[0]) {
        operation(state.terms, $0, $1)
      }
    }
  }
}
