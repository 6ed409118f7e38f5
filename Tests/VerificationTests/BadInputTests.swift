import FoundationEssentials
import Isolation
import Testing

/// Whatever is handed in ends in a verdict or in an error of some stage; nothing crashes or hangs.
///
/// `FUZZ=100000` runs that many inputs and writes `Docs/Evidence/bad-input.md`.
@Suite(.serialized) struct BadInputTests {
  private static let count =
    ProcessInfo.processInfo.environment["FUZZ"].flatMap { Int($0) }

  /// - Parameter progress: told the counts after every thousand.
  private func run(
    _ count: Int, seed: UInt64, progress: ([BadInput.Fate: Int]) throws -> Void = { _ in }
  ) throws -> [BadInput.Fate: Int] {
    var generator = BadInputGenerator(seed: seed)
    var counts: [BadInput.Fate: Int] = [:]
    for start in stride(from: 0, to: count, by: 1_000) {
      let inputs = (start..<min(start + 1_000, count)).map { _ in generator.next() }
      for (input, fate) in zip(inputs, BadInput.fates(inputs)) {
        counts[fate, default: 0] += 1
        switch fate {
        case .untyped, .crashed, .outOfMemory, .hung:
          Issue.record("\(fate) on seed \(seed): \(input.report)")
        default: break
        }
      }
      try progress(counts)
    }
    return counts
  }

  @Test func aSelectionEndsWell() throws {
    let counts = try run(600, seed: 1)
    // The generator reaches every stage.
    for fate in [BadInput.Fate.refuted, .unsupported, .specificationError, .fileError, .proved] {
      #expect(counts[fate, default: 0] > 5, "\(fate): \(counts)")
    }
  }

  /// The isolation that the other tests rest on.
  @Test func aCrashIsSeen() {
    let outcome = IsolatedProcess.run(timeout: 10) {
      preconditionFailure("a crash on purpose")
    }
    guard case .killed = outcome else {
      Issue.record("\(outcome)")
      return
    }
  }

  @Test(.enabled(if: count != nil)) func all() throws {
    _ = try run(Self.count ?? 0, seed: 2) { counts in
      let rows = BadInput.Fate.allCases.map { "| \($0) | \(counts[$0, default: 0]) |" }
      let total = counts.values.reduce(0, +)
      let lines =
        [
          "# Bad input", "",
          "Random and mutated specifications, ELF files and byte strings through loading, reading and",
          "verifying, within 0.4 s, 512 MiB for terms and 3 GiB of address space each. Made by",
          "`make fuzz`; seed 2.", "",
          "| ended as | inputs |", "|---|---|",
        ] + rows + ["| **all** | \(total) |"]
      try Data((lines.joined(separator: "\n") + "\n").utf8).write(
        to: URL(filePath: Sample.root + "/Docs/Evidence/bad-input.md"))
    }
  }
}
