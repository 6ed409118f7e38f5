import FoundationEssentials
import Glibc
import Isolation
import Testing

/// Whatever is handed in ends in a verdict or in an error of some stage; nothing crashes or hangs.
///
/// `FUZZ=100000` runs that many inputs in parts, less the parts that `Docs/Evidence/bad-input.md` has,
/// and writes them there.
@Suite(.serialized) struct BadInputTests {
  private static let count =
    ProcessInfo.processInfo.environment["FUZZ"].flatMap { Int($0) }

  /// The inputs of one part of the full run, which has a seed of its own.
  private static let part = 2_000

  private func run(_ count: Int, seed: UInt64) throws -> [BadInput.Fate: Int] {
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

  /// An endless computation is ended by the time that it uses.
  @Test func aHangIsSeen() {
    let outcome = BadInput.isolated(seconds: 1) {
      let start = ContinuousClock.now
      while ContinuousClock.now - start < .seconds(3_600) {}
      return []
    }
    #expect(outcome == .killed(signal: SIGXCPU))
  }

  @Test(.enabled(if: count != nil)) func all() throws {
    let page = EvidencePage("bad-input.md")
    let fates = BadInput.Fate.allCases
    let columns = ["inputs"] + fates.map { "\($0)" }
    for seed in 2..<2 + (Self.count ?? 0) / Self.part {
      // Read again each time, so that two runs may share the work.
      let known = EvidenceTable(columns: columns, page: page.text)
      if known.rows["\(seed)"] != nil { continue }
      let counts = try run(Self.part, seed: UInt64(seed))
      var table = EvidenceTable(columns: columns, page: page.text)
      table.set("\(seed)", to: [Self.part] + fates.map { counts[$0, default: 0] })
      try page.write(
        [
          "# Bad input", "",
          "Random and mutated specifications, ELF files and byte strings through loading, reading and",
          "verifying, within 0.4 s, 512 MiB for terms and 3 GiB of address space each. An input that takes",
          "15 s of processor time has hung. Made by `make fuzz`, which leaves out the seeds that the page has.",
          "",
        ] + table.lines(title: "seed"))
    }
  }
}
