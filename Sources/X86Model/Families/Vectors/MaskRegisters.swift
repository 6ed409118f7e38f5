import MachineModel
import Terms

/// Instructions on mask registers, in four widths (Intel SDM, volume 2, KMOVW and its kind).
extension Tables {
  static let maskRegisters: [Entry] =
    [
      Entry(maskMove("KMOVB", 8), maskMoveRows("b", 8)),
      Entry(maskMove("KMOVW", 16), maskMoveRows("w", 16)),
      Entry(maskMove("KMOVD", 32), maskMoveRows("d", 32)),
      Entry(maskMove("KMOVQ", 64), maskMoveRows("q", 64)),
      maskLogic("KAND", "41") { $0.and($1, $2) },
      maskLogic("KANDN", "42") { $0.and($0.not($1), $2) },
      maskLogic("KOR", "45") { $0.or($1, $2) },
      maskLogic("KXNOR", "46") { $0.not($0.xor($1, $2)) },
      maskLogic("KXOR", "47") { $0.xor($1, $2) },
      maskLogic("KADD", "4A", needsDQ: true) { $0.add($1, $2) },
      maskComplement, maskUnpack, maskOrTest, maskTest,
    ] + [maskShift("KSHIFTL", "32", "33"), maskShift("KSHIFTR", "30", "31")]

  /// A width by its letter, with the prefix and W that select it.
  private struct MaskWidth {
    let letter: String
    let width: Int
    let prefix: String
    let wide: String
    let feature: String
  }

  private static let maskWidths = [
    MaskWidth(letter: "b", width: 8, prefix: "66.0F", wide: "W0", feature: "AVX512DQ"),
    MaskWidth(letter: "w", width: 16, prefix: "0F", wide: "W0", feature: "AVX512F"),
    MaskWidth(letter: "d", width: 32, prefix: "66.0F", wide: "W1", feature: "AVX512BW"),
    MaskWidth(letter: "q", width: 64, prefix: "0F", wide: "W1", feature: "AVX512BW"),
  ]

  private static func maskFamily(
    _ title: String, flags: FlagEffects = FlagEffects(),
    execute: @escaping @Sendable (Instruction, inout MachineState) -> Void
  ) -> Family {
    vectorFamily(title, tier: "T6", flags: flags, execute: execute)
  }

  /// The width by the last letter of the mnemonic.
  private static func maskWidth(_ instruction: Instruction) -> Int {
    maskWidths.first { instruction.form.mnemonic.hasSuffix($0.letter) }?.width ?? 64
  }

  private static func maskMove(_ name: String, _ width: Int) -> Family {
    maskFamily("\(name): move a mask") { instruction, state in
      let low = state.terms.extract(state[instruction[1]], width - 1, 0)
      state[instruction[0]] = state.terms.zeroExtend(low, to: instruction.width)
    }
  }

  private static func maskMoveRows(_ letter: String, _ width: Int) -> [Row] {
    guard let kind = maskWidths.first(where: { $0.width == width }) else { return [] }
    let memory = "VEX.L0.\(kind.prefix).\(kind.wide)"
    let general =
      switch width {
      case 8: "VEX.L0.66.0F.W0"
      case 16: "VEX.L0.0F.W0"
      case 32: "VEX.L0.F2.0F.W0"
      default: "VEX.L0.F2.0F.W1"
      }
    let register = width == 64 ? "64" : "32"
    return [
      Row("kmov\(letter) k1, k2/m\(width)", "\(memory) 90 /r", kind.feature),
      Row("kmov\(letter) m\(width), k1", "\(memory) 91 /r", kind.feature),
      Row("kmov\(letter) k1, r/m\(register)", "\(general) 92 /r 11:rrr:bbb", kind.feature),
      Row("kmov\(letter) r\(register), k1", "\(general) 93 /r", kind.feature),
    ]
  }

  /// The result at its width, with zeros above.
  private static func maskLogic(
    _ name: String, _ opcode: String, needsDQ: Bool = false,
    _ operation: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Entry {
    let family = maskFamily("\(name): combine masks") { instruction, state in
      let (terms, width) = (state.terms, maskWidth(instruction))
      let left = terms.extract(state[instruction[1]], width - 1, 0)
      let right = terms.extract(state[instruction[2]], width - 1, 0)
      state[instruction[0]] = terms.zeroExtend(operation(terms, left, right), to: 64)
    }
    let rows = maskWidths.map { kind in
      Row(
        "\(name.lowercased())\(kind.letter) k1, k2, k3",
        "VEX.L1.\(kind.prefix).\(kind.wide) \(opcode) /r",
        needsDQ && kind.width == 16 ? "AVX512DQ" : kind.feature)
    }
    return Entry(family, rows)
  }

  private static let maskComplement = Entry(
    maskFamily("KNOT: complement of a mask") { instruction, state in
      let (terms, width) = (state.terms, maskWidth(instruction))
      let value = terms.not(terms.extract(state[instruction[1]], width - 1, 0))
      state[instruction[0]] = terms.zeroExtend(value, to: 64)
    }, pairRows("knot", "44"))

  private static func pairRows(
    _ stem: String, _ opcode: String, needsDQ: Bool = false
  ) -> [Row] {
    maskWidths.map { kind in
      Row(
        "\(stem)\(kind.letter) k1, k2", "VEX.L0.\(kind.prefix).\(kind.wide) \(opcode) /r",
        needsDQ && kind.width == 16 ? "AVX512DQ" : kind.feature)
    }
  }

  /// The second source is the low half.
  private static let maskUnpack = Entry(
    maskFamily("KUNPCK: two masks as one of twice the width") { instruction, state in
      let (terms, width) = (state.terms, maskWidth(instruction) / 2)
      let high = terms.extract(state[instruction[1]], width - 1, 0)
      let low = terms.extract(state[instruction[2]], width - 1, 0)
      state[instruction[0]] = terms.zeroExtend(terms.concat(high, low), to: 64)
    },
    [
      Row("kunpckbw k1, k2, k3", "VEX.L1.66.0F.W0 4B /r", "AVX512F"),
      Row("kunpckwd k1, k2, k3", "VEX.L1.0F.W0 4B /r", "AVX512BW"),
      Row("kunpckdq k1, k2, k3", "VEX.L1.0F.W1 4B /r", "AVX512BW"),
    ])

  private static let maskOrTest = Entry(
    maskFamily("KORTEST: whether a union is empty or full", flags: FlagEffects(writes: .status)) {
      instruction, state in
      let (terms, width) = (state.terms, maskWidth(instruction))
      let value = terms.extract(
        terms.or(state[instruction[0]], state[instruction[1]]), width - 1, 0)
      state.setMaskFlags(
        zero: terms.equal(value, terms.constant(0, width: width)),
        carry: terms.equal(value, terms.constant(.ones(width))))
    }, pairRows("kortest", "98"))

  private static let maskTest = Entry(
    maskFamily("KTEST: flags of masks combined", flags: FlagEffects(writes: .status)) {
      instruction, state in
      let (terms, width) = (state.terms, maskWidth(instruction))
      let (first, second) = (state[instruction[0]], state[instruction[1]])
      func isEmpty(_ value: Term) -> Term {
        terms.equal(terms.extract(value, width - 1, 0), terms.constant(0, width: width))
      }
      state.setMaskFlags(
        zero: isEmpty(terms.and(second, first)),
        carry: isEmpty(terms.and(second, terms.not(first))))
    }, pairRows("ktest", "99", needsDQ: true))

  /// A count beyond the width leaves nothing.
  private static func maskShift(_ name: String, _ small: String, _ large: String) -> Entry {
    let family = maskFamily("\(name): shift a mask") { instruction, state in
      let (terms, width) = (state.terms, maskWidth(instruction))
      let value = terms.extract(state[instruction[1]], width - 1, 0)
      let count = Swift.min(width, instruction.control)
      let result =
        name == "KSHIFTL"
        ? terms.shiftLeft(value, by: count) : terms.logicalShiftRight(value, by: count)
      state[instruction[0]] = terms.zeroExtend(result, to: 64)
    }
    let stem = name.lowercased()
    return Entry(
      family,
      [
        Row("\(stem)b k1, k2, imm8", "VEX.L0.66.0F3A.W0 \(small) /r ib", "AVX512DQ"),
        Row("\(stem)w k1, k2, imm8", "VEX.L0.66.0F3A.W1 \(small) /r ib", "AVX512F"),
        Row("\(stem)d k1, k2, imm8", "VEX.L0.66.0F3A.W0 \(large) /r ib", "AVX512BW"),
        Row("\(stem)q k1, k2, imm8", "VEX.L0.66.0F3A.W1 \(large) /r ib", "AVX512BW"),
      ])
  }
}

extension MachineState {
  /// ZF and CF, and the other status flags clear.
  fileprivate mutating func setMaskFlags(zero: Term, carry: Term) {
    self[.zf] = zero
    self[.cf] = carry
    for flag in [Flag.pf, .af, .sf, .of] { self[flag] = terms.false }
  }
}
