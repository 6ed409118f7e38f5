import MachineModel
import Terms

/// Packed integer addition and subtraction, wrapping and saturating (Intel SDM, volume 2, PADD,
/// PADDS, PADDUS, PSUB, PSUBS, PSUBUS).
extension Tables {
  static let packedSums: [Entry] =
    [
      sums("PADDB: add packed bytes", 8, "paddb", "66 0F FC /r") { $0.add($1, $2) },
      sums("PADDW: add packed words", 16, "paddw", "66 0F FD /r") { $0.add($1, $2) },
      sums("PADDD: add packed doublewords", 32, "paddd", "66 0F FE /r") { $0.add($1, $2) },
      sums("PADDQ: add packed quadwords", 64, "paddq", "66 0F D4 /r") { $0.add($1, $2) },
      sums("PSUBB: subtract packed bytes", 8, "psubb", "66 0F F8 /r") { $0.subtract($1, $2) },
      sums("PSUBW: subtract packed words", 16, "psubw", "66 0F F9 /r") { $0.subtract($1, $2) },
      sums("PSUBD: subtract packed doublewords", 32, "psubd", "66 0F FA /r") {
        $0.subtract($1, $2)
      },
      sums("PSUBQ: subtract packed quadwords", 64, "psubq", "66 0F FB /r") {
        $0.subtract($1, $2)
      },
    ] + saturatingSums

  private static let saturatingSums: [Entry] = [
    sums("PADDSB: add packed bytes, signed saturation", 8, "paddsb", "66 0F EC /r") {
      $0.signedSum($1, $2)
    },
    sums("PADDSW: add packed words, signed saturation", 16, "paddsw", "66 0F ED /r") {
      $0.signedSum($1, $2)
    },
    sums("PADDUSB: add packed bytes, unsigned saturation", 8, "paddusb", "66 0F DC /r") {
      $0.unsignedSum($1, $2)
    },
    sums("PADDUSW: add packed words, unsigned saturation", 16, "paddusw", "66 0F DD /r") {
      $0.unsignedSum($1, $2)
    },
    sums("PSUBSB: subtract packed bytes, signed saturation", 8, "psubsb", "66 0F E8 /r") {
      $0.signedDifference($1, $2)
    },
    sums("PSUBSW: subtract packed words, signed saturation", 16, "psubsw", "66 0F E9 /r") {
      $0.signedDifference($1, $2)
    },
    sums("PSUBUSB: subtract packed bytes, unsigned saturation", 8, "psubusb", "66 0F D8 /r") {
      $0.unsignedDifference($1, $2)
    },
    sums("PSUBUSW: subtract packed words, unsigned saturation", 16, "psubusw", "66 0F D9 /r") {
      $0.unsignedDifference($1, $2)
    },
  ]

  private static func sums(
    _ title: String, _ width: Int, _ mnemonic: String, _ encoding: String,
    _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Entry {
    let isSmall = width < 32
    let opcode = Word.text(of: Array(Word.words(of: encoding)[2...]))
    return Entry(
      lanewise(title, of: width, operation),
      vectorRows(mnemonic, encoding, "SSE2")
        + evexRows(
          "v" + mnemonic, "66.0F." + (isSmall ? "WIG" : "W\(width / 64)"), opcode,
          isSmall ? "AVX512BW" : "AVX512F", broadcast: isSmall ? 0 : width))
  }

  /// A family that works on pairs of elements of `width` bits.
  static func lanewise(
    _ title: String, of width: Int,
    _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Family {
    vectorFamily(title) { instruction, state in
      let (left, right) = state.sources(instruction, of: width <= 64 ? width : 0)
      let terms = state.terms
      let result = terms.zipLanes(left, right, of: width) { operation(terms, $0, $1) }
      state.write(instruction, result, of: width)
    }
  }

  /// A family of vector instructions; the manual's entry is that of the title's first word.
  static func vectorFamily(
    _ title: String, tier: String = "T3", flags: FlagEffects = FlagEffects(),
    execute: @escaping @Sendable (Instruction, inout MachineState) -> Void
  ) -> Family {
    let entry = Substring(title.utf8.prefix { $0 != UInt8(ascii: ":") })
    return Family(
      title: title, source: "Intel SDM, volume 2, \(entry)", tier: tier, flags: flags,
      execute: execute)
  }
}
