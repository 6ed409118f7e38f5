/// Names of hints and barriers, and RET through the link register.
extension ARM64 {
  static let systemAliases: [Alias] =
    [
      Alias("ret", "1101011 0010 11111 000000 11110 00000"),
      Alias("isb", "1101010100 0 00 011 0011 1111 1 10 11111"),
      Alias("isb sy", "1101010100 0 00 011 0011 1111 1 10 11111", isPreferred: false),
      Alias("clrex", "1101010100 0 00 011 0011 1111 0 10 11111"),
      Alias("ssbb", "1101010100 0 00 011 0011 0000 1 00 11111"),
      Alias("pssbb", "1101010100 0 00 011 0011 0100 1 00 11111"),
    ]
    + hints.map { name, number in
      let bits = String(number, radix: 2)
      let padded = String(repeating: "0", count: 7 - bits.utf8.count) + bits
      return Alias(name, "1101010100 0 00 011 0010 \(padded) 11111")
    }

  /// The named encodings of the hint space.
  private static let hints: [(String, Int)] = [
    ("nop", 0), ("yield", 1), ("wfe", 2), ("wfi", 3), ("sev", 4), ("sevl", 5), ("dgh", 6),
    ("xpaclri", 7), ("pacia1716", 8), ("pacib1716", 10), ("autia1716", 12), ("autib1716", 14),
    ("esb", 16), ("psb csync", 17), ("tsb csync", 18), ("csdb", 20), ("paciaz", 24),
    ("paciasp", 25), ("pacibz", 26), ("pacibsp", 27), ("autiaz", 28), ("autiasp", 29),
    ("autibz", 30), ("autibsp", 31), ("bti", 32), ("bti c", 34), ("bti j", 36), ("bti jc", 38),
  ]
}
