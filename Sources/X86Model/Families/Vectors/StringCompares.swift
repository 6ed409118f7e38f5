import MachineModel
import Terms

/// PCMPESTRI, PCMPESTRM, PCMPISTRI, PCMPISTRM: comparisons of texts in vectors (Intel SDM, volume 2, 4.1
/// and these entries).
extension Tables {
  static let stringCompares: [Entry] = [
    Entry(
      stringCompare(
        "PCMPISTRI: compare texts that end in zero, index", isExplicit: false, isIndex: true),
      stringRows("pcmpistri", "63", wide: false)),
    Entry(
      stringCompare(
        "PCMPISTRM: compare texts that end in zero, mask", isExplicit: false, isIndex: false),
      stringRows("pcmpistrm", "62", wide: false)),
    Entry(
      stringCompare(
        "PCMPESTRI: compare texts of given lengths, index", isExplicit: true, isIndex: true),
      stringRows("pcmpestri", "61", wide: true)),
    Entry(
      stringCompare(
        "PCMPESTRM: compare texts of given lengths, mask", isExplicit: true, isIndex: false),
      stringRows("pcmpestrm", "60", wide: true)),
  ]

  /// Where lengths are in registers, W selects their width.
  private static func stringRows(_ mnemonic: String, _ opcode: String, wide: Bool) -> [Row] {
    let operands = "xmm1, xmm2/m128, imm8"
    let legacy = "0F 3A \(opcode) /r ib"
    let vex = "VEX.128.66.0F3A"
    guard wide else {
      return [
        Row("\(mnemonic) \(operands)", "66 \(legacy)", "SSE4_2"),
        Row("v\(mnemonic) \(operands)", "\(vex).WIG \(opcode) /r ib", "AVX"),
      ]
    }
    return [
      Row("\(mnemonic) \(operands)", "66 \(legacy)", "SSE4_2"),
      Row("\(mnemonic) \(operands)", "66 REX.W \(legacy)", "SSE4_2"),
      Row("v\(mnemonic) \(operands)", "\(vex).W0 \(opcode) /r ib", "AVX"),
      Row("v\(mnemonic) \(operands)", "\(vex).W1 \(opcode) /r ib", "AVX"),
    ]
  }

  private static func stringCompare(_ title: String, isExplicit: Bool, isIndex: Bool) -> Family {
    vectorFamily(title, flags: FlagEffects(writes: .status)) { instruction, state in
      let terms = state.terms
      // Memory may be unaligned, in the legacy forms too.
      let (first, second) = (state[instruction[0]], state[instruction[1]])
      let width = instruction.control & 1 == 0 ? 8 : 16
      let isWide =
        instruction.form.encoding.contains("W1") || instruction.form.encoding.contains("REX.W")
      let lengths: [Term?] =
        isExplicit
        ? [state[.accumulator(isWide ? 64 : 32)], state[.data(isWide ? 64 : 32)]] : [nil, nil]
      let left = TextVector(first, width, length: lengths[0], terms)
      let right = TextVector(second, width, length: lengths[1], terms)
      let comparison = TextComparison(terms: terms, control: instruction.control)
      let result = comparison.result(left, right)
      if isIndex {
        state[.ecx] = comparison.index(of: result)
      } else {
        let mask = comparison.mask(of: result, width)
        state[
          X86Registers.register(
            0, .vector, width: 128, upper: instruction.form.isLegacy ? .keep : .zero, hasREX: false)
        ] =
          mask
      }
      state[.cf] = terms.or(result)
      state[.zf] = terms.not(terms.and(right.isValid))
      state[.sf] = terms.not(terms.and(left.isValid))
      state[.of] = result[0]
      for flag in [Flag.af, .pf] { state[flag] = terms.false }
    }
  }
}

/// The elements of a text in a vector, and which of them belong to it.
private struct TextVector {
  let elements: [Term]
  let isValid: [Term]

  /// - Parameter length: the magnitude of it counts; nil for a text that ends at the first zero.
  init(_ value: Term, _ width: Int, length: Term?, _ terms: TermManager) {
    elements = terms.lanes(value, of: width)
    guard let length else {
      var isOpen = terms.true
      isValid = elements.map { element in
        isOpen = terms.and(isOpen, terms.distinct(element, terms.constant(0, width: width)))
        return isOpen
      }
      return
    }
    let magnitude = terms.ifThenElse(terms.isNegative(length), terms.negate(length), length)
    isValid = elements.indices.map {
      terms.unsignedLess(terms.constant(UInt64($0), width: terms.width(length)), magnitude)
    }
  }
}

/// What the immediate asks for.
private struct TextComparison {
  let terms: TermManager
  let control: Int

  /// The bits of IntRes2.
  func result(_ left: TextVector, _ right: TextVector) -> [Term] {
    let places = right.elements.indices
    let bits = places.map { aggregated(left, right, $0) }
    switch control >> 4 & 3 {
    case 1: return bits.map(terms.not)
    case 3: return places.map { terms.xor(bits[$0], right.isValid[$0]) }
    default: return bits
    }
  }

  /// A bit of IntRes1, for an element of the second operand.
  private func aggregated(_ left: TextVector, _ right: TextVector, _ place: Int) -> Term {
    func isEqual(_ first: Int, _ second: Int) -> Term {
      terms.equal(left.elements[first], right.elements[second])
    }
    let isValid = right.isValid[place]
    let count = left.elements.count
    switch control >> 2 & 3 {
    case 0:
      return terms.or(
        (0..<count).map { terms.and(terms.and(left.isValid[$0], isValid), isEqual($0, place)) })
    case 1:
      return terms.or(
        stride(from: 0, to: count, by: 2).map { low in
          let element = right.elements[place]
          let isWithin = terms.and(
            isAtMost(left.elements[low], element), isAtMost(element, left.elements[low + 1]))
          let bothValid = terms.and(left.isValid[low], left.isValid[low + 1])
          return terms.and(terms.and(bothValid, isValid), isWithin)
        })
    case 2:
      let bothValid = terms.and(left.isValid[place], isValid)
      let noneValid = terms.not(terms.or(left.isValid[place], isValid))
      return terms.or(noneValid, terms.and(bothValid, isEqual(place, place)))
    default:
      return terms.and(
        (0..<count - place).map { first in
          let matches = terms.and(right.isValid[place + first], isEqual(first, place + first))
          return terms.or(terms.not(left.isValid[first]), matches)
        })
    }
  }

  private func isAtMost(_ left: Term, _ right: Term) -> Term {
    control & 2 != 0
      ? terms.signedLessOrEqual(left, right) : terms.unsignedLessOrEqual(left, right)
  }

  /// The index of the first or the last bit set; their number if there is none.
  func index(of bits: [Term]) -> Term {
    let isLast = control & 0x40 != 0
    let places = isLast ? Array(bits.indices) : bits.indices.reversed()
    return places.reduce(terms.constant(UInt64(bits.count), width: 32)) {
      terms.ifThenElse(bits[$1], terms.constant(UInt64($1), width: 32), $0)
    }
  }

  /// The bits in a vector, or an element of ones for each.
  func mask(of bits: [Term], _ width: Int) -> Term {
    if control & 0x40 != 0 {
      return terms.joined(bits.map { terms.filled($0, width: width) })
    }
    return terms.zeroExtend(terms.joined(bits.map { terms.bits($0) }), to: 128)
  }
}
