/// Programs of a constraint, drawn so that each that fits the budgets is as likely as every other.
///
/// The programs that the automaton allows are counted exactly, by their instructions and bytes. Where the
/// constraint follows the machine's state, those that it refuses are drawn again.
public struct ProgramSampler: Sendable {
  /// The programs that the automaton allows within the budgets.
  public let count: Natural
  private let decoder: CompiledDecoder
  private let all: InstructionCounts
  private let last: InstructionCounts
  /// The programs of exactly so many instructions (less one) and bytes.
  private let programs: [[Natural]]

  /// More instructions than these are not counted.
  public static let instructionLimit = 256
  /// As many programs are drawn before none is said to keep the constraint.
  public static let drawLimit = 100_000

  /// - Throws: `DecoderError` without a budget of instructions or bytes, for too large a one, and for one of tokens.
  public init(_ decoder: CompiledDecoder) throws(DecoderError) {
    let constraint = decoder.constraint
    if constraint.maximumTokens != nil {
      throw DecoderError("programs are counted by instructions and bytes, not by tokens")
    }
    guard
      let instructions = constraint.maximumInstructions ?? constraint.maximumBytes,
      instructions <= ProgramSampler.instructionLimit
    else {
      throw DecoderError(
        "a budget of at most \(ProgramSampler.instructionLimit) instructions or bytes was expected")
    }
    let bytes = Swift.min(
      constraint.maximumBytes ?? .max, instructions * InstructionCounts.longest)
    self.decoder = decoder
    all = InstructionCounts(decoder.automaton, isLast: false)
    last = InstructionCounts(decoder.automaton, isLast: true)
    programs = ProgramSampler.programs(all, last, instructions, bytes)
    count = programs.joined().reduce(into: Natural.zero) { $0 += $1 }
  }

  private static func programs(
    _ all: InstructionCounts, _ last: InstructionCounts, _ instructions: Int, _ bytes: Int
  ) -> [[Natural]] {
    let lengths = 1...InstructionCounts.longest
    var row = (0...bytes).map { lengths.contains($0) ? Natural(last[$0]) : .zero }
    var result = [row]
    let weights = lengths.map { Natural(all[$0]) }
    for _ in 1..<Swift.max(instructions, 1) {
      row = (0...bytes).map { total in
        var sum = Natural.zero
        for length in lengths where length <= total && !row[total - length].isZero {
          sum += weights[length - 1] * row[total - length]
        }
        return sum
      }
      result.append(row)
    }
    return result
  }

  /// A program; nil if none of many that were drawn keeps the constraint.
  public func next(using random: inout some RandomNumberGenerator) -> InstructionMatcher.Program? {
    for _ in 0..<ProgramSampler.drawLimit {
      let drawn = draw(using: &random)
      if let program = decoder.program(drawn) { return program }
    }
    return nil
  }

  /// The instructions of a program that the automaton allows.
  private func draw(using random: inout some RandomNumberGenerator) -> [[UInt8]] {
    var number = Natural.random(below: count, using: &random)
    for (instructions, row) in programs.enumerated() {
      for (bytes, weight) in row.enumerated() {
        if number < weight { return draw(instructions, bytes, using: &random) }
        number -= weight
      }
    }
    preconditionFailure("a number beyond the count of programs")
  }

  private func draw(
    _ instructions: Int, _ bytes: Int, using random: inout some RandomNumberGenerator
  ) -> [[UInt8]] {
    var result: [[UInt8]] = []
    var left = bytes
    for index in stride(from: instructions, to: 0, by: -1) {
      var number = Natural.random(below: programs[index][left], using: &random)
      for length in 1...Swift.min(InstructionCounts.longest, left) {
        let weight = Natural(all[length]) * programs[index - 1][left - length]
        if number < weight {
          result.append(instruction(all, length, using: &random))
          left -= length
          break
        }
        number -= weight
      }
    }
    result.append(instruction(last, left, using: &random))
    return result
  }

  private func instruction(
    _ counts: InstructionCounts, _ length: Int, using random: inout some RandomNumberGenerator
  ) -> [UInt8] {
    counts.instruction(UInt128.random(in: 0..<counts[length], using: &random), length: length)
  }
}
