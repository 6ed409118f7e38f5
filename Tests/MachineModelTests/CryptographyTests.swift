import MachineModel
import Terms
import Testing

/// The cryptographic functions against their definitions on integers, and against published values.
struct CryptographyTests {
  /// The product of two polynomials over GF(2), modulo x⁸ + x⁴ + x³ + x + 1.
  private static func product(_ left: Int, _ right: Int) -> Int {
    var result = 0
    for bit in 0..<8 where right >> bit & 1 == 1 { result ^= left << bit }
    for bit in (8..<16).reversed() where result >> bit & 1 == 1 { result ^= 0x11B << (bit - 8) }
    return result
  }

  /// FIPS 197, 5.1.1: the inverse, zero for zero, then the affine map bit by bit.
  private static let box: [Int] = (0..<256).map { value in
    let inverse = (0..<256).first { product($0, value) == 1 } ?? 0
    return (0..<8).reduce(0) { result, bit in
      let sum = [0, 4, 5, 6, 7].reduce(0x63 >> bit) { $0 ^ inverse >> ((bit + $1) % 8) }
      return result | (sum & 1) << bit
    }
  }

  /// The values of `build` of each of `cases`, which have arguments of the same widths.
  private static func values(
    _ cases: [[BitVector]], _ build: (TermManager, [Term]) -> Term
  ) -> [BitVector] {
    let terms = TermManager()
    let variables = cases[0].enumerated().map {
      terms.variable("v\($0.offset)", width: $0.element.width)
    }
    let result = build(terms, variables)
    var evaluator = Evaluator(terms, roots: [result], lanes: cases.count)
    for (lane, arguments) in cases.enumerated() {
      for (variable, value) in zip(variables, arguments) {
        evaluator.set(variable, lane: lane, to: value)
      }
    }
    evaluator.run()
    return cases.indices.map { evaluator.value(result, lane: $0) }
  }

  private static func value(
    _ arguments: [BitVector], _ build: (TermManager, [Term]) -> Term
  ) -> BitVector { values([arguments], build)[0] }

  private static func state(_ bytes: [Int]) -> BitVector {
    BitVector(
      words: stride(from: 0, to: bytes.count, by: 8).map { start in
        (0..<8).reduce(0) { $0 | UInt64(bytes[start + $1]) << UInt64(8 * $1) }
      }, width: 8 * bytes.count)
  }

  private static func bytes(_ value: BitVector) -> [Int] {
    (0..<value.width / 8).map { Int(value.extracting($0 * 8 + 7, $0 * 8).low) }
  }

  @Test("The S-box and its inverse are those of the definition, on all bytes")
  func substitution() {
    let inputs = (0..<256).map { BitVector(UInt64($0), width: 8) }
    let forward = Self.values(inputs.map { [$0] }) { $0.aesSubstituted($1[0]) }
    #expect(forward.map { Int($0.low) } == Self.box)
    let backward = Self.values(forward.map { [$0] }) { $0.aesInverseSubstituted($1[0]) }
    #expect(backward == inputs)
  }

  @Test("MixColumns multiplies a column by its matrix, on each byte alone")
  func mixing() {
    let inputs = (0..<4).flatMap { position in
      (0..<256).map { [BitVector(UInt64($0) << UInt64(8 * position), width: 32)] }
    }
    let forward = Self.values(inputs) { $0.aesMixedColumns($1[0]) }
    let backward = Self.values(inputs) { $0.aesInverseMixedColumns($1[0]) }
    for index in inputs.indices {
      let (position, byte) = (index / 256, index % 256)
      let rows = (0..<4).map { (position - $0 + 4) % 4 }
      #expect(Self.bytes(forward[index]) == rows.map { Self.product(byte, [2, 3, 1, 1][$0]) })
      #expect(Self.bytes(backward[index]) == rows.map { Self.product(byte, [14, 11, 13, 9][$0]) })
    }
  }

  @Test("Ten rounds encrypt the example of FIPS 197, appendix B, and their inverses decrypt it")
  func encryption() {
    let plain = "3243f6a8885a308d313198a2e0370734"
    let keys = Self.schedule(Self.hex("2b7e151628aed2a6abf7158809cf4f3c")).map(Self.state)
    let cipher = Self.value([Self.state(Self.hex(plain))] + keys) { terms, v in
      var state = terms.xor(v[0], v[1])
      for round in 1...10 {
        state = terms.aesSubstituted(terms.aesShiftedRows(state))
        if round < 10 { state = terms.aesMixedColumns(state) }
        state = terms.xor(state, v[1 + round])
      }
      return state
    }
    #expect(Self.bytes(cipher) == Self.hex("3925841d02dc09fbdc118597196a0b32"))
    let back = Self.value([cipher] + keys) { terms, v in
      var state = v[0]
      for round in (1...10).reversed() {
        state = terms.xor(state, v[1 + round])
        if round < 10 { state = terms.aesInverseMixedColumns(state) }
        state = terms.aesInverseSubstituted(terms.aesInverseShiftedRows(state))
      }
      return terms.xor(state, v[1])
    }
    #expect(Self.bytes(back) == Self.hex(plain))
  }

  private static func hex(_ text: String) -> [Int] {
    (0..<text.utf8.count / 2).map { Int(text.dropFirst(2 * $0).prefix(2), radix: 16) ?? 0 }
  }

  /// The key expansion of AES-128, FIPS 197, 5.2.
  private static func schedule(_ key: [Int]) -> [[Int]] {
    var (words, constant) = ((0..<4).map { Array(key[4 * $0..<4 * $0 + 4]) }, 1)
    for index in 4..<44 {
      var word = words[index - 1]
      if index % 4 == 0 {
        word = [word[1], word[2], word[3], word[0]].map { box[$0] }
        word[0] ^= constant
        constant = product(constant, 2)
      }
      words.append(zip(word, words[index - 4]).map { $0 ^ $1 })
    }
    return (0..<11).map { Array(words[4 * $0..<4 * $0 + 4].joined()) }
  }

  @Test("A carry-less product is the sum of shifted factors, and its factors may be exchanged")
  func product() {
    let a: UInt64 = 0x8000_0001_F00D_1234
    let b: UInt64 = 0xFFFF_0000_9ABC_DEF1
    var expected = BitVector.zero(128)
    for bit in 0..<64 where b >> UInt64(bit) & 1 == 1 {
      expected = expected.zip(BitVector(a, width: 128).shiftedLeft(bit), ^)
    }
    let found = Self.value([BitVector(a, width: 64), BitVector(b, width: 64)]) {
      $0.carrylessProduct($1[0], $1[1])
    }
    #expect(found == expected)
    let terms = TermManager()
    let (x, y) = (terms.variable("x", width: 64), terms.variable("y", width: 64))
    #expect(terms.carrylessProduct(x, y) == terms.carrylessProduct(y, x))
  }
}
