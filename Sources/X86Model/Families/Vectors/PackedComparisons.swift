import MachineModel
import Terms

/// Packed comparisons, minima, maxima, averages, absolute values and signs (Intel SDM, volume 2).
extension Tables {
  static let packedComparisons: [Entry] =
    equalities + extremes + averages + absolutes + [minimumPosition]

  private static let equalities: [Entry] = [
    equality("b", 8, "66 0F 74 /r", "SSE2"), equality("w", 16, "66 0F 75 /r", "SSE2"),
    equality("d", 32, "66 0F 76 /r", "SSE2"), equality("q", 64, "66 0F 38 29 /r", "SSE4_1"),
    greater("b", 8, "66 0F 64 /r", "SSE2"), greater("w", 16, "66 0F 65 /r", "SSE2"),
    greater("d", 32, "66 0F 66 /r", "SSE2"), greater("q", 64, "66 0F 38 37 /r", "SSE4_2"),
  ]

  private static func equality(
    _ letter: String, _ width: Int, _ encoding: String, _ feature: String
  ) -> Entry {
    let title = "PCMPEQ\(letter.uppercased()): compare packed for equality"
    let family = lanewise(title, of: width) { $0.filled($0.equal($1, $2), width: width) }
    return Entry(family, vectorRows("pcmpeq\(letter)", encoding, feature))
  }

  private static func greater(
    _ letter: String, _ width: Int, _ encoding: String, _ feature: String
  ) -> Entry {
    let title = "PCMPGT\(letter.uppercased()): compare packed signed for greater"
    let family = lanewise(title, of: width) { $0.filled($0.signedLess($2, $1), width: width) }
    return Entry(family, vectorRows("pcmpgt\(letter)", encoding, feature))
  }

  private static let extremes: [Entry] = [
    minimum("ub", 8, "66 0F DA /r", "SSE2"), maximum("ub", 8, "66 0F DE /r", "SSE2"),
    minimum("sw", 16, "66 0F EA /r", "SSE2"), maximum("sw", 16, "66 0F EE /r", "SSE2"),
    minimum("sb", 8, "66 0F 38 38 /r", "SSE4_1"), maximum("sb", 8, "66 0F 38 3C /r", "SSE4_1"),
    minimum("sd", 32, "66 0F 38 39 /r", "SSE4_1"), maximum("sd", 32, "66 0F 38 3D /r", "SSE4_1"),
    minimum("uw", 16, "66 0F 38 3A /r", "SSE4_1"), maximum("uw", 16, "66 0F 38 3E /r", "SSE4_1"),
    minimum("ud", 32, "66 0F 38 3B /r", "SSE4_1"), maximum("ud", 32, "66 0F 38 3F /r", "SSE4_1"),
  ]

  private static func minimum(
    _ name: String, _ width: Int, _ encoding: String, _ feature: String
  ) -> Entry {
    let isSigned = name.first == "s"
    let title = "PMIN\(name.uppercased()): minimum of packed integers"
    let family = lanewise(title, of: width) {
      $0.ifThenElse($0.isLess($1, $2, isSigned: isSigned), $1, $2)
    }
    return Entry(family, vectorRows("pmin\(name)", encoding, feature))
  }

  private static func maximum(
    _ name: String, _ width: Int, _ encoding: String, _ feature: String
  ) -> Entry {
    let isSigned = name.first == "s"
    let title = "PMAX\(name.uppercased()): maximum of packed integers"
    let family = lanewise(title, of: width) {
      $0.ifThenElse($0.isLess($1, $2, isSigned: isSigned), $2, $1)
    }
    return Entry(family, vectorRows("pmax\(name)", encoding, feature))
  }

  private static let averages: [Entry] = [
    average("b", 8, "66 0F E0 /r"), average("w", 16, "66 0F E3 /r"),
  ]

  /// Half of the sum and one, rounded down.
  private static func average(_ letter: String, _ width: Int, _ encoding: String) -> Entry {
    let title = "PAVG\(letter.uppercased()): average of packed unsigned integers"
    let family = lanewise(title, of: width) { terms, left, right in
      let sum = terms.add(
        terms.zeroExtend(left, to: width + 1), terms.zeroExtend(right, to: width + 1))
      return terms.extract(terms.add(sum, terms.constant(1, width: width + 1)), width, 1)
    }
    return Entry(family, vectorRows("pavg\(letter)", encoding, "SSE2"))
  }

  private static let absolutes: [Entry] = [
    absolute("b", 8, "1C"), absolute("w", 16, "1D"), absolute("d", 32, "1E"),
    sign("b", 8, "08"), sign("w", 16, "09"), sign("d", 32, "0A"),
  ]

  private static func absolute(_ letter: String, _ width: Int, _ opcode: String) -> Entry {
    let title = "PABS\(letter.uppercased()): absolute value of packed integers"
    let family = mapwise(title, of: width) {
      $0.ifThenElse($0.isNegative($1), $0.negate($1), $1)
    }
    return Entry(family, vectorRows("pabs\(letter)", "66 0F 38 \(opcode) /r", "SSSE3", .unary))
  }

  private static func sign(_ letter: String, _ width: Int, _ opcode: String) -> Entry {
    let title = "PSIGN\(letter.uppercased()): negate, keep or clear by sign"
    let family = lanewise(title, of: width) { terms, left, right in
      let zero = terms.constant(0, width: width)
      return terms.ifThenElse(
        terms.isNegative(right), terms.negate(left),
        terms.ifThenElse(terms.equal(right, zero), zero, left))
    }
    return Entry(family, vectorRows("psign\(letter)", "66 0F 38 \(opcode) /r", "SSSE3"))
  }

  /// The first of equal minima counts.
  private static let minimumPosition = Entry(
    vectorFamily("PHMINPOSUW: minimum of packed words and its index") { instruction, state in
      let terms = state.terms
      let words = terms.lanes(state.source(instruction, 1), of: 16)
      var (least, index) = (words[0], terms.constant(0, width: 3))
      for place in 1..<8 {
        let isLess = terms.unsignedLess(words[place], least)
        least = terms.ifThenElse(isLess, words[place], least)
        index = terms.ifThenElse(isLess, terms.constant(UInt64(place), width: 3), index)
      }
      let result = terms.zeroExtend(terms.concat(index, least), to: 128)
      state.write(instruction, result, of: 16)
    }, vectorRows("phminposuw", "66 0F 38 41 /r", "SSE4_1", .unary, wide: nil))

  /// A family that works on elements of `width` bits of one source.
  static func mapwise(
    _ title: String, of width: Int, _ operation: @escaping @Sendable (TermManager, Term) -> Term
  ) -> Family {
    vectorFamily(title) { instruction, state in
      let terms = state.terms
      let source = state.source(instruction, 1, of: width <= 64 ? width : 0)
      let result = terms.mapLanes(source, of: width) { operation(terms, $0) }
      state.write(instruction, result, of: width)
    }
  }
}

extension TermManager {
  fileprivate func isLess(_ left: Term, _ right: Term, isSigned: Bool) -> Term {
    isSigned ? signedLess(left, right) : unsignedLess(left, right)
  }
}
