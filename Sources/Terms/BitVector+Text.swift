/// Numbers as text.
extension BitVector {
  /// Upper-case-free hexadecimal digits, four bits each, without a prefix.
  public var hexDigits: String {
    let digits = (width + 3) / 4
    return String(
      (0..<digits).reversed().map { index -> Character in
        let nibble = Int(words[index / 16] >> UInt64(index % 16 * 4) & 15)
        return "0123456789abcdef"[
          "0123456789abcdef".index("0123456789abcdef".startIndex, offsetBy: nibble)]
      })
  }

  /// SMT-LIB notation: `#x…` where the width is a multiple of four, `#b…` otherwise.
  public var smtlib: String {
    width % 4 == 0
      ? "#x" + hexDigits
      : "#b" + String((0..<width).reversed().map { bit($0) ? "1" : "0" })
  }

  /// The unsigned value in decimal.
  public var decimal: String {
    if let small = asUInt64 { return String(small) }
    if width <= 128 { return String(low128) }
    var digits: [String] = []
    var rest = self
    let billion = BitVector(1_000_000_000, width: width)
    while !rest.isZero {
      let chunk = String(rest.remainder(unsigned: billion).low)
      rest = rest.dividing(unsigned: billion)
      digits.append(
        rest.isZero ? chunk : String(repeating: "0", count: 9 - chunk.count) + chunk)
    }
    return digits.reversed().joined()
  }

  /// The two's complement value in decimal.
  public var signedDecimal: String { signBit ? "-" + negated().decimal : decimal }
}
