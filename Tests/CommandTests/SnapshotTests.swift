import Glibc
import Testing

/// What the command says about every sample, against committed texts.
@Suite struct SnapshotTests {
  @Test func theManifestIsRead() { #expect(Sample.all.count > 400) }

  /// Set `RECORD_SNAPSHOTS=1` to write what differs; the test still fails once.
  @Test(arguments: Sample.groups)
  func sampleIsAsRecorded(group: String) {
    let path = "\(Command.root)/Tests/CommandTests/Snapshots/\(group).txt"
    let recorded = Scratch.read(path)
    let found = Sample.all.filter { $0.group == group }.map(SnapshotTests.text).joined(
      separator: "\n")
    if recorded != found, getenv("RECORD_SNAPSHOTS") != nil { Scratch.write(found, to: path) }
    #expect(recorded == found, "\(path) differs")
  }

  /// The command, what it writes, and its status.
  private static func text(_ sample: Sample) -> String {
    let result = Command.run(sample.arguments, in: "\(Command.root)/samples")
    let expected: Int32 = sample.expected == "proved" ? 0 : 1
    if result.status != expected {
      Issue.record("\(sample): status \(result.status), \(sample.expected) was expected")
    }
    return "$ binverify \(sample.arguments.joined(separator: " "))\n"
      + normalized(result.output) + normalized(result.errors) + "status \(result.status)\n"
  }

  /// The text without the times.
  static func normalized(_ text: String) -> String {
    text.replacing(/[0-9.]+ m?s\b/, with: "TIME")
  }
}
