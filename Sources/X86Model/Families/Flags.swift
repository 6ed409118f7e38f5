import MachineModel
import Terms

/// LAHF, SAHF, STC, CLC, CMC, CLD, STD, JRCXZ, LOOP, XLAT, MOVNTI (Intel SDM, volume 2).
extension Tables {
  /// The names of LOOP, LOOPcc and XLATB with a 67 prefix (`loopd`, `xlatbd`) are ours: the manual
  /// has none.
  static let flagsAndLoops: [Entry] = [
    Entry(setFlag("STC: set CF", .cf, true), [Row("stc", "F9")]),
    Entry(setFlag("CLC: clear CF", .cf, false), [Row("clc", "F8")]),
    Entry(setFlag("STD: set DF", .df, true), [Row("std", "FD")]),
    Entry(setFlag("CLD: clear DF", .df, false), [Row("cld", "FC")]),
    Entry(complementCarry, [Row("cmc", "F5")]),
    Entry(loadFlags, feature: "LAHF-SAHF", [Row("lahf", "9F")]),
    Entry(storeFlags, feature: "LAHF-SAHF", [Row("sahf", "9E")]),
    Entry(jumpIfZero, [Row("jrcxz rel8", "E3 cb"), Row("jecxz rel8", "67 E3 cb")]),
    Entry(loop("LOOP: count down and jump", nil), loopRows("loop", "E2")),
    Entry(loop("LOOPE: count down and jump if equal", true), loopRows("loope", "E1")),
    Entry(loop("LOOPNE: count down and jump if not equal", false), loopRows("loopne", "E0")),
    Entry(translate, [Row("xlatb", "D7"), Row("xlatbd", "67 D7")]),
    Entry(
      moveNonTemporal, feature: "SSE2",
      [Row("movnti m32, r32", "NP 0F C3 /r"), Row("movnti m64, r64", "REX.W + NP 0F C3 /r")]),
  ]

  private static func setFlag(_ title: String, _ flag: Flag, _ value: Bool) -> Family {
    Family(
      title: title, source: "Intel SDM, volume 2", tier: "T1b",
      flags: FlagEffects(writes: [flag])
    ) { _, state in
      state[flag] = state.terms.bool(value)
    }
  }

  private static let complementCarry = Family(
    title: "CMC: complement CF", source: "Intel SDM, volume 2, CMC", tier: "T1b",
    flags: FlagEffects(reads: [.cf], writes: [.cf])
  ) { _, state in
    state[.cf] = state.terms.not(state[.cf])
  }

  private static let loadFlags = Family(
    title: "LAHF: status flags into AH", source: "Intel SDM, volume 2, LAHF", tier: "T1b",
    flags: FlagEffects(reads: [.sf, .zf, .af, .pf, .cf])
  ) { _, state in
    let terms = state.terms
    let bits = [Flag.sf, .zf, nil, .af, nil, .pf].map { flag in
      flag.map { terms.bits(state[$0]) } ?? terms.constant(0, width: 1)
    }
    // Bit 1 reads as one.
    state[.ah] = terms.concat(bits + [terms.constant(1, width: 1), terms.bits(state[.cf])])
  }

  private static let storeFlags = Family(
    title: "SAHF: AH into status flags", source: "Intel SDM, volume 2, SAHF", tier: "T1b",
    flags: FlagEffects(writes: [.sf, .zf, .af, .pf, .cf])
  ) { _, state in
    let value = state[.ah]
    for (flag, bit) in [(Flag.sf, 7), (.zf, 6), (.af, 4), (.pf, 2), (.cf, 0)] {
      state[flag] = state.terms.bit(value, bit)
    }
  }

  private static let jumpIfZero = Family(
    title: "JRCXZ, JECXZ: jump if the counter is zero", source: "Intel SDM, volume 2, Jcc",
    tier: "T1b", flow: .conditionalJump
  ) { instruction, state in
    let counter = state[instruction.counter]
    let isZero = state.terms.equal(
      counter, state.terms.constant(0, width: state.terms.width(counter)))
    state.branch(to: state.read(instruction, 0), if: isZero)
  }

  private static func loopRows(_ name: String, _ opcode: String) -> [Row] {
    [Row("\(name) rel8", "\(opcode) cb"), Row("\(name)d rel8", "67 \(opcode) cb")]
  }

  /// Counts down and jumps unless zero; on ZF being `zero` as well where that is given.
  private static func loop(_ title: String, _ zero: Bool?) -> Family {
    Family(
      title: title, source: "Intel SDM, volume 2, LOOP/LOOPcc", tier: "T1b",
      flags: FlagEffects(reads: zero == nil ? [] : [.zf]), flow: .conditionalJump
    ) { instruction, state in
      let terms = state.terms
      let counter = instruction.counter
      let one = terms.constant(1, width: counter.width)
      // The counter is compared before it is written: its upper half does not matter.
      let left = terms.subtract(state[counter], one)
      state[counter] = left
      var condition = terms.distinct(left, terms.constant(0, width: counter.width))
      if let zero {
        condition = terms.and(condition, zero ? state[.zf] : terms.not(state[.zf]))
      }
      state.branch(to: state.read(instruction, 0), if: condition)
    }
  }

  private static let translate = Family(
    title: "XLATB: table look-up", source: "Intel SDM, volume 2, XLAT/XLATB", tier: "T1b"
  ) { instruction, state in
    let width = instruction.counter.width
    let base = state.terms.extract(state[.rbx], width - 1, 0)
    let address = state.terms.add(base, state.terms.zeroExtend(state[.al], to: width))
    state[.al] = state.load(state.terms.zeroExtend(address, to: 64), byteCount: 1)
  }

  private static let moveNonTemporal = Family(
    title: "MOVNTI: store with a non-temporal hint", source: "Intel SDM, volume 2, MOVNTI",
    tier: "T1b"
  ) { instruction, state in
    state[instruction[0]] = state.read(instruction, 1)
  }
}

extension Instruction {
  /// `rcx`, or `ecx` with a 67 prefix that the form demands.
  var counter: Register { form.encoding.hasPrefix("67") ? .ecx : .rcx }
}
