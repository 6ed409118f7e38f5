import MachineModel
import Terms

/// Instructions with three vectors of the same lanes.
extension ARM64 {
  static let vectorThreeSame: [Entry] =
    [
      same("add", "0", "10000", .all, scalar: .doubleword, binary { $0.terms.add($1, $2) }),
      same("sub", "1", "10000", .all, scalar: .doubleword, binary { $0.terms.subtract($1, $2) }),
      same("mul", "0", "10011", .upToWords, binary { $0.terms.multiply($1, $2) }),
      same(
        "mla", "0", "10010", .upToWords,
        ternary { $0.terms.add($1, $0.terms.multiply($2, $3)) }),
      same(
        "mls", "1", "10010", .upToWords,
        ternary { $0.terms.subtract($1, $0.terms.multiply($2, $3)) }),
      same(
        "pmul", "1", "10011", .bytes,
        binary { $0.terms.polynomialProduct($1, $2, to: $0.terms.width($1)) }),
      same("cmeq", "1", "10001", .all, scalar: .doubleword, comparison { $0.equal($1, $2) }),
      same(
        "cmge", "0", "00111", .all, scalar: .doubleword, comparison { $0.signedLessOrEqual($2, $1) }
      ),
      same("cmgt", "0", "00110", .all, scalar: .doubleword, comparison { $0.signedLess($2, $1) }),
      same("cmhi", "1", "00110", .all, scalar: .doubleword, comparison { $0.unsignedLess($2, $1) }),
      same(
        "cmhs", "1", "00111", .all, scalar: .doubleword,
        comparison { $0.unsignedLessOrEqual($2, $1) }),
      same(
        "cmtst", "0", "10001", .all, scalar: .doubleword,
        comparison { $0.distinct($0.and($1, $2), $0.constant(0, width: $0.width($1))) }),
      same("addp", "0", "10111", .all, pairwise { $0.add($1, $2) }),
      same(
        "sqdmulh", "0", "10110", .halfwordsAndWords, scalar: .anyLane, doublingHigh(rounds: false)),
      same(
        "sqrdmulh", "1", "10110", .halfwordsAndWords, scalar: .anyLane, doublingHigh(rounds: true)),
    ] + signed("s", "0", .signed) + signed("u", "1", .unsigned)

  /// The instructions that there are for signed and for unsigned numbers.
  private static func signed(
    _ letter: String, _ u: String, _ signedness: MachineState.Signedness
  ) -> [Entry] {
    [
      same(letter + "hadd", u, "00000", .upToWords, halving(signedness) { $0.add($1, $2) }),
      same(
        letter + "rhadd", u, "00010", .upToWords,
        halving(signedness) { $0.add($0.add($1, $2), $0.constant(1, width: $0.width($1))) }),
      same(letter + "hsub", u, "00100", .upToWords, halving(signedness) { $0.subtract($1, $2) }),
      same(
        letter + "qadd", u, "00001", .all, scalar: .anyLane,
        signedness == .signed ? saturating { $0.add($1, $2) } : saturatingSum),
      same(
        letter + "qsub", u, "00101", .all, scalar: .anyLane,
        signedness == .signed ? saturating { $0.subtract($1, $2) } : saturatingDifference),
      same(letter + "shl", u, "01000", .all, scalar: .doubleword, shift(signedness, rounds: false)),
      same(letter + "rshl", u, "01010", .all, scalar: .doubleword, shift(signedness, rounds: true)),
      same(
        letter + "qshl", u, "01001", .all, scalar: .anyLane,
        saturatingShift(signedness, rounds: false)),
      same(
        letter + "qrshl", u, "01011", .all, scalar: .anyLane,
        saturatingShift(signedness, rounds: true)),
      same(
        letter + "max", u, "01100", .upToWords,
        binary { $0.terms.extreme($1, $2, isGreatest: true, signedness) }),
      same(
        letter + "min", u, "01101", .upToWords,
        binary { $0.terms.extreme($1, $2, isGreatest: false, signedness) }),
      same(
        letter + "maxp", u, "10100", .upToWords,
        pairwise { $0.extreme($1, $2, isGreatest: true, signedness) }),
      same(
        letter + "minp", u, "10101", .upToWords,
        pairwise { $0.extreme($1, $2, isGreatest: false, signedness) }),
      same(
        letter + "abd", u, "01110", .upToWords,
        binary { $0.terms.distance($1, $2, signedness) }),
      same(
        letter + "aba", u, "01111", .upToWords,
        ternary { $0.terms.add($1, $0.terms.distance($2, $3, signedness)) }),
    ]
  }

  // MARK: Rows

  /// An entry: its vector form, and its scalar one. Saturating instructions have a `q` in front of
  /// the name of what saturates.
  private static func same(
    _ name: String, _ u: String, _ opcode: String, _ sizes: LaneSizes,
    scalar: ScalarForm = .none, _ execute: @escaping Execution
  ) -> Entry {
    var rows = [
      Row(
        "\(name) <Vd>.<T>, <Vn>.<T>, <Vm>.<T>",
        "0 Q \(u) 01110 \(sizes.field) 1 Rm:5 \(opcode) 1 Rn:5 Rd:5\(sizes.constraint)")
    ]
    switch scalar {
    case .none: break
    case .doubleword:
      rows.append(
        Row(
          "\(name) <Dd>, <Dn>, <Dm>", "01 \(u) 11110 size=11 1 Rm:5 \(opcode) 1 Rn:5 Rd:5"))
    case .anyLane:
      rows.append(
        Row(
          "\(name) <V><d>, <V><n>, <V><m>",
          "01 \(u) 11110 \(sizes.field) 1 Rm:5 \(opcode) 1 Rn:5 Rd:5"))
    }
    return simd(
      "\(name.uppercased()) (vector)", saturates: name.dropFirst().first == "q", rows,
      execute: execute)
  }

  // MARK: What is done

  private static func comparison(
    _ holds: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Execution {
    binary { state, left, right in
      state.terms.mask(holds(state.terms, left, right), width: state.terms.width(left))
    }
  }

  /// Half of an exact result, rounded down.
  private static func halving(
    _ signedness: MachineState.Signedness,
    _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Execution {
    binary { state, left, right in
      let (terms, width) = (state.terms, state.terms.width(left))
      let exact = operation(
        terms, terms.extend(left, signedness, to: width + 1),
        terms.extend(right, signedness, to: width + 1))
      return terms.extract(exact, width, 1)
    }
  }

  private static func saturating(
    _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Execution {
    binary { state, left, right in
      let (terms, width) = (state.terms, state.terms.width(left))
      let exact = operation(
        terms, terms.signExtend(left, to: width + 1), terms.signExtend(right, to: width + 1))
      return state.saturate(exact, to: width, .signed)
    }
  }

  /// All ones where an unsigned sum wraps, told by the sum as specifications do.
  private static let saturatingSum: Execution = binary { state, left, right in
    let terms = state.terms
    let sum = terms.add(left, right)
    let wraps = terms.unsignedLess(sum, left)
    state[qc] = terms.or(state[qc], wraps)
    return terms.ifThenElse(wraps, terms.constant(.ones(terms.width(sum))), sum)
  }

  /// Zero where an unsigned difference would be negative.
  private static let saturatingDifference: Execution = binary { state, left, right in
    let terms = state.terms
    let isLess = terms.unsignedLess(left, right)
    state[qc] = terms.or(state[qc], isLess)
    return terms.ifThenElse(
      isLess, terms.constant(0, width: terms.width(left)), terms.subtract(left, right))
  }

  private static func shift(
    _ signedness: MachineState.Signedness, rounds: Bool
  ) -> Execution {
    binary { state, value, count in
      let terms = state.terms
      let shifted = terms.shifted(value, by: count, rounds: rounds, signedness)
      return terms.extract(shifted, terms.width(value) - 1, 0)
    }
  }

  private static func saturatingShift(
    _ signedness: MachineState.Signedness, rounds: Bool
  ) -> Execution {
    binary { state, value, count in
      let shifted = state.terms.shifted(value, by: count, rounds: rounds, signedness)
      return state.saturate(shifted, to: state.terms.width(value), signedness)
    }
  }

  /// The upper half of twice the product.
  static func doublingHigh(rounds: Bool) -> Execution {
    binary { state, left, right in
      let (terms, width) = (state.terms, state.terms.width(left))
      var product = terms.doubledProduct(left, right)
      if rounds {
        let half = terms.constant(1 << UInt64(width - 1), width: terms.width(product))
        product = terms.add(product, half)
      }
      let high = terms.extract(product, terms.width(product) - 1, width)
      return state.saturate(high, to: width, .signed)
    }
  }

  /// Neighbours in the second operand and then in the third make a lane of the result.
  private static func pairwise(
    _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Execution {
    { instruction, state in
      let lanes =
        state.lanes(instruction.register(1)) + state.lanes(instruction.register(2))
      state.setLanes(
        instruction,
        stride(from: 0, to: lanes.count, by: 2).map {
          operation(state.terms, lanes[$0], lanes[$0 + 1])
        })
    }
  }
}
