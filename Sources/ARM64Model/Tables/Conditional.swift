import MachineModel
import Terms

/// CSEL, CSINC, CSINV, CSNEG, CCMP, CCMN.
extension ARM64 {
  static let conditional: [Entry] = [
    Entry("CSEL", flags: readsFlags, selectRows("csel", "0", "00")) {
      select($0, &$1) { $1 }
    },
    Entry("CSINC", flags: readsFlags, selectRows("csinc", "0", "01")) {
      select($0, &$1) { $0.add($1, $0.constant(1, width: $0.width($1))) }
    },
    Entry("CSINV", flags: readsFlags, selectRows("csinv", "1", "00")) {
      select($0, &$1) { $0.not($1) }
    },
    Entry("CSNEG", flags: readsFlags, selectRows("csneg", "1", "01")) {
      select($0, &$1) { $0.negate($1) }
    },
    Entry("CCMN", flags: FlagEffects(reads: nzcv, writes: nzcv), compareRows("ccmn", "0")) {
      compare($0, &$1) { state, left, right in
        state.setFlags(ofSum: state.terms.add(left, right), left, right)
      }
    },
    Entry("CCMP", flags: FlagEffects(reads: nzcv, writes: nzcv), compareRows("ccmp", "1")) {
      compare($0, &$1) { state, left, right in
        state.setFlags(ofDifference: state.terms.subtract(left, right), left, right)
      }
    },
  ]

  private static let readsFlags = FlagEffects(reads: nzcv)

  /// The second operand where the condition holds, else what `other` makes of the third.
  private static func select(
    _ instruction: Instruction, _ state: inout MachineState, other: (TermManager, Term) -> Term
  ) {
    let otherwise = other(state.terms, state[instruction.register(2)])
    state[instruction[0]] = state.terms.ifThenElse(
      state.holds(instruction.code(3)), state[instruction.register(1)], otherwise)
  }

  /// The flags of a comparison where the condition holds, else the given ones.
  private static func compare(
    _ instruction: Instruction, _ state: inout MachineState,
    setFlags: (inout MachineState, Term, Term) -> Void
  ) {
    let condition = state.holds(instruction.code(3))
    let (left, right) = (state[instruction.register(0)], state[instruction[1]])
    setFlags(&state, left, right)
    let given = instruction.code(2)
    for (bit, flag) in [v, c, z, n].enumerated() {
      state[flag] = state.terms.ifThenElse(
        condition, state[flag], state.terms.bool(given >> bit & 1 == 1))
    }
  }

  // swift-format-ignore
  private static func selectRows(_ mnemonic: String, _ op: String, _ op2: String) -> [Row] {
    [
      Row("\(mnemonic) <Wd>, <Wn>, <Wm>, <cond>", "0 \(op) 0 11010100 Rm:5 cond:4 \(op2) Rn:5 Rd:5"),
      Row("\(mnemonic) <Xd>, <Xn>, <Xm>, <cond>", "1 \(op) 0 11010100 Rm:5 cond:4 \(op2) Rn:5 Rd:5"),
    ]
  }

  // swift-format-ignore
  private static func compareRows(_ mnemonic: String, _ op: String) -> [Row] {
    [
      Row("\(mnemonic) <Wn>, <Wm>, #<nzcv>, <cond>", "0 \(op) 1 11010010 Rm:5 cond:4 0 0 Rn:5 0 nzcv:4"),
      Row("\(mnemonic) <Xn>, <Xm>, #<nzcv>, <cond>", "1 \(op) 1 11010010 Rm:5 cond:4 0 0 Rn:5 0 nzcv:4"),
      Row("\(mnemonic) <Wn>, #<imm5>, #<nzcv>, <cond>", "0 \(op) 1 11010010 imm5:5 cond:4 1 0 Rn:5 0 nzcv:4"),
      Row("\(mnemonic) <Xn>, #<imm5>, #<nzcv>, <cond>", "1 \(op) 1 11010010 imm5:5 cond:4 1 0 Rn:5 0 nzcv:4"),
    ]
  }
}
