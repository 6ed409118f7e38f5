import MachineModel
import Terms

/// The SHA extensions (Intel SDM, volume 2); words are counted from the most significant, as there.
extension Tables {
  static let secureHashes: [Entry] = [
    hash("SHA1RNDS4: four rounds of SHA-1", "sha1rnds4", "3A CC /r ib", ", imm8", rounds),
    hash("SHA1NEXTE: the next E of SHA-1", "sha1nexte", "38 C8 /r") { terms, first, second, _ in
      [terms.add(second[0], terms.rotateLeft(first[0], by: 30))] + second.dropFirst()
    },
    hash("SHA1MSG1: SHA-1 message schedule", "sha1msg1", "38 C9 /r") { terms, first, second, _ in
      zip(first, first.suffix(2) + second.prefix(2)).map { terms.xor($0, $1) }
    },
    hash("SHA1MSG2: SHA-1 message schedule", "sha1msg2", "38 CA /r") { terms, first, second, _ in
      var words = Array(second.dropFirst())
      for word in first {
        words.append(terms.rotateLeft(terms.xor(word, words[words.count - 3]), by: 1))
      }
      return Array(words.suffix(4))
    },
    Entry(twoRounds, feature: "SHA", [Row("sha256rnds2 xmm1, xmm2/m128, XMM0", "NP 0F 38 CB /r")]),
    hash("SHA256MSG1: SHA-256 message schedule", "sha256msg1", "38 CC /r") {
      terms, first, second, _ in
      zip(first, second.suffix(1) + first.prefix(3)).map { terms.add($0, terms.sha256Sigma0($1)) }
    },
    hash("SHA256MSG2: SHA-256 message schedule", "sha256msg2", "38 CD /r") {
      terms, first, second, _ in
      var words = [second[1], second[0]]
      for word in first.reversed() {
        words.append(terms.add(word, terms.sha256Sigma1(words[words.count - 2])))
      }
      return words.suffix(4).reversed()
    },
  ]

  /// An instruction on the words of two sources, and its immediate.
  private static func hash(
    _ title: String, _ mnemonic: String, _ code: String, _ suffix: String = "",
    _ operation: @escaping @Sendable (TermManager, [Term], [Term], Int) -> [Term]
  ) -> Entry {
    let family = lanePairs(title) { terms, first, second, control in
      terms.concat(operation(terms, terms.words(first), terms.words(second), control))
    }
    return Entry(
      family, feature: "SHA", [Row("\(mnemonic) xmm1, xmm2/m128\(suffix)", "NP 0F \(code)")])
  }

  /// The immediate selects function and constant; the first word of the second source has E in it.
  @Sendable
  private static func rounds(
    _ terms: TermManager, _ first: [Term], _ second: [Term], _ control: Int
  ) -> [Term] {
    let kind = control & 3
    let constants: [UInt64] = [0x5A82_7999, 0x6ED9_EBA1, 0x8F1B_BCDC, 0xCA62_C1D6]
    let constant = terms.constant(constants[kind], width: 32)
    var state = first + [terms.constant(0, width: 32)]
    for word in second {
      let (b, c, d) = (state[1], state[2], state[3])
      let value =
        kind == 0
        ? terms.choice(b, c, d) : kind == 2 ? terms.majority(b, c, d) : terms.parity(b, c, d)
      state = terms.sha1Round(state, value, terms.add(word, constant))
    }
    return Array(state.prefix(4))
  }

  private static let twoRounds = Family(
    title: "SHA256RNDS2: two rounds of SHA-256", source: "Intel SDM, volume 2, SHA256RNDS2",
    tier: "T3c"
  ) { instruction, state in
    let terms = state.terms
    let (first, second) = state.sources(instruction)
    let (c, a) = (terms.words(first), terms.words(second))
    let keys = terms.lanes(state.read(instruction, 2), of: 32)
    var variables = [a[0], a[1], c[0], c[1], a[2], a[3], c[2], c[3]]
    for key in keys.prefix(2) { variables = terms.sha256Round(variables, key) }
    state.write(
      instruction, terms.concat([variables[0], variables[1], variables[4], variables[5]]), of: 32)
  }
}

extension TermManager {
  /// The words of 32 bits, the most significant first.
  fileprivate func words(_ value: Term) -> [Term] { lanes(value, of: 32).reversed() }
}
