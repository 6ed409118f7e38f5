/// How the operands of a legacy form and of its VEX forms relate.
enum VectorShape {
  /// `xmm1, xmm2/m128` and `xmm1, xmm2, xmm3/m128`: the legacy destination is also a source.
  case binary
  /// `xmm1, xmm2/m128` in both.
  case unary
}

/// Rows of vector instructions, several from one line.
extension Tables {
  /// The legacy, VEX.128 and VEX.256 forms of an operation on whole vectors.
  ///
  /// - Parameters:
  ///   - encoding: the legacy form's, in the manual's notation.
  ///   - feature: the feature flag of the legacy form.
  ///   - wide: that of the VEX.256 form; nil if there is none.
  ///   - suffix: operands after the sources.
  ///   - w: VEX.W.
  static func vectorRows(
    _ mnemonic: String, _ encoding: String, _ feature: String, _ shape: VectorShape = .binary,
    wide: String? = "AVX2", suffix: String = "", w: String = "WIG"
  ) -> [Row] {
    let legacy = "\(mnemonic) xmm1, xmm2/m128\(suffix)"
    var rows = [
      Row(legacy, encoding, feature),
      vexRow(mnemonic, encoding, 128, "AVX", shape, suffix, w),
    ]
    if let wide { rows.append(vexRow(mnemonic, encoding, 256, wide, shape, suffix, w)) }
    return rows
  }

  private static func vexRow(
    _ mnemonic: String, _ encoding: String, _ width: Int, _ feature: String,
    _ shape: VectorShape, _ suffix: String, _ w: String
  ) -> Row {
    let name = width == 128 ? "xmm" : "ymm"
    let operands =
      shape == .unary ? "\(name)1, \(name)2/m\(width)" : "\(name)1, \(name)2, \(name)3/m\(width)"
    return Row("v\(mnemonic) \(operands)\(suffix)", vex(encoding, "\(width)", w), feature)
  }

  /// The VEX.128 and VEX.256 rows of an instruction that has no legacy form.
  ///
  /// - Parameters:
  ///   - prefix: what follows the length in the prefix: `66.0F38.W0`.
  ///   - opcode: what follows the prefix.
  static func avxRows(
    _ mnemonic: String, _ prefix: String, _ opcode: String, _ feature: String,
    _ shape: VectorShape = .binary, suffix: String = ""
  ) -> [Row] {
    [(128, "xmm"), (256, "ymm")].map { width, name in
      let operands =
        shape == .unary
        ? "\(name)1, \(name)2/m\(width)" : "\(name)1, \(name)2, \(name)3/m\(width)"
      return Row("\(mnemonic) \(operands)\(suffix)", "VEX.\(width).\(prefix) \(opcode)", feature)
    }
  }

  /// The EVEX.128, EVEX.256 and EVEX.512 rows of an instruction with a mask.
  ///
  /// - Parameters:
  ///   - feature: that of the 512-bit form; the others need AVX512VL as well.
  ///   - broadcast: the width of the element that memory may hold instead; zero for none.
  static func evexRows(
    _ mnemonic: String, _ prefix: String, _ opcode: String, _ feature: String, broadcast: Int,
    _ shape: VectorShape = .binary, suffix: String = ""
  ) -> [Row] {
    [(128, "xmm"), (256, "ymm"), (512, "zmm")].map { width, name in
      let element = broadcast == 0 ? "" : "/m\(broadcast)bcst"
      let sources =
        shape == .unary
        ? "\(name)2/m\(width)\(element)" : "\(name)2, \(name)3/m\(width)\(element)"
      return Row(
        "\(mnemonic) \(name)1 {k1}{z}, \(sources)\(suffix)", "EVEX.\(width).\(prefix) \(opcode)",
        width == 512 ? feature : "AVX512VL \(feature)")
    }
  }

  /// The encoding with a VEX prefix that says the same as a legacy one: `66 0F 38 00 /r` becomes
  /// `VEX.128.66.0F38.WIG 00 /r`.
  static func vex(_ encoding: String, _ length: String, _ wide: String = "WIG") -> String {
    let words = Word.words(of: encoding)
    let isEscaped = words[2] == "38" || words[2] == "3A"
    var prefix: Word = "VEX"
    func add(_ part: Word) { prefix = prefix.appending(".").appending(part) }
    add(Word(length))
    if words[0] != "NP" { add(words[0]) }
    add(isEscaped ? words[1].appending(words[2]) : words[1])
    add(Word(wide))
    return Word.text(of: [prefix] + words[(isEscaped ? 3 : 2)...])
  }
}
