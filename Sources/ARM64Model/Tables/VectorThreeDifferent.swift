import MachineModel
import Terms

/// Instructions with vectors of different lanes: long, wide and narrow; the `2` forms read or write
/// the upper half of a vector.
extension ARM64 {
  static let vectorThreeDifferent: [Entry] =
    signedLong("s", "0", .signed) + signedLong("u", "1", .unsigned)
    + doublingLong.map { name, opcode, execute in
      simd(
        "\(name.uppercased()), \(name.uppercased())2 (vector)", saturates: true,
        longRows(name, "0", opcode, .halfwordsAndWords) + [
          Row(
            "\(name) <Va><d>, <Vb><n>, <Vb><m>",
            "01 0 11110 size:2!=00!=11 1 Rm:5 \(opcode) 00 Rn:5 Rd:5")
        ], execute: execute)
    } + [
      simd(
        "PMULL, PMULL2", pmullRows,
        execute: binary {
          $0.terms.polynomialProduct($1, $2, to: 2 * $0.terms.width($1))
        }),
      narrow("addhn", "0", "0100") { $0.add($1, $2) },
      narrow("raddhn", "1", "0100") { $0.add($0.add($1, $2), half($0, $1)) },
      narrow("subhn", "0", "0110") { $0.subtract($1, $2) },
      narrow("rsubhn", "1", "0110") { $0.add($0.subtract($1, $2), half($0, $1)) },
    ]

  /// The instructions that there are for signed and for unsigned numbers.
  private static func signedLong(
    _ letter: String, _ u: String, _ signedness: MachineState.Signedness
  ) -> [Entry] {
    [
      long(letter + "addl", u, "0000", binary { $0.sum($1, $2, signedness) }),
      wide(letter + "addw", u, "0001", binary { $0.terms.add($1, $0.doubled($2, signedness)) }),
      long(letter + "subl", u, "0010", binary { $0.difference($1, $2, signedness) }),
      wide(
        letter + "subw", u, "0011",
        binary { $0.terms.subtract($1, $0.doubled($2, signedness)) }),
      long(
        letter + "abal", u, "0101",
        ternary { state, old, left, right in
          let distance = state.terms.distance(left, right, signedness)
          return state.terms.add(old, state.doubled(distance, .unsigned))
        }),
      long(
        letter + "abdl", u, "0111",
        binary { state, left, right in
          state.doubled(state.terms.distance(left, right, signedness), .unsigned)
        }),
      long(letter + "mlal", u, "1000", multiplyAddLong(signedness)),
      long(letter + "mlsl", u, "1010", multiplySubtractLong(signedness)),
      long(letter + "mull", u, "1100", multiplyLong(signedness)),
    ]
  }

  // MARK: Products

  static func multiplyLong(_ signedness: MachineState.Signedness) -> Execution {
    binary { $0.product($1, $2, signedness) }
  }

  static func multiplyAddLong(_ signedness: MachineState.Signedness) -> Execution {
    ternary { $0.terms.add($1, $0.product($2, $3, signedness)) }
  }

  static func multiplySubtractLong(_ signedness: MachineState.Signedness) -> Execution {
    ternary { $0.terms.subtract($1, $0.product($2, $3, signedness)) }
  }

  /// Twice the product, saturated; then added or subtracted, and saturated again.
  static let doublingLong: [(name: String, opcode: String, execute: Execution)] = [
    (
      "sqdmlal", "1001",
      ternary { state, old, left, right in
        let product = state.saturatedDouble(left, right)
        return state.saturatedSum(old, product) { $0.add($1, $2) }
      }
    ),
    (
      "sqdmlsl", "1011",
      ternary { state, old, left, right in
        let product = state.saturatedDouble(left, right)
        return state.saturatedSum(old, product) { $0.subtract($1, $2) }
      }
    ),
    ("sqdmull", "1101", binary { $0.saturatedDouble($1, $2) }),
  ]

  // MARK: Rows

  static func longRows(
    _ name: String, _ u: String, _ opcode: String, _ sizes: LaneSizes
  ) -> [Row] {
    upperRows(name) { name, q in
      Row(
        "\(name) <Vd>.<Ta>, <Vn>.<Tb>, <Vm>.<Tb>",
        "0 Q=\(q) \(u) 01110 \(sizes.field) 1 Rm:5 \(opcode) 00 Rn:5 Rd:5")
    }
  }

  /// The row of `name`, of a lower half, and that of `name2`, of an upper half.
  static func upperRows(_ name: String, _ row: (_ name: String, _ q: Int) -> Row) -> [Row] {
    [row(name, 0), row(name + "2", 1)]
  }

  private static func long(
    _ name: String, _ u: String, _ opcode: String, _ execute: @escaping Execution
  ) -> Entry {
    simd(
      "\(name.uppercased()), \(name.uppercased())2", longRows(name, u, opcode, .upToWords),
      execute: execute)
  }

  private static func wide(
    _ name: String, _ u: String, _ opcode: String, _ execute: @escaping Execution
  ) -> Entry {
    simd(
      "\(name.uppercased()), \(name.uppercased())2",
      upperRows(name) { name, q in
        Row(
          "\(name) <Vd>.<Ta>, <Vn>.<Ta>, <Vm>.<Tb>",
          "0 Q=\(q) \(u) 01110 size:2!=11 1 Rm:5 \(opcode) 00 Rn:5 Rd:5")
      }, execute: execute)
  }

  private static let pmullRows = upperRows("pmull") { name, q in
    Row(
      "\(name) <Vd>.8h, <Vn>.<b>, <Vm>.<b>",
      "0 Q=\(q) 0 01110 00 1 Rm:5 1110 00 Rn:5 Rd:5")
  }

  /// The upper halves of the lanes of a sum.
  private static func narrow(
    _ name: String, _ u: String, _ opcode: String,
    _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Entry {
    simd(
      "\(name.uppercased()), \(name.uppercased())2",
      upperRows(name) { name, q in
        Row(
          "\(name) <Vd>.<Tb>, <Vn>.<Ta>, <Vm>.<Ta>",
          "0 Q=\(q) \(u) 01110 size:2!=11 1 Rm:5 \(opcode) 00 Rn:5 Rd:5")
      },
      execute: binary { state, left, right in
        let width = state.terms.width(left)
        return state.terms.extract(operation(state.terms, left, right), width - 1, width / 2)
      })
  }

  /// Half of the least bit that a narrowed lane keeps.
  private static func half(_ terms: TermManager, _ lane: Term) -> Term {
    let width = terms.width(lane)
    return terms.constant(1 << UInt64(width / 2 - 1), width: width)
  }
}

extension MachineState {
  /// `lane` at twice its width.
  func doubled(_ lane: Term, _ signedness: Signedness) -> Term {
    terms.extend(lane, signedness, to: 2 * terms.width(lane))
  }

  fileprivate func sum(_ left: Term, _ right: Term, _ signedness: Signedness) -> Term {
    terms.add(doubled(left, signedness), doubled(right, signedness))
  }

  fileprivate func difference(_ left: Term, _ right: Term, _ signedness: Signedness) -> Term {
    terms.subtract(doubled(left, signedness), doubled(right, signedness))
  }

  fileprivate func product(_ left: Term, _ right: Term, _ signedness: Signedness) -> Term {
    terms.multiply(doubled(left, signedness), doubled(right, signedness))
  }

  fileprivate mutating func saturatedDouble(_ left: Term, _ right: Term) -> Term {
    saturate(terms.doubledProduct(left, right), to: 2 * terms.width(left), .signed)
  }

  fileprivate mutating func saturatedSum(
    _ left: Term, _ right: Term, _ operation: (TermManager, Term, Term) -> Term
  ) -> Term {
    let width = terms.width(left)
    let exact = operation(
      terms, terms.signExtend(left, to: width + 1), terms.signExtend(right, to: width + 1))
    return saturate(exact, to: width, .signed)
  }
}
