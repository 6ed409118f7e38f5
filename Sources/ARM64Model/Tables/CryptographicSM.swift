import MachineModel
import Terms

/// The instructions for SM3 and SM4 (GB/T 32905 and 32907). Lane 3 is the latest word.
extension ARM64 {
  static let cryptographicSM3: [Entry] =
    [
      cryptographic(
        "SM3SS1", "FEAT_SM3",
        [
          Row(
            "sm3ss1 <Vd>.4s, <Vn>.4s, <Vm>.4s, <Va>.4s",
            "11001110 010 Rm:5 0 Ra:5 Rn:5 Rd:5")
        ]
      ) { instruction, state in
        let terms = state.terms
        let top = (1...3).map { state.lanes(instruction.register($0))[3] }
        let sum = terms.add(terms.add(terms.rotateLeft(top[0], by: 12), top[1]), top[2])
        let zero = terms.constant(0, width: 32)
        state.setLanes(instruction, [zero, zero, zero, terms.rotateLeft(sum, by: 7)])
      },
      step("sm3tt1a", "00", by: 9) { terms, d, n in
        terms.add(terms.parity(d[1], d[2], d[3]), terms.xor(n, terms.rotateLeft(d[3], by: 12)))
      },
      step("sm3tt1b", "01", by: 9) { terms, d, n in
        terms.add(terms.majority(d[1], d[2], d[3]), terms.xor(n, terms.rotateLeft(d[3], by: 12)))
      },
      step("sm3tt2a", "10", by: 19) { terms, d, n in
        terms.add(terms.parity(d[1], d[2], d[3]), n)
      },
      step("sm3tt2b", "11", by: 19) { terms, d, n in
        terms.add(terms.choice(d[3], d[2], d[1]), n)
      },
    ] + messageWords

  /// A step of the compression: a function of the words, plus the oldest word and the message's; the
  /// second kind, which rotates by 19, spreads the sum.
  private static func step(
    _ name: String, _ opcode: String, by count: Int,
    _ function: @escaping @Sendable (TermManager, [Term], Term) -> Term
  ) -> Entry {
    let row = Row(
      "\(name) <Vd>.4s, <Vn>.4s, <Vm>.s[<imm2>]",
      "11001110 010 Rm:5 1 0 imm2:2 \(opcode) Rn:5 Rd:5")
    return cryptographic(name.uppercased(), "FEAT_SM3", [row]) { instruction, state in
      let terms = state.terms
      let d = state.lanes(instruction.register(0))
      let n = state.lanes(instruction.register(1))[3]
      var sum = terms.add(function(terms, d, n), d[0])
      sum = terms.add(sum, state[instruction[2]])
      if count == 19 { sum = terms.spread(sum, 9, 17) }
      state.setLanes(instruction, [d[1], terms.rotateLeft(d[2], by: count), d[3], sum])
    }
  }

  private static let messageWords: [Entry] = [
    cryptographic("SM3PARTW1", "FEAT_SM3", [threeWords("sm3partw1", "00")]) {
      instruction, state in
      let terms = state.terms
      let lanes = (0..<3).map { state.lanes(instruction.register($0)) }
      var result = (0..<4).map { terms.xor(lanes[0][$0], lanes[1][$0]) }
      for index in 0..<4 {
        let later = index < 3 ? lanes[2][index + 1] : result[0]
        let sum = terms.xor(result[index], terms.rotateLeft(later, by: 15))
        result[index] = terms.spread(sum, 15, 23)
      }
      state.setLanes(instruction, result)
    },
    cryptographic("SM3PARTW2", "FEAT_SM3", [threeWords("sm3partw2", "01")]) {
      instruction, state in
      let terms = state.terms
      let lanes = (0..<3).map { state.lanes(instruction.register($0)) }
      let parts = zip(lanes[1], lanes[2]).map { terms.xor($0, terms.rotateLeft($1, by: 7)) }
      var result = zip(lanes[0], parts).map { terms.xor($0, $1) }
      let first = terms.spread(terms.rotateLeft(parts[0], by: 15), 15, 23)
      result[3] = terms.xor(result[3], first)
      state.setLanes(instruction, result)
    },
  ]

  private static func threeWords(_ name: String, _ opcode: String) -> Row {
    Row(
      "\(name) <Vd>.4s, <Vn>.4s, <Vm>.4s", "11001110 011 Rm:5 1 1 00 \(opcode) Rn:5 Rd:5")
  }

  // MARK: SM4

  static let cryptographicSM4: [Entry] = [
    cryptographic(
      "SM4E", "FEAT_SM4",
      [Row("sm4e <Vd>.4s, <Vn>.4s", "11001110 110 00000 1000 01 Rn:5 Rd:5")]
    ) { instruction, state in
      let terms = state.terms
      let start = state.lanes(instruction.register(0))
      let keys = state.lanes(instruction.register(1))
      state.setLanes(
        instruction,
        keys.reduce(start) { words, key in
          terms.sm4Round(words, key) { terms.spread(terms.spread($0, 2, 10), 18, 24, of: $0) }
        })
    },
    cryptographic("SM4EKEY", "FEAT_SM4", [threeWords("sm4ekey", "10")]) { instruction, state in
      let terms = state.terms
      let start = state.lanes(instruction.register(1))
      let constants = state.lanes(instruction.register(2))
      state.setLanes(
        instruction,
        constants.reduce(start) { words, constant in
          terms.sm4Round(words, constant) { terms.spread($0, 13, 23) }
        })
    },
  ]

  /// The S-box of GB/T 32907: an affine map, the inverse in GF(2⁸) modulo
  /// x⁸ + x⁷ + x⁶ + x⁵ + x⁴ + x² + 1, and the same map again.
  fileprivate static let sm4Box: [UInt8] = {
    // Powers of the generator x; the inverse of its power n is its power 255 - n.
    var (powers, power): ([UInt8], UInt8) = ([], 1)
    for _ in 0..<255 {
      powers.append(power)
      power = power << 1 ^ (power & 0x80 == 0 ? 0 : 0xF5)
    }
    var inverses = [UInt8](repeating: 0, count: 256)
    for (exponent, power) in powers.enumerated() {
      inverses[Int(power)] = powers[(255 - exponent) % 255]
    }
    func affine(_ byte: UInt8) -> UInt8 {
      [0, 1, 3, 6, 7].reduce(0xD3) { $0 ^ (byte << $1 | byte >> (8 - $1)) }
    }
    return (0...255).map { affine(inverses[Int(affine($0))]) }
  }()
}

extension TermManager {
  /// `word` and two rotations of `source`, or of `word` itself, added without carries.
  fileprivate func spread(_ word: Term, _ first: Int, _ second: Int, of source: Term? = nil) -> Term
  {
    let source = source ?? word
    return parity(word, rotateLeft(source, by: first), rotateLeft(source, by: second))
  }

  /// A round of SM4 on four words, of which the first is replaced and becomes the last.
  fileprivate func sm4Round(_ words: [Term], _ key: Term, _ linear: (Term) -> Term) -> [Term] {
    let sum = xor(parity(words[1], words[2], words[3]), key)
    let substituted = mapLanes(sum, of: 8) { lookUp($0, in: ARM64.sm4Box) }
    return [words[1], words[2], words[3], xor(words[0], linear(substituted))]
  }
}
