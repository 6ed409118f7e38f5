import MachineModel
import Terms

/// Cache lines, random numbers and the time-stamp counter (Intel SDM, volume 2).
extension Tables {
  static let machine: [Entry] = [
    Entry(flushLine, flushRows),
    Entry(
      randomNumber, feature: "RDRAND", [Row("rdrand r/mv", "NFx 0F C7 /6 11:rrr:bbb")]),
    Entry(
      randomNumber, feature: "RDSEED", [Row("rdseed r/mv", "NFx 0F C7 /7 11:rrr:bbb")]),
    Entry(readTime, [Row("rdtsc", "0F 31"), Row("rdtscp", "0F 01 F9", "RDTSCP")]),
  ]

  /// Contents stay; the address is checked as for the load of a byte.
  private static let flushLine = Family(
    title: "CLFLUSH, CLFLUSHOPT, CLWB: write a cache line back",
    source: "Intel SDM, volume 2, CLFLUSH, CLFLUSHOPT, CLWB", tier: "T2"
  ) { instruction, state in
    _ = state.read(instruction, 0)
  }

  // swift-format-ignore
  private static let flushRows: [Row] = [
    Row("clflush m8",     "NP 0F AE /7",      "CLFSH"),
    Row("clflushopt m8",  "NFx 66 0F AE /7",  "CLFLUSHOPT"),
    Row("clwb m8",        "NFx 66 0F AE /6",  "CLWB"),
  ]

  /// Any number, or zero where none was there.
  private static let randomNumber = Family(
    title: "RDRAND, RDSEED: random number", source: "Intel SDM, volume 2, RDRAND, RDSEED",
    tier: "T2", flags: FlagEffects(writes: [.pf, .af, .zf, .sf, .of], undefined: [.cf])
  ) { instruction, state in
    let (terms, width) = (state.terms, instruction.width)
    let number = state.undefined(.bitVector(width), "the number of \(instruction.form.mnemonic)")
    let isThere = state.undefined(.bool, "whether \(instruction.form.mnemonic) has a number")
    state[instruction[0]] = terms.ifThenElse(isThere, number, terms.constant(0, width: width))
    for flag in Set.status { state[flag] = terms.false }
    state[.cf] = isThere
  }

  /// Any number; where the system forbids it (CR4.TSD), it faults, which Linux by default does not.
  private static let readTime = Family(
    title: "RDTSC, RDTSCP: read the time-stamp counter",
    source: "Intel SDM, volume 2, RDTSC, RDTSCP", tier: "T2"
  ) { instruction, state in
    let hasProcessor = instruction.form.mnemonic == "rdtscp"
    for register in [Register.eax, .edx] + (hasProcessor ? [.ecx] : []) {
      state[register] = state.undefined(
        .bitVector(32), "\(register.name) of the time-stamp counter")
    }
  }
}
