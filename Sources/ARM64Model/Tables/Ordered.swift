import MachineModel
import Terms

/// LDAR, LDLAR, LDAPR, STLR and STLLR, which order accesses for other observers only; and CRC32.
extension ARM64 {
  static let ordered: [Entry] =
    orderedEntries("ldar", "", "1 1 0 11111 1 11111", execute: loadOrdered)
    + orderedEntries("ldlar", "FEAT_LOR", "1 1 0 11111 0 11111", execute: loadOrdered)
    + orderedEntries("stlr", "", "1 0 0 11111 1 11111", execute: storeOrdered)
    + orderedEntries("stllr", "FEAT_LOR", "1 0 0 11111 0 11111", execute: storeOrdered)
    + orderedEntries(
      "ldapr", "FEAT_LRCPC", "1 0 1 11111 1 100 00", head: "111 0 00", execute: loadOrdered)
    + unscaledOrdered

  private static let loadOrdered: Execution = { instruction, state in
    let value = orderedValue(instruction, &state)
    state[instruction[0]] = state.terms.zeroExtend(value, to: instruction.register(0).width)
  }

  private static let loadOrderedSigned: Execution = { instruction, state in
    let value = orderedValue(instruction, &state)
    state[instruction[0]] = state.terms.signExtend(value, to: instruction.register(0).width)
  }

  private static func orderedValue(
    _ instruction: Instruction, _ state: inout MachineState
  ) -> Term {
    let memory = instruction.memory(1)
    let address = state.alignedAccess(memory, byteCount: memory.width / 8)
    return state.load(address, byteCount: memory.width / 8)
  }

  private static let storeOrdered: Execution = { instruction, state in
    let memory = instruction.memory(1)
    let address = state.alignedAccess(memory, byteCount: memory.width / 8)
    let value = state[instruction.register(0)]
    state.store(address, state.terms.extract(value, memory.width - 1, 0))
  }

  /// The entries of bytes, of halfwords, and of words and doublewords.
  private static func orderedEntries(
    _ mnemonic: String, _ feature: String, _ rest: String, head: String = "001000",
    execute: @escaping Execution
  ) -> [Entry] {
    func row(_ register: String, _ suffix: String, _ size: String) -> Row {
      Row("\(mnemonic)\(suffix) <\(register)>, [<Xn|SP>]", "\(size) \(head) \(rest) Rn:5 Rt:5")
    }
    return [
      ("b", [row("Wt", "b", "00")]), ("h", [row("Wt", "h", "01")]),
      ("", [row("Wt", "", "10"), row("Xt", "", "11")]),
    ].map { suffix, rows in
      Entry(
        "\(mnemonic)\(suffix)".uppercased(), tier: "A2", feature: feature, rows, execute: execute)
    }
  }

  /// LDAPUR and STLUR: the same at an offset of nine bits.
  private static let unscaledOrdered: [Entry] = [
    ("stlurb <Wt>", "00", "00"), ("ldapurb <Wt>", "00", "01"), ("ldapursb <Xt>", "00", "10"),
    ("ldapursb <Wt>", "00", "11"), ("stlurh <Wt>", "01", "00"), ("ldapurh <Wt>", "01", "01"),
    ("ldapursh <Xt>", "01", "10"), ("ldapursh <Wt>", "01", "11"), ("stlur <Wt>", "10", "00"),
    ("ldapur <Wt>", "10", "01"), ("ldapursw <Xt>", "10", "10"), ("stlur <Xt>", "11", "00"),
    ("ldapur <Xt>", "11", "01"),
  ].map { start, size, opc in
    Entry(
      start.prefix { $0 != " " }.uppercased(), tier: "A2", feature: "FEAT_LRCPC2",
      [Row("\(start), [<Xn|SP>{, #<simm>}]", "\(size) 011001 \(opc) 0 imm9:9 00 Rn:5 Rt:5")],
      execute: opc == "00" ? storeOrdered : opc == "01" ? loadOrdered : loadOrderedSigned)
  }

  // MARK: CRC32

  static let checksums: [Entry] = ["crc32", "crc32c"].map { mnemonic in
    let polynomial: UInt64 = mnemonic == "crc32" ? 0xEDB8_8320 : 0x82F6_3B78
    return Entry(mnemonic.uppercased(), tier: "A2", feature: "FEAT_CRC32", checksumRows(mnemonic)) {
      instruction, state in
      let terms = state.terms
      let suffixes: [Character: Int] = ["b": 8, "h": 16, "w": 32, "x": 64]
      let width = instruction.form.mnemonic.last.flatMap { suffixes[$0] } ?? 64
      let data = terms.extract(state[instruction.register(2)], width - 1, 0)
      state[instruction[0]] = terms.checksum(
        state[instruction.register(1)], of: data, reversedPolynomial: polynomial)
    }
  }

  // swift-format-ignore
  private static func checksumRows(_ mnemonic: String) -> [Row] {
    let c = mnemonic == "crc32" ? "0" : "1"
    return [
      Row("\(mnemonic)b <Wd>, <Wn>, <Wm>", "0 0 0 11010110 Rm:5 010 \(c) 00 Rn:5 Rd:5"),
      Row("\(mnemonic)h <Wd>, <Wn>, <Wm>", "0 0 0 11010110 Rm:5 010 \(c) 01 Rn:5 Rd:5"),
      Row("\(mnemonic)w <Wd>, <Wn>, <Wm>", "0 0 0 11010110 Rm:5 010 \(c) 10 Rn:5 Rd:5"),
      Row("\(mnemonic)x <Wd>, <Wn>, <Xm>", "1 0 0 11010110 Rm:5 010 \(c) 11 Rn:5 Rd:5"),
    ]
  }
}
