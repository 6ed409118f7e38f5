import ConstrainedDecoding
import Terms
import Testing

/// Programs drawn evenly.
@Suite struct SamplingTests {
  /// The count is that of all programs, and each of them is drawn about as often as the others.
  @Test func programsAreEquallyLikely() throws {
    let sampler = try ProgramSampler(decoder(OracleTests.few.constraint))
    let programs = Set(OracleTests.few.programs)
    #expect(sampler.count.description == "\(programs.count)")
    var random = SplitMix64(seed: 3)
    var seen: [[UInt8]: Int] = [:]
    let draws = 400 * programs.count
    for _ in 0..<draws { seen[try #require(sampler.next(using: &random)).bytes, default: 0] += 1 }
    #expect(Set(seen.keys) == programs)
    // Chi squared over n - 1 degrees of freedom: five standard deviations.
    let squares = seen.values.map { Double(($0 - 400) * ($0 - 400)) / 400 }.reduce(0, +)
    let freedom = Double(programs.count - 1)
    #expect(abs(squares - freedom) < 5 * (2 * freedom).squareRoot(), "\(squares)")
  }

  /// The count beyond 64 bits: every choice of instructions, by hand.
  @Test func countsAreExact() throws {
    var constraint = DecodingConstraint(isa: "arm64")
    constraint.allowedMnemonics = ["movz", "ret"]
    constraint.maximumInstructions = 9
    let sampler = try ProgramSampler(decoder(constraint))
    // movz: 2 + 4 shifts, 16 bits, 32 registers; ret: 32 registers.
    let moves = 6 * (1 << 16) * 32
    var expected: [UInt8] = [0]
    for count in 0..<9 {
      var term = digits(32)
      for _ in 0..<count { term = multiply(term, digits(moves + 32)) }
      expected = add(expected, term)
    }
    #expect(sampler.count.description == expected.reversed().map { "\($0)" }.joined())
    var random = SplitMix64(seed: 8)
    for _ in 0..<20 { #expect(try #require(sampler.next(using: &random)).boundaries.count <= 9) }
  }

  @Test func budgetsAreAskedFor() throws {
    #expect(throws: DecoderError.self) {
      _ = try ProgramSampler(decoder(DecodingConstraint(isa: "arm64")))
    }
  }

  // MARK: Decimal numbers, the lowest digit first

  private func digits(_ value: Int) -> [UInt8] {
    "\(value)".utf8.reversed().map { $0 - 48 }
  }

  private func add(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var carry: UInt8 = 0
    for index in 0..<max(left.count, right.count) {
      let sum =
        (index < left.count ? left[index] : 0) + (index < right.count ? right[index] : 0) + carry
      result.append(sum % 10)
      carry = sum / 10
    }
    return carry > 0 ? result + [carry] : result
  }

  private func multiply(_ left: [UInt8], _ right: [UInt8]) -> [UInt8] {
    var result: [UInt8] = [0]
    for (index, digit) in left.enumerated() {
      for _ in 0..<digit { result = add(result, [UInt8](repeating: 0, count: index) + right) }
    }
    return result
  }
}
