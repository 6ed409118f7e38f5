import MachineModel
import Terms

/// AES, carry-less products, and GF(2⁸) (Intel SDM, volume 2); each 128-bit lane is on its own.
extension Tables {
  static var cryptography: [Entry] { aes + fieldArithmetic + secureHashes }

  private static let aes: [Entry] = [
    Entry(
      aesRound("AESENC: one round of encryption") {
        $0.aesMixedColumns($0.aesSubstituted($0.aesShiftedRows($1)))
      }, wideRows("aesenc", "66 0F 38 DC /r", "AES", wide: "VAES")),
    Entry(
      aesRound("AESENCLAST: the last round of encryption") {
        $0.aesSubstituted($0.aesShiftedRows($1))
      }, wideRows("aesenclast", "66 0F 38 DD /r", "AES", wide: "VAES")),
    Entry(
      aesRound("AESDEC: one round of decryption") {
        $0.aesInverseMixedColumns($0.aesInverseSubstituted($0.aesInverseShiftedRows($1)))
      }, wideRows("aesdec", "66 0F 38 DE /r", "AES", wide: "VAES")),
    Entry(
      aesRound("AESDECLAST: the last round of decryption") {
        $0.aesInverseSubstituted($0.aesInverseShiftedRows($1))
      }, wideRows("aesdeclast", "66 0F 38 DF /r", "AES", wide: "VAES")),
    Entry(
      unaryVector("AESIMC: inverse of mixing columns") { $0.aesInverseMixedColumns($1) },
      wideRows("aesimc", "66 0F 38 DB /r", "AES", .unary)),
    Entry(
      keyGeneration,
      wideRows("aeskeygenassist", "66 0F 3A DF /r ib", "AES", .unary, suffix: ", imm8")),
  ]

  private static let fieldArithmetic: [Entry] = [
    Entry(
      carrylessMultiply,
      wideRows(
        "pclmulqdq", "66 0F 3A 44 /r ib", "PCLMULQDQ", wide: "VPCLMULQDQ", suffix: ", imm8")),
    Entry(
      byteProducts,
      wideRows("gf2p8mulb", "66 0F 38 CF /r", "GFNI", wide: "GFNI AVX", w: "W0")),
    Entry(
      affineMap("GF2P8AFFINEQB: affine maps of bytes", inverts: false),
      wideRows(
        "gf2p8affineqb", "66 0F 3A CE /r ib", "GFNI", wide: "GFNI AVX", suffix: ", imm8", w: "W1")),
    Entry(
      affineMap("GF2P8AFFINEINVQB: affine maps of bytes' inverses", inverts: true),
      wideRows(
        "gf2p8affineinvqb", "66 0F 3A CF /r ib", "GFNI", wide: "GFNI AVX", suffix: ", imm8",
        w: "W1")),
  ]

  /// The legacy, VEX.128 and perhaps VEX.256 forms of an instruction that has a feature of its own.
  private static func wideRows(
    _ mnemonic: String, _ encoding: String, _ feature: String, _ shape: VectorShape = .binary,
    wide: String? = nil, suffix: String = "", w: String = "WIG"
  ) -> [Row] {
    let rows = vectorRows(mnemonic, encoding, feature, shape, wide: wide, suffix: suffix, w: w)
    return zip(rows, [feature, "\(feature) AVX", wide ?? ""]).map { row, feature in
      Row(row.syntax, row.encoding, feature)
    }
  }

  private static func cryptographicFamily(
    _ title: String, execute: @escaping @Sendable (Instruction, inout MachineState) -> Void
  ) -> Family {
    let entry = Substring(title.utf8.prefix { $0 != UInt8(ascii: ":") })
    return Family(
      title: title, source: "Intel SDM, volume 2, \(entry)", tier: "T3c", execute: execute)
  }

  private static func unaryVector(
    _ title: String, _ operation: @escaping @Sendable (TermManager, Term) -> Term
  ) -> Family {
    cryptographicFamily(title) { instruction, state in
      let source = state.source(instruction, 1)
      state.write(instruction, operation(state.terms, source), of: 128)
    }
  }

  /// A family on pairs of 128-bit lanes; the operation also gets the immediate.
  static func lanePairs(
    _ title: String, _ operation: @escaping @Sendable (TermManager, Term, Term, Int) -> Term
  ) -> Family {
    cryptographicFamily(title) { instruction, state in
      let (left, right) = state.sources(instruction)
      let (terms, control) = (state.terms, instruction.control)
      let result = terms.zipLanes(left, right, of: 128) { operation(terms, $0, $1, control) }
      state.write(instruction, result, of: 128)
    }
  }

  // MARK: AES

  /// A round on the first source; the second is the round key.
  private static func aesRound(
    _ title: String, _ round: @escaping @Sendable (TermManager, Term) -> Term
  ) -> Family {
    lanePairs(title) { terms, state, key, _ in terms.xor(round(terms, state), key) }
  }

  private static let keyGeneration = cryptographicFamily(
    "AESKEYGENASSIST: a step of the key schedule"
  ) { instruction, state in
    let terms = state.terms
    let words = terms.lanes(state.source(instruction, 1), of: 32)
    let constant = terms.constant(UInt64(instruction.control), width: 32)
    let substituted = [words[1], words[3]].map { terms.aesSubstituted($0) }
    let result = substituted.flatMap { [$0, terms.xor(terms.rotateRight($0, by: 8), constant)] }
    state.write(instruction, terms.joined(result), of: 128)
  }

  // MARK: Polynomials over GF(2)

  private static let carrylessMultiply = lanePairs("PCLMULQDQ: carry-less product") {
    terms, left, right, control in
    terms.carrylessProduct(
      terms.lanes(left, of: 64)[control & 1], terms.lanes(right, of: 64)[control >> 4 & 1])
  }

  private static let byteProducts = lanePairs("GF2P8MULB: products of bytes in GF(2⁸)") {
    terms, left, right, _ in
    terms.zipLanes(left, right, of: 8) { first, second in
      var bits = terms.lanes(terms.carrylessProduct(first, second), of: 1)
      // Modulo x⁸ + x⁴ + x³ + x + 1.
      for degree in (8..<15).reversed() {
        for power in [0, 1, 3, 4] {
          bits[degree - 8 + power] = terms.xor(bits[degree - 8 + power], bits[degree])
        }
      }
      return terms.joined(Array(bits.prefix(8)))
    }
  }

  /// `A x + b` of each byte, where the rows of A are the bytes of a quadword, the first row in the
  /// highest byte, and b is the immediate.
  private static func affineMap(_ title: String, inverts: Bool) -> Family {
    lanePairs(title) { terms, left, right, control in
      terms.zipLanes(left, right, of: 64) { source, matrix in
        terms.summary(
          "affine map", constants: [UInt8(truncatingIfNeeded: control), inverts ? 1 : 0],
          of: [source, matrix], width: 64
        ) {
          mapped(terms, source, matrix, control, inverts: inverts)
        }
      }
    }
  }

  private static func mapped(
    _ terms: TermManager, _ source: Term, _ matrix: Term, _ control: Int, inverts: Bool
  ) -> Term {
    let rows = terms.lanes(matrix, of: 8)
    return terms.mapLanes(source, of: 8) { byte in
      let operand = inverts ? terms.lookUp(byte, in: fieldInverses) : byte
      return terms.joined(
        (0..<8).map { index in
          let products = terms.lanes(terms.and(rows[7 - index], operand), of: 1)
          let start = terms.constant(UInt64(control >> index & 1), width: 1)
          return products.reduce(start) { terms.xor($0, $1) }
        })
    }
  }

  /// The inverses in GF(2⁸), zero for zero.
  private static let fieldInverses: [UInt8] = {
    var (powers, power): ([UInt8], UInt8) = ([], 1)
    for _ in 0..<255 {
      powers.append(power)
      power ^= power << 1 ^ (power & 0x80 == 0 ? 0 : 0x1B)
    }
    var result = [UInt8](repeating: 0, count: 256)
    for (exponent, power) in powers.enumerated() {
      result[Int(power)] = powers[(255 - exponent) % 255]
    }
    return result
  }()
}
