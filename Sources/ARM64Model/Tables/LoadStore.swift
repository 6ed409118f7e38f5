import MachineModel
import Terms

/// LDR and STR of all widths, in every addressing mode, with LDUR, STUR, LDTR and STTR.
///
/// The unprivileged forms (LDTR, STTR) do at EL0 what the others do.
extension ARM64 {
  static let loadStore: [Entry] =
    transfers("st", "rb", "<Wt>", size: "00", opc: "00", store)
    + transfers("ld", "rb", "<Wt>", size: "00", opc: "01", loadUnsigned)
    + transfers("ld", "rsb", "<Xt>", size: "00", opc: "10", loadSigned)
    + transfers("ld", "rsb", "<Wt>", size: "00", opc: "11", loadSigned)
    + transfers("st", "rh", "<Wt>", size: "01", opc: "00", store)
    + transfers("ld", "rh", "<Wt>", size: "01", opc: "01", loadUnsigned)
    + transfers("ld", "rsh", "<Xt>", size: "01", opc: "10", loadSigned)
    + transfers("ld", "rsh", "<Wt>", size: "01", opc: "11", loadSigned)
    + transfers("st", "r", "<Wt>", size: "10", opc: "00", store)
    + transfers("ld", "r", "<Wt>", size: "10", opc: "01", loadUnsigned)
    + transfers("ld", "rsw", "<Xt>", size: "10", opc: "10", loadSigned)
    + transfers("st", "r", "<Xt>", size: "11", opc: "00", store)
    + transfers("ld", "r", "<Xt>", size: "11", opc: "01", loadUnsigned)

  /// LDR of a literal near the program counter, and the prefetches, which do nothing here.
  static let literalsAndPrefetches: [Entry] = [
    Entry("LDR (literal)", literalRows, execute: loadUnsigned),
    Entry("LDRSW (literal)", literalSignedRows, execute: loadSigned),
    Entry("PRFM", prefetchRows) { _, _ in },
  ]

  /// What an instruction does, as entries keep it.
  typealias Execution = @Sendable (Instruction, inout MachineState) -> Void

  static let loadUnsigned: Execution = { instruction, state in
    load(instruction, &state) { $0.zeroExtend($1, to: $2) }
  }

  static let loadSigned: Execution = { instruction, state in
    load(instruction, &state) { $0.signExtend($1, to: $2) }
  }

  private static func load(
    _ instruction: Instruction, _ state: inout MachineState,
    extend: (TermManager, Term, Int) -> Term
  ) {
    let (register, memory) = (instruction.register(0), instruction.memory(1))
    let base = state.writeBack(memory)
    let value = state.load(state.access(memory), byteCount: memory.width / 8)
    state[register] = extend(state.terms, value, register.width)
    if let (base, updated) = base { state[base] = updated }
  }

  static let store: Execution = { instruction, state in
    let memory = instruction.memory(1)
    let base = state.writeBack(memory)
    let value = state.terms.extract(state[instruction.register(0)], memory.width - 1, 0)
    state.store(state.access(memory), value)
    if let (base, updated) = base { state[base] = updated }
  }

  /// The entries of one width: LDR, LDUR and LDTR, or the stores of those names.
  // swift-format-ignore
  private static func transfers(
    _ verb: String, _ rest: String, _ register: String, size: String, opc: String,
    _ execute: @escaping Execution
  ) -> [Entry] {
    let (plain, unscaled) = ("\(verb)\(rest) \(register)", "\(verb)u\(rest) \(register)")
    let unprivileged = "\(verb)t\(rest) \(register)"
    let head = "\(size) 111 0"
    return [
      Entry("\(verb)\(rest)".uppercased(), [
        Row("\(plain), [<Xn|SP>{, #<pimm>}]",        "\(head) 01 \(opc) imm12:12 Rn:5 Rt:5"),
        Row("\(plain), [<Xn|SP>], #<simm>",          "\(head) 00 \(opc) 0 imm9:9 01 Rn:5 Rt:5"),
        Row("\(plain), [<Xn|SP>, #<simm>]!",         "\(head) 00 \(opc) 0 imm9:9 11 Rn:5 Rt:5"),
        Row("\(plain), [<Xn|SP>, <R><m>{, <extend> {<amount>}}]",
                                                     "\(head) 00 \(opc) 1 Rm:5 option=x1x S 10 Rn:5 Rt:5"),
      ], execute: execute),
      Entry("\(verb)u\(rest)".uppercased(), [
        Row("\(unscaled), [<Xn|SP>{, #<simm>}]",     "\(head) 00 \(opc) 0 imm9:9 00 Rn:5 Rt:5")
      ], execute: execute),
      Entry("\(verb)t\(rest)".uppercased(), [
        Row("\(unprivileged), [<Xn|SP>{, #<simm>}]", "\(head) 00 \(opc) 0 imm9:9 10 Rn:5 Rt:5")
      ], execute: execute),
    ]
  }

  // swift-format-ignore
  private static let literalRows: [Row] = [
    Row("ldr <Wt>, <literal>", "00 011 0 00 imm19:19 Rt:5"),
    Row("ldr <Xt>, <literal>", "01 011 0 00 imm19:19 Rt:5"),
  ]

  // swift-format-ignore
  private static let literalSignedRows: [Row] = [
    Row("ldrsw <Xt>, <literal>", "10 011 0 00 imm19:19 Rt:5")
  ]

  // swift-format-ignore
  private static let prefetchRows: [Row] = [
    Row("prfm <prfop>, [<Xn|SP>{, #<pimm>}]",  "11 111 0 01 10 imm12:12 Rn:5 Rt:5"),
    Row("prfum <prfop>, [<Xn|SP>{, #<simm>}]", "11 111 0 00 10 0 imm9:9 00 Rn:5 Rt:5"),
    Row("prfm <prfop>, [<Xn|SP>, <R><m>{, <extend> {<amount>}}]",
                                               "11 111 0 00 10 1 Rm:5 option=x1x S 10 Rn:5 Rt:5"),
    Row("prfm <prfop>, <literal>",             "11 011 0 00 imm19:19 Rt:5"),
  ]
}
