/// Operators on bit-vectors of more than 64 bits, a word of all lanes at a time.
extension EvaluationPlan.Step {
  private typealias Words = UnsafeMutableBufferPointer<UInt64>

  /// Whether `runWide` computes it; the other operators go through `Operator.meaning`.
  var isWordwise: Bool {
    switch operation {
    case .not, .and, .or, .xor, .equal, .add, .concat, .extract, .signExtend, .ifThenElse,
      .unsignedLess:
      slot >= 0 && first >= 0 && second >= 0 && third >= 0
    default: false
    }
  }

  /// Runs a wordwise step for all lanes.
  func runWide(_ words: UnsafeMutableBufferPointer<UInt64>, lanes: Int) {
    switch operation {
    case .not: bitwise(words, lanes, masked: true) { first, _ in ~first }
    case .and: bitwise(words, lanes) { $0 & $1 }
    case .or: bitwise(words, lanes) { $0 | $1 }
    case .xor: bitwise(words, lanes) { $0 ^ $1 }
    case .equal: equal(words, lanes)
    case .unsignedLess: less(words, lanes)
    case .add: add(words, lanes)
    case .concat: concatenate(words, lanes)
    case .extract: extract(words, lanes)
    case .signExtend: extendSign(words, lanes)
    case .ifThenElse: choose(words, lanes)
    default: preconditionFailure("\(operation) is not computed word by word")
    }
  }

  private static func count(_ width: Int) -> Int { BitVector.wordCount(width) }

  /// Clears what the last word has above the width.
  private func trim(_ words: Words, _ lanes: Int) {
    guard width % 64 != 0 else { return }
    let mask: UInt64 = .max >> UInt64(64 - width % 64)
    let last = slot + (Self.count(width) - 1) * lanes
    for lane in 0..<lanes { words[last + lane] &= mask }
  }

  @inline(__always)
  private func bitwise(
    _ words: Words, _ lanes: Int, masked: Bool = false, _ body: (UInt64, UInt64) -> UInt64
  ) {
    let (result, left) = (words.column(slot), words.column(first))
    let right = operation.arity > 1 ? words.column(second) : left
    for index in 0..<Self.count(width) * lanes { result[index] = body(left[index], right[index]) }
    if masked { trim(words, lanes) }
  }

  private func equal(_ words: Words, _ lanes: Int) {
    for lane in 0..<lanes {
      var difference: UInt64 = 0
      for word in 0..<Self.count(firstWidth) {
        difference |= words[first + word * lanes + lane] ^ words[second + word * lanes + lane]
      }
      words[slot + lane] = difference == 0 ? 1 : 0
    }
  }

  private func less(_ words: Words, _ lanes: Int) {
    for lane in 0..<lanes {
      var isLess = false
      for word in 0..<Self.count(firstWidth) {
        let (left, right) = (
          words[first + word * lanes + lane], words[second + word * lanes + lane]
        )
        if left != right { isLess = left < right }
      }
      words[slot + lane] = isLess ? 1 : 0
    }
  }

  private func add(_ words: Words, _ lanes: Int) {
    for lane in 0..<lanes {
      var carry: UInt64 = 0
      for word in 0..<Self.count(width) {
        let place = word * lanes + lane
        let (partial, overflow) = words[first + place].addingReportingOverflow(
          words[second + place])
        let (sum, again) = partial.addingReportingOverflow(carry)
        words[slot + place] = sum
        carry = overflow || again ? 1 : 0
      }
    }
    trim(words, lanes)
  }

  /// The second operand is the low part.
  private func concatenate(_ words: Words, _ lanes: Int) {
    let low = Self.count(secondWidth) * lanes
    for index in 0..<low { words[slot + index] = words[second + index] }
    for index in low..<Swift.max(low, Self.count(width) * lanes) { words[slot + index] = 0 }
    let shift = UInt64(secondWidth % 64)
    for word in 0..<Self.count(firstWidth) {
      let source = words.column(first + word * lanes)
      let target = words.column(slot + (secondWidth / 64 + word) * lanes)
      for lane in 0..<lanes { target[lane] |= source[lane] << shift }
      guard shift != 0, secondWidth / 64 + word + 1 < Self.count(width) else { continue }
      let next = target + lanes
      for lane in 0..<lanes { next[lane] |= source[lane] >> (64 - shift) }
    }
  }

  private func extract(_ words: Words, _ lanes: Int) {
    let shift = UInt64(low % 64)
    for word in 0..<Self.count(width) {
      let position = low / 64 + word
      let source = words.column(first + position * lanes)
      let target = words.column(slot + word * lanes)
      for lane in 0..<lanes { target[lane] = source[lane] >> shift }
      guard shift != 0, position + 1 < Self.count(firstWidth) else { continue }
      let next = source + lanes
      for lane in 0..<lanes { target[lane] |= next[lane] << (64 - shift) }
    }
    trim(words, lanes)
  }

  private func extendSign(_ words: Words, _ lanes: Int) {
    let old = Self.count(firstWidth)
    let unused = UInt64((64 - firstWidth % 64) % 64)
    for word in 0..<old - 1 {
      for lane in 0..<lanes {
        words[slot + word * lanes + lane] = words[first + word * lanes + lane]
      }
    }
    for lane in 0..<lanes {
      let top = Int64(bitPattern: words[first + (old - 1) * lanes + lane] << unused)
      words[slot + (old - 1) * lanes + lane] = UInt64(bitPattern: top >> Int64(unused))
      for word in old..<Swift.max(old, Self.count(width)) {
        words[slot + word * lanes + lane] = UInt64(bitPattern: top >> 63)
      }
    }
    trim(words, lanes)
  }

  private func choose(_ words: Words, _ lanes: Int) {
    let condition = words.column(first)
    for word in 0..<Self.count(width) {
      let result = words.column(slot + word * lanes)
      let (then, otherwise) = (
        words.column(second + word * lanes), words.column(third + word * lanes)
      )
      for lane in 0..<lanes { result[lane] = condition[lane] == 1 ? then[lane] : otherwise[lane] }
    }
  }
}
