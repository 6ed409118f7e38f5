import MachineModel
import Terms

/// MUL, IMUL, DIV, IDIV and the extensions of the accumulator (Intel SDM, volume 2).
extension Tables {
  static let multiplication: [Entry] = [
    Entry(multiplyWide("MUL: unsigned multiply", signed: false), unaryRows("mul", "F6", "F7", 4)),
    Entry(multiplyWide("IMUL: signed multiply", signed: true), unaryRows("imul", "F6", "F7", 5)),
    Entry(multiply, multiplyRows),
    Entry(division("DIV: unsigned divide", signed: false), unaryRows("div", "F6", "F7", 6)),
    Entry(division("IDIV: signed divide", signed: true), unaryRows("idiv", "F6", "F7", 7)),
    Entry(extendAccumulator, extendRows), Entry(extendIntoData, dataRows),
  ]

  /// CF and OF say whether the product fits one operand; the rest is undefined.
  private static let productFlags = FlagEffects(
    writes: [.cf, .of], undefined: [.sf, .zf, .af, .pf])

  private static func multiplyWide(_ title: String, signed: Bool) -> Family {
    Family(title: title, source: "Intel SDM, volume 2", tier: "T1", flags: productFlags) {
      instruction, state in
      let width = instruction.width
      let left = state[.accumulator(width)]
      let right = state.read(instruction, 0)
      let product = state.product(left, right, signed: signed, by: instruction)
      if width == 8 {
        state[.ax] = product
      } else {
        state[.data(width)] = state.terms.extract(product, 2 * width - 1, width)
        state[.accumulator(width)] = state.terms.extract(product, width - 1, 0)
      }
    }
  }

  private static let multiply = Family(
    title: "IMUL: signed multiply, low half", source: "Intel SDM, volume 2, IMUL", tier: "T1",
    flags: productFlags
  ) { instruction, state in
    let last = instruction.operands.count - 1
    let (left, right) = (state.read(instruction, last - 1), state.read(instruction, last))
    let product = state.product(left, right, signed: true, by: instruction)
    state[instruction[0]] = state.terms.extract(product, instruction.width - 1, 0)
  }

  // swift-format-ignore
  private static let multiplyRows: [Row] = [
    Row("imul rv, r/mv",         "0F AF /r"),
    Row("imul rv, r/mv, imm8",   "6B /r ib"),
    Row("imul rv, r/mv, immz",   "69 /r iz"),
  ]

  private static func division(_ title: String, signed: Bool) -> Family {
    Family(
      title: title, source: "Intel SDM, volume 2", tier: "T1",
      flags: FlagEffects(undefined: .status)
    ) { instruction, state in
      let width = instruction.width
      let low = state[.accumulator(width)]
      let high = width == 8 ? state[.ah] : state[.data(width)]
      let divisor = state.read(instruction, 0)
      let result =
        signed
        ? state.divide(signed: high, low, by: divisor)
        : state.divide(unsigned: high, low, by: divisor)
      state[.accumulator(width)] = result.quotient
      state[width == 8 ? .ah : .data(width)] = result.remainder
      state.setUndefined(.cf, .pf, .af, .zf, .sf, .of, by: instruction)
    }
  }

  private static let extendAccumulator = Family(
    title: "CBW, CWDE, CDQE: sign-extend the accumulator",
    source: "Intel SDM, volume 2, CBW/CWDE/CDQE", tier: "T1"
  ) { instruction, state in
    let width = instruction.implicitWidth
    let half = state[.accumulator(width / 2)]
    state[.accumulator(width)] = state.terms.signExtend(half, to: width)
  }

  // swift-format-ignore
  private static let extendRows: [Row] = [
    Row("cbw",   "66 98"),
    Row("cwde",  "98"),
    Row("cdqe",  "REX.W + 98"),
  ]

  private static let extendIntoData = Family(
    title: "CWD, CDQ, CQO: sign of the accumulator into the data register",
    source: "Intel SDM, volume 2, CWD/CDQ/CQO", tier: "T1"
  ) { instruction, state in
    let width = instruction.implicitWidth
    let wide = state.terms.signExtend(state[.accumulator(width)], to: 2 * width)
    state[.data(width)] = state.terms.extract(wide, 2 * width - 1, width)
  }

  // swift-format-ignore
  private static let dataRows: [Row] = [
    Row("cwd",  "66 99"),
    Row("cdq",  "99"),
    Row("cqo",  "REX.W + 99"),
  ]
}

extension Instruction {
  /// The operation's width in bits for a form without operands, as its encoding says.
  var implicitWidth: Int {
    form.encoding.hasPrefix("REX.W") ? 64 : form.encoding.hasPrefix("66") ? 16 : 32
  }
}

extension MachineState {
  /// The double-width product; sets CF and OF, leaves the other status flags undefined.
  mutating func product(
    _ left: Term, _ right: Term, signed: Bool, by instruction: Instruction
  ) -> Term {
    let width = terms.width(left)
    func extended(_ term: Term) -> Term {
      signed ? terms.signExtend(term, to: 2 * width) : terms.zeroExtend(term, to: 2 * width)
    }
    let product = terms.multiply(extended(left), extended(right))
    let fits = terms.equal(extended(terms.extract(product, width - 1, 0)), product)
    self[.cf] = terms.not(fits)
    self[.of] = terms.not(fits)
    setUndefined(.sf, .zf, .af, .pf, by: instruction)
    return product
  }
}
