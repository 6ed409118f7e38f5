import MachineModel
import Terms

/// Products with one element of the third vector.
extension ARM64 {
  static let vectorByElement: [Entry] =
    [
      same("mul", "0", "1000", binary { $0.terms.multiply($1, $2) }),
      same("mla", "1", "0000", ternary { $0.terms.add($1, $0.terms.multiply($2, $3)) }),
      same("mls", "1", "0100", ternary { $0.terms.subtract($1, $0.terms.multiply($2, $3)) }),
      same("sqdmulh", "0", "1100", isScalar: true, doublingHigh(rounds: false)),
      same("sqrdmulh", "0", "1101", isScalar: true, doublingHigh(rounds: true)),
    ]
    + [("s", "0", MachineState.Signedness.signed), ("u", "1", .unsigned)].flatMap {
      letter, u, signedness in
      [
        long(letter + "mlal", u, "0010", multiplyAddLong(signedness)),
        long(letter + "mlsl", u, "0110", multiplySubtractLong(signedness)),
        long(letter + "mull", u, "1010", multiplyLong(signedness)),
      ]
    }
    + zip(doublingLong, ["0011", "0111", "1011"]).map { doubling, opcode in
      long(doubling.name, "0", opcode, isScalar: true, doubling.execute)
    }

  /// The lanes that can be factors: their letter, the next wider, `size`, the field of the register
  /// and the fields of the index.
  private static let factors: [(letter: String, wide: String, size: String, index: String)] = [
    ("h", "s", "01 L M Rm:4", "H:L:M"), ("s", "d", "10 L Rm:5", "H:L"),
  ]

  /// Rows of the vector and the scalar form with lanes of one width.
  private static func same(
    _ name: String, _ u: String, _ opcode: String, isScalar: Bool = false,
    _ execute: @escaping Execution
  ) -> Entry {
    let rows = factors.flatMap { factor in
      let (letter, upper) = (factor.letter, factor.letter.uppercased())
      let element = "<Vm>.\(letter)[<\(factor.index)>]"
      let vector = Row(
        "\(name) <Vd>.<\(letter)>, <Vn>.<\(letter)>, \(element)",
        "0 Q \(u) 01111 \(factor.size) \(opcode) H 0 Rn:5 Rd:5")
      let scalar = Row(
        "\(name) <\(upper)d>, <\(upper)n>, \(element)",
        "01 \(u) 11111 \(factor.size) \(opcode) H 0 Rn:5 Rd:5")
      return isScalar ? [vector, scalar] : [vector]
    }
    return simd(
      "\(name.uppercased()) (by element)", saturates: isScalar, rows, execute: execute)
  }

  /// Rows of the vector and the scalar form with a result twice as wide.
  private static func long(
    _ name: String, _ u: String, _ opcode: String, isScalar: Bool = false,
    _ execute: @escaping Execution
  ) -> Entry {
    let rows = factors.flatMap { factor in
      let element = "<Vm>.\(factor.letter)[<\(factor.index)>]"
      let vector = upperRows(name) { name, q in
        Row(
          "\(name) <Vd>.\(factor.letter == "h" ? "4s" : "2d"), <Vn>.<\(factor.letter)>, \(element)",
          "0 Q=\(q) \(u) 01111 \(factor.size) \(opcode) H 0 Rn:5 Rd:5")
      }
      let scalar = Row(
        "\(name) <\(factor.wide.uppercased())d>, <\(factor.letter.uppercased())n>, \(element)",
        "01 \(u) 11111 \(factor.size) \(opcode) H 0 Rn:5 Rd:5")
      return isScalar ? vector + [scalar] : vector
    }
    return simd(
      "\(name.uppercased()), \(name.uppercased())2 (by element)", saturates: isScalar, rows,
      execute: execute)
  }
}
