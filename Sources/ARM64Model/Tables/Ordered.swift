import MachineModel
import Terms

/// LDAR, LDAPR and STLR, which order accesses for other observers only; and CRC32.
extension ARM64 {
  static let ordered: [Entry] = [
    Entry("LDARB", tier: "A2", [loadAcquire("ldarb <Wt>", "00")], execute: loadOrdered),
    Entry("LDARH", tier: "A2", [loadAcquire("ldarh <Wt>", "01")], execute: loadOrdered),
    Entry(
      "LDAR", tier: "A2", [loadAcquire("ldar <Wt>", "10"), loadAcquire("ldar <Xt>", "11")],
      execute: loadOrdered),
    Entry("LDAPRB", tier: "A2", [loadConsistent("ldaprb <Wt>", "00")], execute: loadOrdered),
    Entry("LDAPRH", tier: "A2", [loadConsistent("ldaprh <Wt>", "01")], execute: loadOrdered),
    Entry(
      "LDAPR", tier: "A2",
      [loadConsistent("ldapr <Wt>", "10"), loadConsistent("ldapr <Xt>", "11")],
      execute: loadOrdered),
    Entry("STLRB", tier: "A2", [storeRelease("stlrb <Wt>", "00")], execute: storeOrdered),
    Entry("STLRH", tier: "A2", [storeRelease("stlrh <Wt>", "01")], execute: storeOrdered),
    Entry(
      "STLR", tier: "A2", [storeRelease("stlr <Wt>", "10"), storeRelease("stlr <Xt>", "11")],
      execute: storeOrdered),
  ]

  private static let loadOrdered: Execution = { instruction, state in
    requireAlignment(instruction, &state)
    loadUnsigned(instruction, &state)
  }

  private static let storeOrdered: Execution = { instruction, state in
    requireAlignment(instruction, &state)
    store(instruction, &state)
  }

  /// An address that is no multiple of the size faults (without FEAT_LSE2).
  private static func requireAlignment(_ instruction: Instruction, _ state: inout MachineState) {
    let memory = instruction.memory(1)
    let bits = (memory.width / 8).trailingZeroBitCount
    guard bits > 0 else { return }
    let low = state.terms.extract(state.address(of: memory), bits - 1, 0)
    state.raise(
      .misaligned, when: state.terms.distinct(low, state.terms.constant(0, width: bits)))
  }

  private static func loadAcquire(_ syntax: String, _ size: String) -> Row {
    Row("\(syntax), [<Xn|SP>]", "\(size) 001000 1 1 0 11111 1 11111 Rn:5 Rt:5")
  }

  private static func loadConsistent(_ syntax: String, _ size: String) -> Row {
    Row("\(syntax), [<Xn|SP>]", "\(size) 111 0 00 1 0 1 11111 1 100 00 Rn:5 Rt:5")
  }

  private static func storeRelease(_ syntax: String, _ size: String) -> Row {
    Row("\(syntax), [<Xn|SP>]", "\(size) 001000 1 0 0 11111 1 11111 Rn:5 Rt:5")
  }

  // MARK: CRC32

  static let checksums: [Entry] = ["crc32", "crc32c"].map { mnemonic in
    let polynomial: UInt64 = mnemonic == "crc32" ? 0xEDB8_8320 : 0x82F6_3B78
    return Entry(mnemonic.uppercased(), tier: "A2", checksumRows(mnemonic)) {
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
