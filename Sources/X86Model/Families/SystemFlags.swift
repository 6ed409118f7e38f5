import MachineModel
import Terms

/// PUSHF and POPF (Intel SDM, volume 2), in a program of privilege level 3 and I/O privilege level 0.
///
/// The flags that are no cells are one unknown word that never changes: a program that pops what it
/// pushed keeps them, and one that pops anything else into TF, NT, AC or ID is not followed.
/// IF, IOPL, VIF and VIP are beyond a program's reach: what is popped there is ignored.
extension Tables {
  static let systemFlags: [Entry] = [
    Entry(pushFlags, [Row("pushf", "66 9C"), Row("pushfq", "9C")]),
    Entry(popFlags, [Row("popf", "66 9D"), Row("popfq", "9D")]),
  ]

  /// The bits of RFLAGS that cells hold (Intel SDM, volume 1, 3.4.3).
  private static let places: [(flag: Flag, bit: Int)] = [
    (.cf, 0), (.pf, 2), (.af, 4), (.zf, 6), (.sf, 7), (.df, 10), (.of, 11),
  ]
  /// TF, NT, AC, ID: bits that POPF changes at any privilege level.
  private static let kept = [8, 14, 18, 21]
  /// IF, IOPL, VIF, VIP: bits that it does not change at the lowest.
  private static let inaccessible = [9, 12, 13, 19, 20]

  /// What the machine has in the bits of RFLAGS that are no cells, 64 bits.
  private static func otherFlags(_ state: MachineState) -> Term {
    state.terms.variable(
      state.namePrefix + "other flags", width: 64, origin: .undefined("the system flags in RFLAGS"))
  }

  private static let pushFlags = Family(
    title: "PUSHF: push RFLAGS", source: "Intel SDM, volume 2, PUSHF/PUSHFD/PUSHFQ", tier: "T1b",
    flags: FlagEffects(reads: Set.status.union([.df]))
  ) { instruction, state in
    let terms = state.terms
    let others = otherFlags(state)
    var bits = (0..<64).map { terms.constant($0 == 1 ? 1 : 0, width: 1) }
    for (flag, bit) in places { bits[bit] = terms.bits(state[flag]) }
    for bit in kept + inaccessible { bits[bit] = terms.extract(others, bit, bit) }
    state.push(terms.joined(Array(bits.prefix(instruction.implicitWidth == 16 ? 16 : 64))))
  }

  private static let popFlags = Family(
    title: "POPF: pop RFLAGS", source: "Intel SDM, volume 2, POPF/POPFD/POPFQ", tier: "T1b",
    flags: FlagEffects(writes: Set.status.union([.df]))
  ) { instruction, state in
    let terms = state.terms
    let width = instruction.implicitWidth == 16 ? 16 : 64
    let value = state.pop(width: width)
    for (flag, bit) in places { state[flag] = terms.bit(value, bit) }
    let others = otherFlags(state)
    for bit in kept where bit < width {
      state.raise(
        .systemFlag,
        when: terms.distinct(terms.extract(value, bit, bit), terms.extract(others, bit, bit)))
    }
  }
}
