import ConstrainedDecoding
import MachineModel
import Testing

/// Random completions under the mask.
@Suite struct SampleTests {
  /// Every completion is code that the decoder reads, with the boundaries that the matcher told.
  @Test(arguments: ["x86-64", "arm64"])
  func completionsDecodeToTheirBoundaries(isa: String) throws {
    var constraint = DecodingConstraint(isa: isa)
    constraint.maximumInstructions = 3
    let compiled = try decoder(constraint)
    let architecture = try #require(architectures.first { $0.name == isa })
    var random = SampleNumbers(11)
    for number in 0..<4 {
      let program = compiled.randomProgram(using: &random).program
      var place = 0
      var boundaries: [Int] = []
      var last: Instruction?
      while place < program.bytes.count {
        boundaries.append(place)
        let instruction = try architecture.decode(
          program.bytes[place...], at: UInt64(place))
        place += instruction.length
        last = instruction
      }
      #expect(place == program.bytes.count && boundaries == program.boundaries, "\(number)")
      #expect(last?.form.family.flow == .return && boundaries.count <= 3)
    }
  }
}
