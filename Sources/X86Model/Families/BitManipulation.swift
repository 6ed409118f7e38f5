import MachineModel
import Terms

/// BMI1 and BMI2, POPCNT, LZCNT, TZCNT (Intel SDM, volume 2).
extension Tables {
  static let bitManipulation: [Entry] = [
    Entry(
      countZeros("TZCNT: trailing zeros", forward: true), feature: "BMI1",
      [Row("tzcnt rv, r/mv", "F3 0F BC /r")]),
    Entry(
      countZeros("LZCNT: leading zeros", forward: false), feature: "LZCNT",
      [Row("lzcnt rv, r/mv", "F3 0F BD /r")]),
    Entry(populationCount, feature: "POPCNT", [Row("popcnt rv, r/mv", "F3 0F B8 /r")]),
    Entry(andNot, feature: "BMI1", vexRows("andn rq, rqb, r/mq", "NP.0F38", "F2 /r")),
    Entry(
      lowest("BLSR: reset the lowest set bit") { $0.and($1, $2) },
      feature: "BMI1", vexRows("blsr rqb, r/mq", "NP.0F38", "F3 /1")),
    Entry(
      lowest("BLSMSK: mask up to the lowest set bit") { $0.xor($1, $2) },
      feature: "BMI1", vexRows("blsmsk rqb, r/mq", "NP.0F38", "F3 /2")),
    Entry(lowestIsolated, feature: "BMI1", vexRows("blsi rqb, r/mq", "NP.0F38", "F3 /3")),
    Entry(extractField, feature: "BMI1", vexRows("bextr rq, r/mq, rqb", "NP.0F38", "F7 /r")),
    Entry(zeroHigh, feature: "BMI2", vexRows("bzhi rq, r/mq, rqb", "NP.0F38", "F5 /r")),
    Entry(
      plainShift("SHLX: shift left, no flags") { $0.shiftLeft($1, $2) },
      feature: "BMI2", vexRows("shlx rq, r/mq, rqb", "66.0F38", "F7 /r")),
    Entry(
      plainShift("SHRX: logical shift right, no flags") { $0.logicalShiftRight($1, $2) },
      feature: "BMI2", vexRows("shrx rq, r/mq, rqb", "F2.0F38", "F7 /r")),
    Entry(
      plainShift("SARX: arithmetic shift right, no flags") { $0.arithmeticShiftRight($1, $2) },
      feature: "BMI2", vexRows("sarx rq, r/mq, rqb", "F3.0F38", "F7 /r")),
    Entry(plainRotation, feature: "BMI2", vexRows("rorx rq, r/mq, imm8", "F2.0F3A", "F0 /r ib")),
    Entry(plainProduct, feature: "BMI2", vexRows("mulx rq, rqb, r/mq", "F2.0F38", "F6 /r")),
    Entry(deposit, feature: "BMI2", vexRows("pdep rq, rqb, r/mq", "F2.0F38", "F5 /r")),
    Entry(extractBits, feature: "BMI2", vexRows("pext rq, rqb, r/mq", "F3.0F38", "F5 /r")),
  ]

  /// The 32- and the 64-bit row of a VEX instruction; `q` stands for the width.
  static func vexRows(_ syntax: String, _ prefix: String, _ opcode: String) -> [Row] {
    [(32, "W0"), (64, "W1")].map { width, wide in
      var text: [UInt8] = []
      var isMnemonic = true
      for byte in syntax.utf8 {
        if byte == UInt8(ascii: " ") { isMnemonic = false }
        if byte == UInt8(ascii: "q"), !isMnemonic {
          text += String(width).utf8
        } else {
          text.append(byte)
        }
      }
      return Row(
        String(decoding: text, as: UTF8.self), "VEX.LZ.\(prefix).\(wide) \(opcode)")
    }
  }

  private static func countZeros(_ title: String, forward: Bool) -> Family {
    Family(
      title: title, source: "Intel SDM, volume 2", tier: "T2",
      flags: FlagEffects(writes: [.cf, .zf], undefined: [.pf, .af, .sf, .of])
    ) { instruction, state in
      let (terms, width) = (state.terms, instruction.width)
      let source = state.read(instruction, 1)
      let isZero = terms.equal(source, terms.constant(0, width: width))
      let index = terms.firstBit(of: source, forward: forward)
      let top = terms.constant(UInt64(width - 1), width: width)
      let count = forward ? index : terms.subtract(top, index)
      let result = terms.ifThenElse(isZero, terms.constant(UInt64(width), width: width), count)
      state[instruction[0]] = result
      state[.cf] = isZero
      state[.zf] = terms.equal(result, terms.constant(0, width: width))
      state.setUndefined(.pf, .af, .sf, .of, by: instruction)
    }
  }

  private static let populationCount = Family(
    title: "POPCNT: number of ones", source: "Intel SDM, volume 2, POPCNT", tier: "T2",
    flags: FlagEffects(writes: .status)
  ) { instruction, state in
    let (terms, width) = (state.terms, instruction.width)
    let source = state.read(instruction, 1)
    state[instruction[0]] = (0..<width).reduce(terms.constant(0, width: width)) {
      terms.add($0, terms.zeroExtend(terms.extract(source, $1, $1), to: width))
    }
    for flag in [Flag.cf, .pf, .af, .sf, .of] { state[flag] = terms.false }
    state[.zf] = terms.equal(source, terms.constant(0, width: width))
  }

  private static let andNot = Family(
    title: "ANDN: and with the complement", source: "Intel SDM, volume 2, ANDN", tier: "T2",
    flags: FlagEffects(writes: [.cf, .zf, .sf, .of], undefined: [.pf, .af])
  ) { instruction, state in
    let (left, right) = (state.read(instruction, 1), state.read(instruction, 2))
    let result = state.terms.and(state.terms.not(left), right)
    state[instruction[0]] = result
    state.setBitFlags(result, carry: state.terms.false, by: instruction)
  }

  /// Combines the source with the source minus one; CF says that the source was zero.
  private static func lowest(
    _ title: String, _ combine: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Family {
    Family(
      title: title, source: "Intel SDM, volume 2", tier: "T2",
      flags: FlagEffects(writes: [.cf, .zf, .sf, .of], undefined: [.pf, .af])
    ) { instruction, state in
      let (terms, width) = (state.terms, instruction.width)
      let source = state.read(instruction, 1)
      let below = terms.subtract(source, terms.constant(1, width: width))
      let result = combine(terms, source, below)
      state[instruction[0]] = result
      let isZero = terms.equal(source, terms.constant(0, width: width))
      state.setBitFlags(result, carry: isZero, by: instruction)
    }
  }

  private static let lowestIsolated = Family(
    title: "BLSI: isolate the lowest set bit", source: "Intel SDM, volume 2, BLSI", tier: "T2",
    flags: FlagEffects(writes: [.cf, .zf, .sf, .of], undefined: [.pf, .af])
  ) { instruction, state in
    let (terms, width) = (state.terms, instruction.width)
    let source = state.read(instruction, 1)
    let result = terms.and(source, terms.negate(source))
    state[instruction[0]] = result
    // CF is set for a source that is not zero.
    let carry = terms.distinct(source, terms.constant(0, width: width))
    state.setBitFlags(result, carry: carry, by: instruction)
  }

  private static let extractField = Family(
    title: "BEXTR: extract a bit field", source: "Intel SDM, volume 2, BEXTR", tier: "T2",
    flags: FlagEffects(writes: [.cf, .zf, .of], undefined: [.pf, .af, .sf])
  ) { instruction, state in
    let (terms, width) = (state.terms, instruction.width)
    let (source, control) = (state.read(instruction, 1), state.read(instruction, 2))
    let start = terms.zeroExtend(terms.extract(control, 7, 0), to: width)
    let length = terms.zeroExtend(terms.extract(control, 15, 8), to: width)
    let ones = terms.constant(BitVector.ones(width))
    let mask = terms.not(terms.shiftLeft(ones, length))
    let result = terms.and(terms.logicalShiftRight(source, start), mask)
    state[instruction[0]] = result
    state.setBitFlags(result, carry: terms.false, by: instruction)
    state.setUndefined(.sf, by: instruction)
  }

  private static let zeroHigh = Family(
    title: "BZHI: zero the bits from an index", source: "Intel SDM, volume 2, BZHI", tier: "T2",
    flags: FlagEffects(writes: [.cf, .zf, .sf, .of], undefined: [.pf, .af])
  ) { instruction, state in
    let (terms, width) = (state.terms, instruction.width)
    let (source, control) = (state.read(instruction, 1), state.read(instruction, 2))
    let index = terms.zeroExtend(terms.extract(control, 7, 0), to: width)
    let mask = terms.not(terms.shiftLeft(terms.constant(BitVector.ones(width)), index))
    let result = terms.and(source, mask)
    state[instruction[0]] = result
    let last = terms.constant(UInt64(width - 1), width: width)
    state.setBitFlags(result, carry: terms.unsignedLess(last, index), by: instruction)
  }

  private static func plainShift(
    _ title: String, _ shift: @escaping @Sendable (TermManager, Term, Term) -> Term
  ) -> Family {
    Family(title: title, source: "Intel SDM, volume 2, SARX/SHLX/SHRX", tier: "T2") {
      instruction, state in
      let (value, control) = (state.read(instruction, 1), state.read(instruction, 2))
      let count = state.masked(control, width: instruction.width)
      state[instruction[0]] = shift(state.terms, value, count.value)
    }
  }

  private static let plainRotation = Family(
    title: "RORX: rotate right, no flags", source: "Intel SDM, volume 2, RORX", tier: "T2"
  ) { instruction, state in
    guard case .immediate(let count) = instruction[2] else { return }
    let width = instruction.width
    let turn = width - Int(count.low) % width
    state[instruction[0]] = state.terms.rotateLeft(state.read(instruction, 1), by: turn)
  }

  private static let plainProduct = Family(
    title: "MULX: unsigned multiply, no flags", source: "Intel SDM, volume 2, MULX", tier: "T2"
  ) { instruction, state in
    let (terms, width) = (state.terms, instruction.width)
    let left = terms.zeroExtend(state[.data(width)], to: 2 * width)
    let right = terms.zeroExtend(state.read(instruction, 2), to: 2 * width)
    let product = terms.multiply(left, right)
    // The high half is written last: it is what equal destinations hold.
    state[instruction[1]] = terms.extract(product, width - 1, 0)
    state[instruction[0]] = terms.extract(product, 2 * width - 1, width)
  }

  private static let deposit = Family(
    title: "PDEP: deposit bits at a mask", source: "Intel SDM, volume 2, PDEP", tier: "T2"
  ) { instruction, state in
    let terms = state.terms
    let (source, mask) = (state.read(instruction, 1), state.read(instruction, 2))
    let zero = terms.constant(0, width: 1)
    let bits = terms.onesBelow(mask).enumerated().map { index, count in
      terms.ifThenElse(
        terms.bit(mask, index),
        terms.extract(terms.logicalShiftRight(source, count), 0, 0), zero)
    }
    state[instruction[0]] = terms.concat(bits.reversed())
  }

  private static let extractBits = Family(
    title: "PEXT: extract the bits at a mask", source: "Intel SDM, volume 2, PEXT", tier: "T2"
  ) { instruction, state in
    let (terms, width) = (state.terms, instruction.width)
    let (source, mask) = (state.read(instruction, 1), state.read(instruction, 2))
    var result = terms.constant(0, width: width)
    for (index, count) in terms.onesBelow(mask).enumerated() {
      let isTaken = terms.and(terms.bit(mask, index), terms.bit(source, index))
      result = terms.or(result, terms.shiftLeft(terms.bits(isTaken, width: width), count))
    }
    state[instruction[0]] = result
  }
}

extension TermManager {
  /// For each bit of `mask`, how many bits below it are set, at the same width.
  func onesBelow(_ mask: Term) -> [Term] {
    let width = width(mask)
    var counts = [constant(0, width: width)]
    for index in 0..<width - 1 {
      counts.append(add(counts[index], zeroExtend(extract(mask, index, index), to: width)))
    }
    return counts
  }
}

extension MachineState {
  /// SF and ZF of a result, CF as given, OF clear, PF and AF undefined.
  mutating func setBitFlags(_ result: Term, carry: Term, by instruction: Instruction) {
    self[.sf] = terms.isNegative(result)
    self[.zf] = terms.equal(result, terms.constant(0, width: terms.width(result)))
    self[.cf] = carry
    self[.of] = terms.false
    setUndefined(.pf, .af, by: instruction)
  }
}
