import MachineModel
import Terms

/// LDR, STR, LDUR, STUR, LDP, STP, LDNP and STNP of SIMD registers.
extension ARM64 {
  static let vectorLoadStore: [Entry] =
    [
      simd(
        "LDR (immediate, SIMD)", transfers.flatMap { modes("ldr", $0, "1") }, execute: loadUnsigned),
      simd("STR (immediate, SIMD)", transfers.flatMap { modes("str", $0, "0") }, execute: store),
      simd(
        "LDR (register, SIMD)", transfers.map { indexed("ldr", $0, "1") }, execute: loadUnsigned),
      simd("STR (register, SIMD)", transfers.map { indexed("str", $0, "0") }, execute: store),
      simd("LDUR (SIMD)", transfers.map { unscaled("ldur", $0, "1") }, execute: loadUnsigned),
      simd("STUR (SIMD)", transfers.map { unscaled("stur", $0, "0") }, execute: store),
      simd(
        "LDR (literal, SIMD)",
        pairs.map { Row("ldr <\($0.letter)t>, <literal>", "\($0.opc) 011 1 00 imm19:19 Rt:5") },
        execute: loadUnsigned),
      simd("LDP (SIMD)", pairs.flatMap { pairModes("ldp", $0, "1") }, execute: loadPair),
      simd("STP (SIMD)", pairs.flatMap { pairModes("stp", $0, "0") }, execute: storePair),
      simd("LDNP (SIMD)", pairs.map { nonTemporal("ldnp", $0, "1") }, execute: loadPair),
      simd("STNP (SIMD)", pairs.map { nonTemporal("stnp", $0, "0") }, execute: storePair),
    ]

  /// The registers that are moved, `size`, and the upper bit of `opc`.
  private static let transfers: [(letter: String, size: String, opc: String)] = [
    ("B", "00", "0"), ("H", "01", "0"), ("S", "10", "0"), ("D", "11", "0"), ("Q", "00", "1"),
  ]

  /// The registers that are moved in pairs and literally, and `opc`.
  private static let pairs: [(letter: String, opc: String)] = [
    ("S", "00"), ("D", "01"), ("Q", "10"),
  ]

  // swift-format-ignore
  private static func modes(
    _ name: String, _ kind: (letter: String, size: String, opc: String), _ l: String
  ) -> [Row] {
    let start = "\(name) <\(kind.letter)t>"
    let head = "\(kind.size) 111 1"
    let opc = kind.opc + l
    return [
      Row("\(start), [<Xn|SP>{, #<pimm>}]", "\(head) 01 \(opc) imm12:12 Rn:5 Rt:5"),
      Row("\(start), [<Xn|SP>], #<simm>",   "\(head) 00 \(opc) 0 imm9:9 01 Rn:5 Rt:5"),
      Row("\(start), [<Xn|SP>, #<simm>]!",  "\(head) 00 \(opc) 0 imm9:9 11 Rn:5 Rt:5"),
    ]
  }

  private static func indexed(
    _ name: String, _ kind: (letter: String, size: String, opc: String), _ l: String
  ) -> Row {
    Row(
      "\(name) <\(kind.letter)t>, [<Xn|SP>, <R><m>{, <extend> {<amount>}}]",
      "\(kind.size) 111 1 00 \(kind.opc)\(l) 1 Rm:5 option=x1x S 10 Rn:5 Rt:5")
  }

  private static func unscaled(
    _ name: String, _ kind: (letter: String, size: String, opc: String), _ l: String
  ) -> Row {
    Row(
      "\(name) <\(kind.letter)t>, [<Xn|SP>{, #<simm>}]",
      "\(kind.size) 111 1 00 \(kind.opc)\(l) 0 imm9:9 00 Rn:5 Rt:5")
  }

  // swift-format-ignore
  private static func pairModes(
    _ name: String, _ kind: (letter: String, opc: String), _ l: String
  ) -> [Row] {
    let start = "\(name) <\(kind.letter)t>, <\(kind.letter)t2>"
    let (head, tail) = ("\(kind.opc) 101 1", "\(l) imm7:7 Rt2:5 Rn:5 Rt:5")
    return [
      Row("\(start), [<Xn|SP>], #<imm>",   "\(head) 001 \(tail)"),
      Row("\(start), [<Xn|SP>{, #<imm>}]", "\(head) 010 \(tail)"),
      Row("\(start), [<Xn|SP>, #<imm>]!",  "\(head) 011 \(tail)"),
    ]
  }

  private static func nonTemporal(
    _ name: String, _ kind: (letter: String, opc: String), _ l: String
  ) -> Row {
    Row(
      "\(name) <\(kind.letter)t>, <\(kind.letter)t2>, [<Xn|SP>{, #<imm>}]",
      "\(kind.opc) 101 1 000 \(l) imm7:7 Rt2:5 Rn:5 Rt:5")
  }

  /// LDR and STR with an offset that only LDUR and STUR have; never printed.
  static let unscaledVectorAliases: [Alias] = transfers.flatMap { kind in
    [("ldr", "1"), ("str", "0")].map { name, l in
      let row = unscaled(name, kind, l)
      return Alias(row.syntax, row.encoding, isPreferred: false)
    }
  }
}
