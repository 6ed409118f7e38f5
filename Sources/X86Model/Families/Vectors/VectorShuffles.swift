import MachineModel
import Terms

/// Shuffles within 128 bits (Intel SDM, volume 2, PSHUFB, PSHUFD, PSHUFHW, PSHUFLW, PALIGNR, SHUFPS,
/// SHUFPD, INSERTPS, VPERMILPS, VPERMILPD).
extension Tables {
  static let vectorShuffles: [Entry] = [
    Entry(shuffleBytes, vectorRows("pshufb", "66 0F 38 00 /r", "SSSE3")),
    Entry(
      shuffle("PSHUFD: shuffle doublewords", of: 32, at: 0),
      vectorRows("pshufd", "66 0F 70 /r ib", "SSE2", .unary, suffix: ", imm8")),
    Entry(
      shuffle("PSHUFHW: shuffle high words", of: 16, at: 4),
      vectorRows("pshufhw", "F3 0F 70 /r ib", "SSE2", .unary, suffix: ", imm8")),
    Entry(
      shuffle("PSHUFLW: shuffle low words", of: 16, at: 0),
      vectorRows("pshuflw", "F2 0F 70 /r ib", "SSE2", .unary, suffix: ", imm8")),
    Entry(align, vectorRows("palignr", "66 0F 3A 0F /r ib", "SSSE3", suffix: ", imm8")),
    Entry(
      shuffleTwo, vectorRows("shufps", "NP 0F C6 /r ib", "SSE", wide: "AVX", suffix: ", imm8")),
    Entry(
      shuffleTwoWide,
      vectorRows("shufpd", "66 0F C6 /r ib", "SSE2", wide: "AVX", suffix: ", imm8")),
    Entry(
      insertElement,
      [
        Row("insertps xmm1, xmm2/m32, imm8", "66 0F 3A 21 /r ib", "SSE4_1"),
        Row("vinsertps xmm1, xmm2, xmm3/m32, imm8", "VEX.128.66.0F3A.WIG 21 /r ib", "AVX"),
      ]),
    Entry(
      shuffle("VPERMILPS: shuffle doublewords by an immediate", of: 32, at: 0),
      avxRows("vpermilps", "66.0F3A.W0", "04 /r ib", "AVX", .unary, suffix: ", imm8")),
    Entry(
      permuteByControl("VPERMILPS: shuffle doublewords by a vector", of: 32),
      avxRows("vpermilps", "66.0F38.W0", "0C /r", "AVX")),
    Entry(
      permutePairs,
      avxRows("vpermilpd", "66.0F3A.W0", "05 /r ib", "AVX", .unary, suffix: ", imm8")),
    Entry(
      permuteByControl("VPERMILPD: shuffle quadwords by a vector", of: 64),
      avxRows("vpermilpd", "66.0F38.W0", "0D /r", "AVX")),
  ]

  /// Bit 7 of a control byte clears, and its low four bits select.
  private static let shuffleBytes = lanewise("PSHUFB: shuffle bytes", of: 128) {
    terms, left, right in
    let bytes = terms.lanes(left, of: 8)
    return terms.mapLanes(right, of: 8) { control in
      terms.ifThenElse(
        terms.isNegative(control), terms.constant(0, width: 8),
        terms.selected(bytes, by: terms.extract(control, 3, 0)))
    }
  }

  /// Four elements of each 128 bits, from the element `first`, are selected by two bits each of the
  /// immediate; the others stay.
  private static func shuffle(_ title: String, of width: Int, at first: Int) -> Family {
    vectorFamily(title) { instruction, state in
      let terms = state.terms
      let result = terms.mapLanes(state.source(instruction, 1), of: 128) { lane in
        let elements = terms.lanes(lane, of: width)
        return terms.joined(
          elements.indices.map { index in
            guard index >= first, index < first + 4 else { return elements[index] }
            return elements[first + (instruction.control >> (2 * (index - first)) & 3)]
          })
      }
      state.write(instruction, result, of: width)
    }
  }

  /// The two sources as 256 bits, the first above, shifted right by bytes; beyond 32 nothing remains.
  private static let align = vectorFamily("PALIGNR: align two vectors by bytes") {
    instruction, state in
    let (left, right) = state.sources(instruction)
    let terms = state.terms
    let count = Swift.min(32, instruction.control) * 8
    let result = terms.zipLanes(left, right, of: 128) { high, low in
      terms.extract(terms.logicalShiftRight(terms.concat(high, low), by: count), 127, 0)
    }
    state.write(instruction, result, of: 8)
  }

  private static let shuffleTwo = vectorFamily("SHUFPS: two doublewords of each source") {
    instruction, state in
    let (left, right) = state.sources(instruction)
    let (terms, control) = (state.terms, instruction.control)
    let result = terms.zipLanes(left, right, of: 128) { left, right in
      let (first, second) = (terms.lanes(left, of: 32), terms.lanes(right, of: 32))
      return terms.joined([
        first[control & 3], first[control >> 2 & 3], second[control >> 4 & 3],
        second[control >> 6 & 3],
      ])
    }
    state.write(instruction, result, of: 32)
  }

  /// A bit of the immediate for each quadword of the result.
  private static let shuffleTwoWide = vectorFamily("SHUFPD: a quadword of each source") {
    instruction, state in
    let (left, right) = state.sources(instruction)
    let (terms, control) = (state.terms, instruction.control)
    let (first, second) = (terms.lanes(left, of: 64), terms.lanes(right, of: 64))
    let lanes = first.indices.map { index in
      (index & 1 == 0 ? first : second)[index & ~1 | control >> index & 1]
    }
    state.write(instruction, terms.joined(lanes), of: 64)
  }

  /// From a register, bits 7:6 select the element; bits 3:0 clear elements.
  private static let insertElement = vectorFamily("INSERTPS: insert a doubleword and clear") {
    instruction, state in
    let (terms, control) = (state.terms, instruction.control)
    let first = instruction.form.isLegacy ? 0 : 1
    var lanes = terms.lanes(state[instruction[first]], of: 32)
    let source = terms.lanes(state.source(instruction, first + 1), of: 32)
    lanes[control >> 4 & 3] = source.count == 1 ? source[0] : source[control >> 6 & 3]
    for index in 0..<4 where control >> index & 1 != 0 {
      lanes[index] = terms.constant(0, width: 32)
    }
    state.write(instruction, terms.joined(lanes), of: 32)
  }

  /// The low bits of a control element select; for quadwords it is bit 1.
  private static func permuteByControl(_ title: String, of width: Int) -> Family {
    lanewise(title, of: 128) { terms, left, right in
      let elements = terms.lanes(left, of: width)
      return terms.mapLanes(right, of: width) {
        terms.selected(elements, by: terms.extract($0, 1, width == 32 ? 0 : 1))
      }
    }
  }

  private static let permutePairs = vectorFamily("VPERMILPD: shuffle quadwords by an immediate") {
    instruction, state in
    let terms = state.terms
    let elements = terms.lanes(state.source(instruction, 1), of: 64)
    let lanes = elements.indices.map { elements[$0 & ~1 | instruction.control >> $0 & 1] }
    state.write(instruction, terms.joined(lanes), of: 64)
  }
}

extension TermManager {
  /// The element whose number `index` is; as many as it has values.
  func selected(_ elements: [Term], by index: Term) -> Term {
    precondition(elements.count == 1 << width(index), "\(elements.count) elements to select from")
    var rest = elements
    for place in 0..<width(index) {
      let isOdd = bit(index, place)
      rest = stride(from: 0, to: rest.count, by: 2).map {
        ifThenElse(isOdd, rest[$0 + 1], rest[$0])
      }
    }
    return rest[0]
  }
}
