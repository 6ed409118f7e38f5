import MachineModel
import Terms

/// Operations on neighbours, packing and interleaving, each within 128 bits (Intel SDM, volume 2,
/// PHADDW, PHSUBW, PACKSSWB, PACKUSDW, PUNPCKLBW and its kind, UNPCKLPS and its kind).
extension Tables {
  static let packedHorizontal: [Entry] = neighbours + packs + unpacks

  private static let neighbours: [Entry] = [
    horizontal("PHADDW: add neighbouring words", 16, "phaddw", "01") { $0.add($1, $2) },
    horizontal("PHADDD: add neighbouring doublewords", 32, "phaddd", "02") { $0.add($1, $2) },
    horizontal("PHADDSW: add neighbouring words, saturating", 16, "phaddsw", "03") {
      $0.signedSum($1, $2)
    },
    horizontal("PHSUBW: subtract neighbouring words", 16, "phsubw", "05") { $0.subtract($1, $2) },
    horizontal("PHSUBD: subtract neighbouring doublewords", 32, "phsubd", "06") {
      $0.subtract($1, $2)
    },
    horizontal("PHSUBSW: subtract neighbouring words, saturating", 16, "phsubsw", "07") {
      $0.signedDifference($1, $2)
    },
  ]

  /// The results of the first source's pairs are below those of the second's.
  private static func horizontal(
    _ title: String, _ width: Int, _ mnemonic: String, _ opcode: String,
    _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Entry {
    let family = lanewise(title, of: 128) { terms, left, right in
      let elements = terms.lanes(left, of: width) + terms.lanes(right, of: width)
      return terms.joined(
        stride(from: 0, to: elements.count, by: 2).map {
          operation(terms, elements[$0], elements[$0 + 1])
        })
    }
    return Entry(family, vectorRows(mnemonic, "66 0F 38 \(opcode) /r", "SSSE3"))
  }

  private static let packs: [Entry] = [
    pack("PACKSSWB: words to signed bytes", 16, "packsswb", "66 0F 63 /r", "SSE2") {
      $0.saturatedSigned($1, to: 8)
    },
    pack("PACKSSDW: doublewords to signed words", 32, "packssdw", "66 0F 6B /r", "SSE2") {
      $0.saturatedSigned($1, to: 16)
    },
    pack("PACKUSWB: words to unsigned bytes", 16, "packuswb", "66 0F 67 /r", "SSE2") {
      $0.saturatedUnsigned($1, to: 8)
    },
    pack("PACKUSDW: doublewords to unsigned words", 32, "packusdw", "66 0F 38 2B /r", "SSE4_1") {
      $0.saturatedUnsigned($1, to: 16)
    },
  ]

  private static func pack(
    _ title: String, _ width: Int, _ mnemonic: String, _ encoding: String, _ feature: String,
    _ narrow: @escaping @Sendable (TermManager, Term) -> Term
  ) -> Entry {
    let family = lanewise(title, of: 128) { terms, left, right in
      terms.joined(
        (terms.lanes(left, of: width) + terms.lanes(right, of: width)).map { narrow(terms, $0) })
    }
    return Entry(family, vectorRows(mnemonic, encoding, feature))
  }

  private static let unpacks: [Entry] = [
    unpack("PUNPCKLBW", 8, "punpcklbw", "66 0F 60 /r", "SSE2"),
    unpack("PUNPCKLWD", 16, "punpcklwd", "66 0F 61 /r", "SSE2"),
    unpack("PUNPCKLDQ", 32, "punpckldq", "66 0F 62 /r", "SSE2"),
    unpack("PUNPCKLQDQ", 64, "punpcklqdq", "66 0F 6C /r", "SSE2"),
    unpack("PUNPCKHBW", 8, "punpckhbw", "66 0F 68 /r", "SSE2"),
    unpack("PUNPCKHWD", 16, "punpckhwd", "66 0F 69 /r", "SSE2"),
    unpack("PUNPCKHDQ", 32, "punpckhdq", "66 0F 6A /r", "SSE2"),
    unpack("PUNPCKHQDQ", 64, "punpckhqdq", "66 0F 6D /r", "SSE2"),
    unpack("UNPCKLPS", 32, "unpcklps", "NP 0F 14 /r", "SSE", wide: "AVX"),
    unpack("UNPCKHPS", 32, "unpckhps", "NP 0F 15 /r", "SSE", wide: "AVX"),
    unpack("UNPCKLPD", 64, "unpcklpd", "66 0F 14 /r", "SSE2", wide: "AVX"),
    unpack("UNPCKHPD", 64, "unpckhpd", "66 0F 15 /r", "SSE2", wide: "AVX"),
  ]

  private static func unpack(
    _ name: String, _ width: Int, _ mnemonic: String, _ encoding: String, _ feature: String,
    wide: String = "AVX2"
  ) -> Entry {
    let isHigh = name.contains("CKH")
    let title = "\(name): interleave \(isHigh ? "high" : "low") elements"
    let family = lanewise(title, of: 128) { terms, left, right in
      let first = isHigh ? 64 / width : 0
      let (lower, upper) = (terms.lanes(left, of: width), terms.lanes(right, of: width))
      return terms.joined((first..<first + 64 / width).flatMap { [lower[$0], upper[$0]] })
    }
    return Entry(family, vectorRows(mnemonic, encoding, feature, wide: wide))
  }
}
