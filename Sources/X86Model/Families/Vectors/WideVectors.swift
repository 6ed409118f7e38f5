import MachineModel
import Terms

/// AVX-512 instructions that have no VEX form: one of each kind of EVEX encoding (Intel SDM, volume 2,
/// VPANDD and its kind, VPTERNLOGD, VMOVDQU32 and its kind, VPCMPD and its kind, VPMOVQD).
extension Tables {
  static let wideVectors: [Entry] = [
    logicEntry("VPANDD, VPANDQ: bitwise and", "vpand", "DB") { $0.and($1, $2) },
    logicEntry("VPANDND, VPANDNQ: and with the complement", "vpandn", "DF") {
      $0.and($0.not($1), $2)
    },
    logicEntry("VPORD, VPORQ: bitwise or", "vpor", "EB") { $0.or($1, $2) },
    logicEntry("VPXORD, VPXORQ: bitwise exclusive or", "vpxor", "EF") { $0.xor($1, $2) },
    ternary("VPTERNLOGD", 32), ternary("VPTERNLOGQ", 64),
    Entry(
      maskedMove("VMOVDQU8: move under a mask", of: 8),
      moveRows("vmovdqu8", "F2.0F.W0", "6F", "7F", "AVX512BW")),
    Entry(
      maskedMove("VMOVDQU16: move under a mask", of: 16),
      moveRows("vmovdqu16", "F2.0F.W1", "6F", "7F", "AVX512BW")),
    Entry(
      maskedMove("VMOVDQU32: move under a mask", of: 32),
      moveRows("vmovdqu32", "F3.0F.W0", "6F", "7F", "AVX512F")),
    Entry(
      maskedMove("VMOVDQU64: move under a mask", of: 64),
      moveRows("vmovdqu64", "F3.0F.W1", "6F", "7F", "AVX512F")),
    comparison("VPCMPB", 8, "3F"), comparison("VPCMPUB", 8, "3E"),
    comparison("VPCMPW", 16, "3F"), comparison("VPCMPUW", 16, "3E"),
    comparison("VPCMPD", 32, "1F"), comparison("VPCMPUD", 32, "1E"),
    comparison("VPCMPQ", 64, "1F"), comparison("VPCMPUQ", 64, "1E"),
    Entry(
      narrowing("VPMOVQD: quadwords to doublewords"),
      [
        Row("vpmovqd xmm1/m64 {k1}{z}, xmm2", "EVEX.128.F3.0F38.W0 35 /r", "AVX512VL AVX512F"),
        Row("vpmovqd xmm1/m128 {k1}{z}, ymm2", "EVEX.256.F3.0F38.W0 35 /r", "AVX512VL AVX512F"),
        Row("vpmovqd ymm1/m256 {k1}{z}, zmm2", "EVEX.512.F3.0F38.W0 35 /r", "AVX512F"),
      ]),
  ]

  /// The element's width of a mnemonic that ends in `d` or `q`.
  private static func logicEntry(
    _ title: String, _ stem: String, _ opcode: String,
    _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Entry {
    let family = vectorFamily(title) { instruction, state in
      let width = instruction.form.mnemonic.hasSuffix("d") ? 32 : 64
      let (left, right) = state.sources(instruction, of: width)
      state.write(instruction, operation(state.terms, left, right), of: width)
    }
    return Entry(
      family,
      evexRows("\(stem)d", "66.0F.W0", "\(opcode) /r", "AVX512F", broadcast: 32)
        + evexRows("\(stem)q", "66.0F.W1", "\(opcode) /r", "AVX512F", broadcast: 64))
  }

  /// Bit `4a + 2b + c` of the immediate is the result for bits a of the destination and b and c of the
  /// sources.
  private static func ternary(_ name: String, _ width: Int) -> Entry {
    let family = vectorFamily("\(name): bitwise function of three by a table") {
      instruction, state in
      let terms = state.terms
      let first = state[instruction[0]]
      let (second, third) = state.sources(instruction, of: width)
      var result = terms.constant(.zero(terms.width(first)))
      for row in 0..<8 where instruction.control >> row & 1 != 0 {
        let a = row & 4 != 0 ? first : terms.not(first)
        let b = row & 2 != 0 ? second : terms.not(second)
        let c = row & 1 != 0 ? third : terms.not(third)
        result = terms.or(result, terms.and(a, terms.and(b, c)))
      }
      state.write(instruction, result, of: width)
    }
    return Entry(
      family,
      evexRows(
        name.lowercased(), "66.0F3A.W\(width / 64)", "25 /r ib", "AVX512F", broadcast: width,
        suffix: ", imm8"))
  }

  /// (VMOVDQA32 and its kind are not here: processors differ in whether a misaligned access of which
  /// no element is selected faults.)
  private static func maskedMove(_ title: String, of width: Int) -> Family {
    vectorFamily(title) { instruction, state in
      state.write(instruction, state.source(instruction, 1, of: width), of: width)
    }
  }

  private static func moveRows(
    _ mnemonic: String, _ prefix: String, _ load: String, _ store: String, _ feature: String
  ) -> [Row] {
    let loads = evexRows(mnemonic, prefix, "\(load) /r", feature, broadcast: 0, .unary)
    let stores = [(128, "xmm"), (256, "ymm"), (512, "zmm")].map { width, name in
      Row(
        "\(mnemonic) \(name)2/m\(width) {k1}{z}, \(name)1", "EVEX.\(width).\(prefix) \(store) /r",
        width == 512 ? feature : "AVX512VL \(feature)")
    }
    return loads + stores
  }

  /// The low three bits of the immediate select the comparison.
  private static func comparison(_ name: String, _ width: Int, _ opcode: String) -> Entry {
    let isUnsigned = name.contains("PU")
    let family = vectorFamily("\(name): compare into a mask") { instruction, state in
      let terms = state.terms
      let (left, right) = state.sources(instruction, of: width)
      let control = instruction.control
      let bits = zip(terms.lanes(left, of: width), terms.lanes(right, of: width)).map { a, b in
        let isLess = isUnsigned ? terms.unsignedLess(a, b) : terms.signedLess(a, b)
        let holds: Term =
          switch control & 3 {
          case 0: terms.equal(a, b)
          case 1: isLess
          case 2: terms.or(isLess, terms.equal(a, b))
          default: terms.false
          }
        return terms.bits(control & 4 == 0 ? holds : terms.not(holds))
      }
      var result = terms.joined(bits)
      if let mask = state.mask(of: instruction) {
        result = terms.and(result, terms.extract(mask, bits.count - 1, 0))
      }
      state[instruction[0]] = terms.zeroExtend(result, to: 64)
    }
    return Entry(family, comparisonRows(name.lowercased(), width, opcode))
  }

  private static func comparisonRows(
    _ mnemonic: String, _ width: Int, _ opcode: String
  ) -> [Row] {
    let element = width < 32 ? "" : "/m\(width)bcst"
    let feature = width < 32 ? "AVX512BW" : "AVX512F"
    return [(128, "xmm"), (256, "ymm"), (512, "zmm")].map { length, name in
      Row(
        "\(mnemonic) k1 {k2}, \(name)2, \(name)3/m\(length)\(element), imm8",
        "EVEX.\(length).66.0F3A.W\(width % 32 == 16 || width == 64 ? 1 : 0) \(opcode) /r ib",
        length == 512 ? feature : "AVX512VL \(feature)")
    }
  }

  private static func narrowing(_ title: String) -> Family {
    vectorFamily(title) { instruction, state in
      let terms = state.terms
      let source = terms.lanes(state[instruction[1]], of: 64)
      state.write(instruction, terms.joined(source.map { terms.extract($0, 31, 0) }), of: 32)
    }
  }
}
