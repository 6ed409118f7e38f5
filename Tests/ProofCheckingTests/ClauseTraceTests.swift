import ProofChecking
import Testing

@Suite struct ClauseTraceTests {
  /// A step in binary DRAT.
  private func step(_ kind: Unicode.Scalar, _ numbers: Int32...) -> [UInt8] {
    var bytes = [UInt8(ascii: kind)]
    for number in numbers {
      var code = ClauseLiteral(number).code
      while code > 0x7F {
        bytes.append(UInt8(code & 0x7F) | 0x80)
        code >>= 7
      }
      bytes.append(UInt8(code))
    }
    return bytes + [0]
  }

  /// No two of the four clauses of two literals leave a unit, so that a lemma is needed.
  private func contradiction() -> ClauseTrace {
    var trace = ClauseTrace()
    for (first, second): (Int32, Int32) in [(1, 200), (1, -200), (-1, 200), (-1, -200)] {
      trace.addAxiom([ClauseLiteral(first), ClauseLiteral(second)])
    }
    return trace
  }

  private var later: ContinuousClock.Instant { .now.advanced(by: .seconds(60)) }

  @Test func readsAProof() throws {
    var trace = contradiction()
    let early = trace.proves([])
    try trace.read(step("d", 7, 8) + step("a", 200), until: later)
    let late = trace.proves([])
    #expect(!early && late && trace.count == 2)
  }

  @Test func refusesWhatDoesNotFollow() {
    var trace = ClauseTrace()
    trace.addAxiom([ClauseLiteral(1), ClauseLiteral(200)])
    #expect(throws: ClauseTrace.Failure.unproved(clause: 2)) {
      try trace.read(step("a", 1, 200, 3) + step("a", -200), until: later)
    }
    let contradiction = trace.proves([])
    #expect(!contradiction)
  }

  @Test(arguments: [
    ([0x62, 2, 0], 0), ([0x61, 2], 0), ([0x61, 2, 0, 0x64], 3), ([0x61, 1, 0], 0),
    ([0x61, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0], 0), ([0x61, 0xFF, 0xFF, 0xFF, 0xFF, 0x1F, 0], 0),
    ([0], 0), ([0x61, 0x82], 0),
  ])
  func saysWhereItIsMalformed(bytes: [UInt8], offset: Int) {
    var trace = contradiction()
    try? trace.read(step("a", 1, 200), until: later)
    #expect(throws: ClauseTrace.Failure.malformed(offset: 5 + offset)) {
      try trace.read(bytes, until: later)
    }
  }

  @Test func givesUpInTime() {
    var trace = contradiction()
    let bytes = (0..<64).flatMap { _ in step("a", 1, 200) }
    #expect(throws: ClauseTrace.Failure.outOfTime) { try trace.read(bytes, until: .now) }
  }
}
