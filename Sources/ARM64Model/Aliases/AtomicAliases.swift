/// STADD and its kin: atomics that do not return what memory had. Preferred where they exist, which
/// is not with acquire semantics.
extension ARM64 {
  static let atomicAliases: [Alias] = [
    ("add", "000"), ("clr", "001"), ("eor", "010"), ("set", "011"), ("smax", "100"),
    ("smin", "101"), ("umax", "110"), ("umin", "111"),
  ].flatMap { operation, opc in
    [("b", "W", "00"), ("h", "W", "01"), ("", "W", "10"), ("", "X", "11")].flatMap {
      suffix, register, size in
      [("", "0"), ("l", "1")].map { release, r in
        Alias(
          "st\(operation)\(release)\(suffix) <\(register)s>, [<Xn|SP>]",
          "\(size) 111 0 00 0 \(r) 1 Rs:5 0 \(opc) 00 Rn:5 11111")
      }
    }
  }
}
