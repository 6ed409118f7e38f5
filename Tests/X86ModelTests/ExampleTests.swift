import FoundationEssentials
import MachineModel
import Testing
import X86Model

/// One real encoding of each form that Debian's libraries contain.
@Suite struct ExampleTests {
  struct Example: Sendable, CustomTestStringConvertible {
    let tier: String
    let form: String
    let hex: String

    var testDescription: String { "\(form) \(hex)" }

    /// Whether the example overrides the segment with FS or GS, which the model does not have.
    var hasSegment: Bool { hex.hasPrefix("64") || hex.hasPrefix("65") }
  }

  static let examples: [Example] = {
    let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
    let path = "/" + folder + "/Fixtures/forms.csv"
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    return text.split(separator: "\n").dropFirst().compactMap { line in
      let tier = line.prefix { $0 != "," }
      let parts = line.split(separator: "\"")
      guard parts.count == 3 else { return nil }
      return Example(
        tier: String(tier), form: String(parts[1]), hex: String(parts[2].dropFirst()))
    }
  }()

  @Test func theFixtureIsThere() {
    #expect(Self.examples.count > 1_300)
  }

  @Test(arguments: examples)
  func exampleDecodes(example: Example) throws {
    let code = bytes(example.hex)
    if example.hasSegment, !example.hex.hasSuffix("2528000000") {
      #expect(failure(example.hex) == .unsupported)
      return
    }
    let instruction = try X86().decode(code[...], at: 0x1000)
    #expect(instruction.length == code.count)
    #expect(try X86().encode(instruction) == code)
    #expect(
      !["T1", "T3", "T4"].contains(example.tier) || instruction.form.tier == example.tier,
      "\(instruction.form.syntax)")
  }
}
