import MachineModel
import Terms

/// MOVS, STOS, LODS, CMPS, SCAS with and without a repeat prefix (Intel SDM, volume 2).
///
/// A repeated instruction executes one iteration and goes on at itself until it is done, as the
/// manual has it between two interrupts. `addr32` in a name is the 67 prefix, for which the manual
/// has no notation: the counter and the pointers are then ecx, esi and edi.
extension Tables {
  static let strings: [Entry] =
    StringOperation.Kind.allCases.flatMap { kind in
      kind.repeats.flatMap { repetition in
        [8, 16, 32, 64].flatMap { width in
          [64, 32].map { addressWidth in
            StringOperation(
              kind: kind, repetition: repetition, width: width, addressWidth: addressWidth
            ).entry
          }
        }
      }
    }
}

/// One of the string instructions.
struct StringOperation: Sendable {
  enum Kind: String, CaseIterable {
    case movs, stos, lods, cmps, scas

    /// F2 is reserved before those that compare nothing.
    var repeats: [Repetition?] {
      switch self {
      case .movs, .stos, .lods: [nil, .always]
      case .cmps, .scas: [nil, .whileEqual, .whileNotEqual]
      }
    }

    /// The opcode for bytes; that for other widths is one more.
    var opcode: Int {
      switch self {
      case .movs: 0xA4
      case .stos: 0xAA
      case .lods: 0xAC
      case .cmps: 0xA6
      case .scas: 0xAE
      }
    }

    var title: String {
      switch self {
      case .movs: "move a string's element"
      case .stos: "store the accumulator into a string"
      case .lods: "load the accumulator from a string"
      case .cmps: "compare two strings' elements"
      case .scas: "compare the accumulator with a string's element"
      }
    }

    var readsSource: Bool { self == .movs || self == .lods || self == .cmps }
    var usesDestination: Bool { self != .lods }
    var compares: Bool { self == .cmps || self == .scas }
  }

  enum Repetition: String {
    case always = "rep"
    case whileEqual = "repe"
    case whileNotEqual = "repne"
  }

  let kind: Kind
  let repetition: Repetition?
  let width: Int
  let addressWidth: Int

  var entry: Entry {
    let letter = width == 8 ? "b" : width == 16 ? "w" : width == 32 ? "d" : "q"
    let isNarrow = addressWidth == 32
    let words: [String?] = [
      repetition?.rawValue, isNarrow ? "addr32" : nil, kind.rawValue + letter,
    ]
    let prefix: String =
      switch repetition {
      case nil: "NFx"
      case .always, .whileEqual: "F3"
      case .whileNotEqual: "F2"
      }
    let codes: [String?] = [
      width == 64 ? "REX.W +" : nil, isNarrow ? "67" : nil, width == 16 ? "66" : nil, prefix,
      hex(width == 8 ? kind.opcode : kind.opcode + 1),
    ]
    let name = words.compactMap(\.self).joined(separator: " ")
    let encoding = codes.compactMap(\.self).joined(separator: " ")
    return Entry(family, [Row(name, encoding)])
  }

  private var family: Family {
    let name = kind.rawValue.uppercased()
    return Family(
      title: (repetition.map { $0.rawValue.uppercased() + " " } ?? "") + "\(name): \(kind.title)",
      source: "Intel SDM, volume 2, \(name), REP/REPE/REPNE", tier: "T2",
      flags: FlagEffects(reads: [.df], writes: kind.compares ? .status : [])
    ) { instruction, state in
      execute(instruction, &state)
    }
  }

  private var source: Register { addressWidth == 32 ? .esi : .rsi }
  private var destination: Register { addressWidth == 32 ? .edi : .rdi }
  private var counter: Register { addressWidth == 32 ? .ecx : .rcx }

  // MARK: Semantics

  private func execute(_ instruction: Instruction, _ state: inout MachineState) {
    let terms = state.terms
    let count = state[counter]
    let zero = terms.constant(0, width: addressWidth)
    let isDone = repetition == nil ? terms.false : terms.equal(count, zero)
    let before = state
    let goesOn = element(&state, when: terms.not(isDone))
    guard repetition != nil else { return }
    let left = terms.subtract(count, terms.constant(1, width: addressWidth))
    state[counter] = left
    for register in [Register.rcx, .rsi, .rdi] {
      keep(register, of: before, in: &state, when: isDone)
    }
    for cell in [Register.rax.cell].compactMap(\.self) + Set.status.map(\.cell) {
      state[cell] = terms.ifThenElse(isDone, before[cell], state[cell])
    }
    state.branch(
      to: state.codeAddress(instruction.address),
      if: terms.and([terms.not(isDone), terms.distinct(left, zero), goesOn]))
  }

  /// Works on one element where `condition` holds; returns whether its comparison lets a repetition
  /// go on.
  private func element(_ state: inout MachineState, when condition: Term) -> Term {
    let terms = state.terms
    let from = terms.zeroExtend(state[source], to: 64)
    let to = terms.zeroExtend(state[destination], to: 64)
    let accumulator = Register.accumulator(width)
    func loaded(_ address: Term) -> Term {
      state.load(address, byteCount: width / 8, when: condition)
    }
    switch kind {
    case .movs: state.store(to, loaded(from), when: condition)
    case .stos: state.store(to, state[accumulator], when: condition)
    case .lods: state[accumulator] = loaded(from)
    case .cmps:
      let left = loaded(from)
      _ = state.subtract(left, loaded(to), borrow: terms.false)
    case .scas: _ = state.subtract(state[accumulator], loaded(to), borrow: terms.false)
    }
    let size = terms.constant(UInt64(width / 8), width: addressWidth)
    let step = terms.ifThenElse(state[.df], terms.negate(size), size)
    if kind.readsSource { state[source] = terms.add(state[source], step) }
    if kind.usesDestination { state[destination] = terms.add(state[destination], step) }
    switch repetition {
    case nil, .always: return terms.true
    case .whileEqual: return state[.zf]
    case .whileNotEqual: return terms.not(state[.zf])
    }
  }

  /// Takes back what an instruction that was done before did to a register. With a counter of 32
  /// bits, processors differ in whether they clear the upper halves then.
  private func keep(
    _ register: Register, of before: MachineState, in state: inout MachineState,
    when isDone: Term
  ) {
    guard state[register] != before[register] else { return }
    let terms = state.terms
    var old = before[register]
    if addressWidth == 32 {
      let upper = state.undefined(
        .bitVector(32), "upper half of \(register.name) after no iteration")
      old = terms.concat(upper, terms.extract(old, 31, 0))
    }
    state[register] = terms.ifThenElse(isDone, old, state[register])
  }
}
