import ARM64Model
import ConstrainedDecoding
import MachineModel
import Terms
import Testing
import X86Model

/// The automaton of one instruction reads what the decoder reads, for choices of all kinds.
@Suite struct AutomatonTests {
  /// Everything; some forms; some registers, and in some forms all.
  static let choices: [InstructionChoice] = [
    InstructionChoice(accepts: { _, _ in true }),
    InstructionChoice(
      accepts: { form, hasMemory in form.index % (hasMemory ? 3 : 4) == 0 },
      label: { $0.index % 2 }),
    InstructionChoice(
      accepts: { form, _ in form.index % 5 != 0 },
      register: { form, register in
        register.cell.map { $0.index % 3 != 0 || form.index % 7 == 0 } ?? true
      },
      label: { $0.index % 2 }),
  ]

  @Test(arguments: choices.indices) func wordsAreReadAlike(choice: Int) throws {
    let architecture = ARM64()
    var random: any RandomNumberGenerator = SplitMix64(seed: UInt64(choice))
    var comparison = Comparison(architecture, Self.choices[choice])
    for form in architecture.forms {
      let instruction = architecture.randomInstruction(of: form, at: 0, using: &random)
      let bytes = try architecture.encode(instruction)
      comparison.compare(bytes)
      for _ in 0..<8 {
        var changed = bytes
        for _ in 0..<Int.random(in: 1...3, using: &random) {
          changed[Int.random(in: 0..<4, using: &random)] ^=
            1 << UInt8.random(in: 0..<8, using: &random)
        }
        comparison.compare(changed)
      }
    }
    #expect(comparison.read > 500, "\(comparison.read)")
    #expect(comparison.refused > 500, "\(comparison.refused)")
    #expect(comparison.differences.isEmpty, "\(comparison.differences.prefix(5))")
  }

  @Test(arguments: choices.indices) func bytesAreReadAlike(choice: Int) throws {
    var random: any RandomNumberGenerator = SplitMix64(seed: UInt64(choice))
    var comparison = Comparison(X86(), Self.choices[choice])
    for opcode in UInt8(0)...255 {
      for beginning in Self.beginnings(opcode, &random) {
        for _ in 0..<2 { comparison.compare(Self.code(beginning, &random)) }
      }
    }
    #expect(comparison.read > 100, "\(comparison.read)")
    #expect(comparison.refused > 3_000, "\(comparison.refused)")
    #expect(comparison.differences.isEmpty, "\(comparison.differences.prefix(5))")
  }

  /// The opcode in every map, with some VEX and EVEX prefixes.
  private static func beginnings(
    _ opcode: UInt8, _ random: inout any RandomNumberGenerator
  ) -> [[UInt8]] {
    func byte() -> UInt8 { UInt8.random(in: 0...255, using: &random) }
    var result: [[UInt8]] = [
      [opcode], [0x0F, opcode], [0x0F, 0x38, opcode], [0x0F, 0x3A, opcode],
    ]
    for map in UInt8(1)...3 {
      for vector: UInt8 in [0x78, byte() & 0x78] {
        result.append([0xC4, byte() & 0xE0 | map, byte() & 0x87 | vector, opcode])
        result.append([0xC5, byte() & 0x87 | vector, opcode])
        result.append([
          0x62, byte() & 0xF0 | map, byte() & 0x83 | 4 | vector, byte() & 0xF7 | 8, opcode,
        ])
        result.append([0x62, byte(), byte(), byte(), opcode])
      }
    }
    return result
  }

  /// Prefixes before a beginning, now and then as many as there can be, and bytes after it.
  private static func code(
    _ beginning: [UInt8], _ random: inout any RandomNumberGenerator
  ) -> [UInt8] {
    let prefixes: [UInt8] = [0x66, 0x67, 0xF2, 0xF3, 0xF0, 0x2E, 0x65, 0x3E]
    var result = beginning
    let isVector = [0x62, 0xC4, 0xC5].contains(beginning[0])
    if !isVector, Bool.random(using: &random) {
      result.insert(UInt8.random(in: 0x40...0x4F, using: &random), at: 0)
    }
    let isLong = Int.random(in: 0..<6, using: &random) == 0
    for _ in 0..<Int.random(in: 0...(isLong ? 12 : isVector ? 0 : 1), using: &random) {
      result.insert(prefixes.randomElement(using: &random) ?? 0x66, at: 0)
    }
    while result.count < 16 { result.append(UInt8.random(in: 0...255, using: &random)) }
    return result
  }
}

/// What automaton and decoder say of codes.
private struct Comparison {
  let architecture: any Architecture
  let choice: InstructionChoice
  let automaton: InstructionAutomaton?
  private(set) var read = 0
  private(set) var refused = 0
  private(set) var differences: [String] = []

  init(_ architecture: any Architecture, _ choice: InstructionChoice) {
    self.architecture = architecture
    self.choice = choice
    automaton = architecture.automaton(of: choice)
  }

  mutating func compare(_ bytes: [UInt8]) {
    let instruction = try? architecture.decode(bytes[...], at: 0)
    let expected = instruction.flatMap { found in
      choice.contains(found) ? [found.length, choice.label(found.form)] : nil
    }
    let actual = reading(bytes)
    if expected == nil { refused += 1 } else { read += 1 }
    if actual != expected {
      let code = bytes.map { String($0, radix: 16) }.joined(separator: " ")
      differences.append("\(code): \(String(describing: actual)) \(String(describing: expected))")
    }
  }

  /// Length and label of the instruction that the automaton reads; nil if none.
  private func reading(_ bytes: [UInt8]) -> [Int]? {
    guard let automaton else { return nil }
    var node = automaton.start
    for (index, byte) in bytes.enumerated() {
      guard node >= 0 else { return nil }
      node = automaton.step(node, byte)
      if node < InstructionAutomaton.Step.dead { return [index + 1, -2 - Int(node)] }
    }
    return nil
  }
}
