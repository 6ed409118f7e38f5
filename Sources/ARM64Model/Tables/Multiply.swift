import MachineModel
import Terms

/// MADD, MSUB, SMADDL, SMSUBL, SMULH, UMADDL, UMSUBL, UMULH.
extension ARM64 {
  static let multiply: [Entry] = [
    Entry("MADD", multiplyRows("madd", "0")) { instruction, state in
      let product = product(instruction, state) { _, term, _ in term }
      state[instruction[0]] = state.terms.add(state[instruction.register(3)], product)
    },
    Entry("MSUB", multiplyRows("msub", "1")) { instruction, state in
      let product = product(instruction, state) { _, term, _ in term }
      state[instruction[0]] = state.terms.subtract(state[instruction.register(3)], product)
    },
    Entry("SMADDL", longRows("smaddl", "001", "0")) { instruction, state in
      let product = product(instruction, state) { $0.signExtend($1, to: 2 * $2) }
      state[instruction[0]] = state.terms.add(state[instruction.register(3)], product)
    },
    Entry("SMSUBL", longRows("smsubl", "001", "1")) { instruction, state in
      let product = product(instruction, state) { $0.signExtend($1, to: 2 * $2) }
      state[instruction[0]] = state.terms.subtract(state[instruction.register(3)], product)
    },
    Entry("UMADDL", longRows("umaddl", "101", "0")) { instruction, state in
      let product = product(instruction, state) { $0.zeroExtend($1, to: 2 * $2) }
      state[instruction[0]] = state.terms.add(state[instruction.register(3)], product)
    },
    Entry("UMSUBL", longRows("umsubl", "101", "1")) { instruction, state in
      let product = product(instruction, state) { $0.zeroExtend($1, to: 2 * $2) }
      state[instruction[0]] = state.terms.subtract(state[instruction.register(3)], product)
    },
    Entry("SMULH", highRows("smulh", "010")) { instruction, state in
      let product = product(instruction, state) { $0.signExtend($1, to: 2 * $2) }
      state[instruction[0]] = state.terms.extract(product, 127, 64)
    },
    Entry("UMULH", highRows("umulh", "110")) { instruction, state in
      let product = product(instruction, state) { $0.zeroExtend($1, to: 2 * $2) }
      state[instruction[0]] = state.terms.extract(product, 127, 64)
    },
  ]

  /// The product of the second and third operand, each extended first; `extend` gets their width.
  private static func product(
    _ instruction: Instruction, _ state: MachineState,
    extend: (TermManager, Term, Int) -> Term
  ) -> Term {
    let terms = state.terms
    let factors = [1, 2].map { index in
      let value = state[instruction.register(index)]
      return extend(terms, value, terms.width(value))
    }
    return terms.multiply(factors[0], factors[1])
  }

  // swift-format-ignore
  private static func multiplyRows(_ mnemonic: String, _ o0: String) -> [Row] {
    [
      Row("\(mnemonic) <Wd>, <Wn>, <Wm>, <Wa>", "0 00 11011 000 Rm:5 \(o0) Ra:5 Rn:5 Rd:5"),
      Row("\(mnemonic) <Xd>, <Xn>, <Xm>, <Xa>", "1 00 11011 000 Rm:5 \(o0) Ra:5 Rn:5 Rd:5"),
    ]
  }

  // swift-format-ignore
  private static func longRows(_ mnemonic: String, _ op31: String, _ o0: String) -> [Row] {
    [Row("\(mnemonic) <Xd>, <Wn>, <Wm>, <Xa>", "1 00 11011 \(op31) Rm:5 \(o0) Ra:5 Rn:5 Rd:5")]
  }

  /// The bits that would be Ra should be ones; other values are UNPREDICTABLE.
  // swift-format-ignore
  private static func highRows(_ mnemonic: String, _ op31: String) -> [Row] {
    [Row("\(mnemonic) <Xd>, <Xn>, <Xm>", "1 00 11011 \(op31) Rm:5 0 11111 Rn:5 Rd:5")]
  }
}
