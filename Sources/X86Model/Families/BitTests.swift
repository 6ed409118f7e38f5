import MachineModel
import Terms

/// BT, BTS, BTR, BTC, BSF, BSR (Intel SDM, volume 2).
extension Tables {
  static let bitTests: [Entry] = [
    Entry(bitTest("BT: bit test", nil), bitTestRows("bt", "A3", 4)),
    Entry(bitTest("BTS: bit test and set") { $0.or($1, $2) }, bitTestRows("bts", "AB", 5)),
    Entry(
      bitTest("BTR: bit test and reset") { $0.and($1, $0.not($2)) },
      bitTestRows("btr", "B3", 6)),
    Entry(
      bitTest("BTC: bit test and complement") { $0.xor($1, $2) }, bitTestRows("btc", "BB", 7)),
    Entry(bitScan("BSF: bit scan forward", forward: true), [Row("bsf rv, r/mv", "NFx 0F BC /r")]),
    Entry(bitScan("BSR: bit scan reverse", forward: false), [Row("bsr rv, r/mv", "NFx 0F BD /r")]),
  ]

  private static func bitTestRows(_ name: String, _ opcode: String, _ digit: Int) -> [Row] {
    [
      Row("\(name) r/mv, rv", "0F \(opcode) /r"),
      Row("\(name) r/mv, imm8", "0F BA /\(digit) ib"),
    ]
  }

  /// Combines the operand with the mask of the selected bit.
  private typealias Change = @Sendable (TermManager, Term, Term) -> Term

  private static func bitTest(_ title: String, _ change: Change?) -> Family {
    Family(
      title: title, source: "Intel SDM, volume 2", tier: "T1b",
      flags: FlagEffects(writes: [.cf], undefined: [.pf, .af, .sf, .of])
    ) { instruction, state in
      let (terms, width) = (state.terms, instruction.width)
      let offset = state.read(instruction, 1)
      let log = width.trailingZeroBitCount
      let place = state.bitString(instruction, offset)
      let value = place.map { state.load($0, byteCount: width / 8) } ?? state.read(instruction, 0)
      let index = terms.zeroExtend(terms.extract(offset, log - 1, 0), to: width)
      if let change {
        let mask = terms.shiftLeft(terms.constant(1, width: width), index)
        let result = change(terms, value, mask)
        if let place { state.store(place, result) } else { state[instruction[0]] = result }
      }
      state[.cf] = terms.bit(terms.logicalShiftRight(value, index), 0)
      state.setUndefined(.pf, .af, .sf, .of, by: instruction)
    }
  }

  private static func bitScan(_ title: String, forward: Bool) -> Family {
    Family(
      title: title + "; for zero the target stays", source: "Intel SDM, volume 2", tier: "T1b",
      flags: FlagEffects(writes: [.zf], undefined: [.cf, .pf, .af, .sf, .of])
    ) { instruction, state in
      let terms = state.terms
      let source = state.read(instruction, 1)
      let isZero = terms.equal(source, terms.constant(0, width: instruction.width))
      let index = terms.firstBit(of: source, forward: forward)
      guard case .register(let target) = instruction[0], let cell = target.cell else { return }
      // "Unmodified" since 2024, as AMD always said; the upper half of a 32-bit target is kept by some
      // processors and cleared by others.
      var kept = state[cell]
      if target.width == 32 {
        let upper = state.undefined(.bitVector(32), "\(instruction.form.mnemonic) of zero")
        kept = terms.concat(upper, terms.extract(kept, 31, 0))
      }
      state[target] = index
      state[cell] = terms.ifThenElse(isZero, kept, state[cell])
      state[.zf] = isZero
      state.setUndefined(.cf, .pf, .af, .sf, .of, by: instruction)
    }
  }
}

extension MachineState {
  /// Where a register's bit offset into memory leads: the signed offset counts whole operands from
  /// the address. Nil for a register operand or an immediate offset, which wraps.
  func bitString(_ instruction: Instruction, _ offset: Term) -> Term? {
    guard case .memory(let memory) = instruction[0], case .register = instruction[1] else {
      return nil
    }
    let log = instruction.width.trailingZeroBitCount
    let steps = terms.signExtend(terms.arithmeticShiftRight(offset, by: log), to: 64)
    let start = terms.add(address(of: memory), terms.shiftLeft(steps, by: log - 3))
    return terms.zeroExtend(terms.extract(start, memory.addressWidth - 1, 0), to: 64)
  }
}

extension TermManager {
  /// The index of the lowest (or highest) set bit, at the same width; for zero the index of the
  /// last bit looked at.
  func firstBit(of value: Term, forward: Bool) -> Term {
    let width = width(value)
    let order = forward ? Array((0..<width).reversed()) : Array(0..<width)
    return order.dropFirst().reduce(constant(UInt64(order[0]), width: width)) {
      ifThenElse(bit(value, $1), constant(UInt64($1), width: width), $0)
    }
  }
}
