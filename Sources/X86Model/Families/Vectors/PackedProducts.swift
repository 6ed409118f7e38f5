import MachineModel
import Terms

/// Packed integer multiplication and sums of products and differences (Intel SDM, volume 2).
extension Tables {
  static let packedProducts: [Entry] = [
    Entry(
      lanewise("PMULLW: multiply packed words, low halves", of: 16) { $0.multiply($1, $2) },
      vectorRows("pmullw", "66 0F D5 /r", "SSE2")),
    Entry(
      lanewise("PMULLD: multiply packed doublewords, low halves", of: 32) { $0.multiply($1, $2) },
      vectorRows("pmulld", "66 0F 38 40 /r", "SSE4_1")),
    Entry(
      lanewise("PMULHW: multiply packed signed words, high halves", of: 16) {
        $0.extract($0.wideProduct($1, $2, isSigned: true), 31, 16)
      }, vectorRows("pmulhw", "66 0F E5 /r", "SSE2")),
    Entry(
      lanewise("PMULHUW: multiply packed unsigned words, high halves", of: 16) {
        $0.extract($0.wideProduct($1, $2, isSigned: false), 31, 16)
      }, vectorRows("pmulhuw", "66 0F E4 /r", "SSE2")),
    Entry(
      lanewise("PMULHRSW: multiply packed words, high halves, rounded", of: 16) {
        terms, left, right in
        let product = terms.wideProduct(left, right, isSigned: true)
        let rounded = terms.add(product, terms.constant(1 << 14, width: 32))
        return terms.extract(rounded, 30, 15)
      }, vectorRows("pmulhrsw", "66 0F 38 0B /r", "SSSE3")),
    Entry(
      lanewise("PMULUDQ: multiply unsigned doublewords to quadwords", of: 64) {
        $0.wideProduct($0.extract($1, 31, 0), $0.extract($2, 31, 0), isSigned: false)
      }, vectorRows("pmuludq", "66 0F F4 /r", "SSE2")),
    Entry(
      lanewise("PMULDQ: multiply signed doublewords to quadwords", of: 64) {
        $0.wideProduct($0.extract($1, 31, 0), $0.extract($2, 31, 0), isSigned: true)
      }, vectorRows("pmuldq", "66 0F 38 28 /r", "SSE4_1")),
    Entry(
      lanewise("PMADDWD: multiply packed words and add pairs", of: 32) { terms, left, right in
        let products = zip(terms.lanes(left, of: 16), terms.lanes(right, of: 16)).map {
          terms.wideProduct($0, $1, isSigned: true)
        }
        return terms.add(products[0], products[1])
      }, vectorRows("pmaddwd", "66 0F F5 /r", "SSE2")),
    Entry(
      lanewise("PMADDUBSW: multiply unsigned with signed bytes and add pairs, saturating", of: 16) {
        terms, left, right in
        let products = zip(terms.lanes(left, of: 8), terms.lanes(right, of: 8)).map {
          terms.multiply(terms.zeroExtend($0, to: 18), terms.signExtend($1, to: 18))
        }
        return terms.saturatedSigned(terms.add(products[0], products[1]), to: 16)
      }, vectorRows("pmaddubsw", "66 0F 38 04 /r", "SSSE3")),
    Entry(
      lanewise("PSADBW: sum of absolute differences of bytes", of: 64) { terms, left, right in
        terms.zeroExtend(terms.distance(left, right), to: 64)
      }, vectorRows("psadbw", "66 0F F6 /r", "SSE2")),
    Entry(
      multipleDistances, vectorRows("mpsadbw", "66 0F 3A 42 /r ib", "SSE4_1", suffix: ", imm8")),
  ]

  /// The immediate has three bits for each 128 bits of the result.
  private static let multipleDistances = vectorFamily(
    "MPSADBW: sums of absolute differences at eight offsets"
  ) { instruction, state in
    let (left, right) = state.sources(instruction)
    let terms = state.terms
    let blocks = zip(terms.lanes(left, of: 128), terms.lanes(right, of: 128)).enumerated().map {
      index, pair in
      let control = instruction.control >> (3 * index)
      let bytes = terms.lanes(pair.0, of: 8)
      let start = (control & 3) * 32
      let fixed = terms.extract(pair.1, start + 31, start)
      return terms.joined(
        (0..<8).map { offset in
          let first = (control >> 2 & 1) * 4 + offset
          return terms.distance(terms.joined(Array(bytes[first..<first + 4])), fixed)
        })
    }
    state.write(instruction, terms.joined(blocks), of: 16)
  }
}

extension TermManager {
  /// The sum of the absolute differences of unsigned bytes, 16 bits.
  fileprivate func distance(_ left: Term, _ right: Term) -> Term {
    zip(lanes(left, of: 8), lanes(right, of: 8)).reduce(constant(0, width: 16)) {
      add($0, zeroExtend(absoluteDifference($1.0, $1.1), to: 16))
    }
  }
}
