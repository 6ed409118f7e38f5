/// What assemblers accept beyond the manual: LDR and STR with an offset that only LDUR and STUR
/// have. Never printed.
extension ARM64 {
  static let unscaledAliases: [Alias] = [
    ("strb <Wt>", "00", "00"), ("ldrb <Wt>", "00", "01"), ("ldrsb <Xt>", "00", "10"),
    ("ldrsb <Wt>", "00", "11"), ("strh <Wt>", "01", "00"), ("ldrh <Wt>", "01", "01"),
    ("ldrsh <Xt>", "01", "10"), ("ldrsh <Wt>", "01", "11"), ("str <Wt>", "10", "00"),
    ("ldr <Wt>", "10", "01"), ("ldrsw <Xt>", "10", "10"), ("str <Xt>", "11", "00"),
    ("ldr <Xt>", "11", "01"), ("prfm <prfop>", "11", "10"),
  ].map { start, size, opc in
    Alias(
      "\(start), [<Xn|SP>{, #<simm>}]", "\(size) 111 0 00 \(opc) 0 imm9:9 00 Rn:5 Rt:5",
      isPreferred: false)
  }
}
