/// Sorts, numerals and literals.
extension SMTLIBReader {
  /// The sort at `node`.
  func sort(_ node: Int) throws(SpecificationError) -> Sort {
    let expression = forest[node]
    if expression.isSymbol {
      if expression.text == "Bool" { return .bool }
      if let sort = sortNames[expression.text] { return sort }
    }
    let parts = Array(forest.children(of: node))
    guard parts.count == 3, forest[parts[0]].isSymbol else { throw unknownSort(node) }
    let second = forest[parts[1]]
    if forest[parts[0]].text == "_", second.isSymbol, second.text == "BitVec" {
      let width = try numeral(parts[2])
      guard width > 0 else { throw error(.sort, parts[2], "a bit-vector has at least 1 bit") }
      guard width <= SMTLIBFunction.widthLimit else {
        throw error(
          .limit, parts[2],
          "bit-vectors of at most \(SMTLIBFunction.widthLimit) bits are read")
      }
      return .bitVector(width)
    }
    guard forest[parts[0]].text == "Array" else { throw unknownSort(node) }
    guard script.logic != "QF_BV", script.logic != "QF_UFBV" else {
      throw error(
        .sort, node, "arrays are not part of \(script.logic); expected (set-logic QF_ABV)")
    }
    return .array(index: try component(parts[1]), element: try component(parts[2]))
  }

  private func component(_ node: Int) throws(SpecificationError) -> Int {
    // Arrays of arrays nest, so look before going deeper.
    let head = forest.children(of: node).first.map { forest[$0].text }
    guard head != "Array", case .bitVector(let width) = try sort(node) else {
      throw error(.unsupported, node, "arrays take bit-vectors to bit-vectors only")
    }
    return width
  }

  private func unknownSort(_ node: Int) -> SpecificationError {
    let found = forest[node].kind == .list ? "" : ", found \(forest[node].shown)"
    return error(
      .sort, node,
      "expected Bool, (_ BitVec WIDTH), (Array (_ BitVec 64) (_ BitVec WIDTH)) or a defined sort"
        + found)
  }

  /// The numeral at `node`.
  func numeral(_ node: Int) throws(SpecificationError) -> Int {
    let expression = forest[node]
    guard expression.kind == .numeral else {
      throw error(.syntax, node, "expected a numeral, found \(expression.shown)")
    }
    guard let value = Int(expression.text), value < 1 << 31 else {
      throw error(.limit, node, "the numeral \(expression.shown) is too large")
    }
    return value
  }

  /// The bits of `#x…` or `#b…`.
  func bits(_ node: Int) throws(SpecificationError) -> BitVector {
    let expression = forest[node]
    let perDigit = expression.kind == .hexadecimal ? 4 : 1
    let width = expression.text.utf8.count * perDigit
    guard width <= SMTLIBFunction.widthLimit else {
      throw error(
        .limit, node, "bit-vectors of at most \(SMTLIBFunction.widthLimit) bits are read")
    }
    var words = [UInt64](repeating: 0, count: BitVector.wordCount(width))
    for (index, digit) in expression.text.utf8.reversed().enumerated() {
      let value = UInt64(Character(Unicode.Scalar(digit)).hexDigitValue ?? 0)
      words[index * perDigit / 64] |= value << UInt64(index * perDigit % 64)
    }
    return BitVector(words: words, width: width)
  }

  /// The value of `(_ bvN WIDTH)`, whose children are `parts`; nil for any other indexed name.
  func decimalBits(_ parts: [Int]) throws(SpecificationError) -> BitVector? {
    guard parts.count == 3, forest[parts[1]].kind == .symbol else { return nil }
    let digits = forest[parts[1]].text.utf8.dropFirst(2)
    guard forest[parts[1]].text.hasPrefix("bv"), !digits.isEmpty,
      digits.allSatisfy(SExpressionReader.isDigit)
    else { return nil }
    let width = try numeral(parts[2])
    guard width > 0, width <= SMTLIBFunction.widthLimit else {
      throw error(
        .sort, parts[2], "expected a width from 1 to \(SMTLIBFunction.widthLimit), found \(width)")
    }
    // Four bits more than any value of the width, so that one digit too many shows.
    let wide = width + 4
    var value = BitVector.zero(wide)
    let ten = BitVector(10, width: wide)
    for digit in digits {
      value = value.multiplying(ten).adding(BitVector(UInt64(digit - 48), width: wide))
      if !value.extracting(wide - 1, width).isZero {
        throw error(
          .sort, parts[1], "\(forest[parts[1]].shown.dropFirst(2)) does not fit \(width) bits")
      }
    }
    return value.extracting(width - 1, 0)
  }
}
