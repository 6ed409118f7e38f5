import FoundationEssentials
import Testing
import Verification

/// Every one-byte mutant of a proved sample is refuted by a run, proved, or cannot be read.
///
/// `MUTANTS=all` takes every byte value at every place of every proved sample, or of those whose
/// names contain one of `MUTANTS_OF`, and writes `Docs/Evidence/mutation.md`.
@Suite(.serialized) struct MutationTests {
  private static let isFull = ProcessInfo.processInfo.environment["MUTANTS"] == "all"

  /// Straight code of our own, whose verdicts take milliseconds.
  private static let quick: [Sample] = Sample.all.filter { sample in
    sample.expected == "proved" && sample.kernel.hasSuffix(".hand.o")
      && (sample.straightLine ?? false) && !(sample.demanding ?? false)
      && ["abs32", "average", "clamp", "cmp3", "max32", "rotl32", "satadd32s", "sort2"]
        .contains { sample.kernel.hasPrefix($0 + "/") }
  }

  /// A few values for a byte: single bits flipped, which ones depending on the place.
  private static func values(_ old: UInt8, at offset: Int) -> [UInt8] {
    [old ^ (1 << UInt8(offset % 8)), old ^ (0x80 >> UInt8((offset * 5 + 3) % 8))]
  }

  @Test func thereAreSamplesToMutate() {
    #expect(Self.quick.count >= 16)
  }

  @Test(arguments: quick)
  func everyMutantMeetsItsFate(_ sample: Sample) throws {
    let bytes = Mutant.bytes(of: try sample.code())
    #expect(bytes.count > 2)
    let mutants = bytes.indices.flatMap { offset in
      Self.values(bytes[offset], at: offset).map {
        Mutant(sample: sample, offset: offset, value: $0)
      }
    }
    let fates = Mutant.fates(mutants, seconds: 5)
    #expect(fates.count == mutants.count)
    #expect(fates.contains(.refuted), "no mutant of \(sample) was refuted")
    for (mutant, fate) in zip(mutants, fates) {
      switch fate {
      case .refuted, .unsupported: break
      case .broken: Issue.record("\(mutant) has no verdict")
      case .inconclusive: Issue.record("\(mutant) is inconclusive")
      case .proved:
        // Proved of the same specification: then both are right. Where the specification has one
        // outcome for each input they are the same.
        #expect(try mutant.isEquivalent(seconds: 5) == true, "\(mutant) is proved but differs")
      }
    }
  }

  /// Mutants that only some inputs show to be wrong: a stack pointer moved by an argument, a loop
  /// that ends for others or pushes at each turn, an address that is cut to 32 bits, one that a register
  /// at entry moves.
  @Test(arguments: [
    ("add128/add128.x86-64.hand.o", 5, 196), ("absdiff32/absdiff32.x86-64.hand.o", 8, 117),
    ("add128p/add128p.x86-64.hand.o", 0, 103), ("abs32/abs32.x86-64.gcc-O0.o", 2, 9),
    ("abs32/abs32.x86-64.gcc-O0.o", 7, 80),
  ])
  func otherInputsShowWhatIsWrong(_ kernel: String, _ offset: Int, _ value: UInt8) throws {
    let sample = try #require(Sample.all.first { $0.kernel == kernel && $0.expected == "proved" })
    let mutant = Mutant(sample: sample, offset: offset, value: value)
    #expect(mutant.fate(seconds: 60) == .refuted)
  }

  @Test(.enabled(if: isFull)) func all() throws {
    let environment = ProcessInfo.processInfo.environment
    let samples = Sample.all.filter { $0.expected == "proved" && !($0.demanding ?? false) }
    var report = MutationReport()
    let names = environment["MUTANTS_OF"]?.split(separator: ",").map(String.init)
    for sample in samples
    where names?.contains(where: { sample.kernel.contains($0) }) ?? true {
      let bytes = Mutant.bytes(of: try sample.code())
      let mutants = bytes.indices.flatMap { offset in
        (0...255).filter { $0 != bytes[offset] }.map {
          Mutant(sample: sample, offset: offset, value: $0)
        }
      }
      let fates = Mutant.fates(mutants, seconds: 2)
      report.add(sample, mutants, fates)
      try report.write(to: Sample.root + "/Docs/Evidence/mutation.md")
    }
    #expect(report.broken.isEmpty)
    #expect(report.different.isEmpty)
  }
}

/// The results of the full run as a page.
struct MutationReport {
  private var rows: [String] = []
  private var totals = [Int](repeating: 0, count: Mutant.Fate.allCases.count)
  private var open: [String] = []
  private var equivalent = 0
  private(set) var broken: [String] = []
  /// Proved mutants that are not shown to be equivalent to the original.
  private(set) var different: [String] = []

  mutating func add(_ sample: Sample, _ mutants: [Mutant], _ fates: [Mutant.Fate]) {
    var counts = [Int](repeating: 0, count: Mutant.Fate.allCases.count)
    for (mutant, fate) in zip(mutants, fates) {
      counts[Int(fate.rawValue)] += 1
      totals[Int(fate.rawValue)] += 1
      switch fate {
      case .broken: broken.append(mutant.description)
      case .inconclusive: open.append(mutant.description)
      case .proved:
        if (try? mutant.isEquivalent(seconds: 5)) == true {
          equivalent += 1
        } else {
          different.append(mutant.description)
        }
      case .refuted, .unsupported: break
      }
    }
    rows.append(MutationReport.row(sample.kernel, counts))
  }

  private static func row(_ name: String, _ counts: [Int]) -> String {
    let cells = [name, "\(counts.reduce(0, +))"] + counts.map(String.init)
    return "| " + cells.joined(separator: " | ") + " |"
  }

  private static func list(_ title: String, _ items: [String]) -> [String] {
    let shown = items.prefix(200).map { "- `\($0)`" }
    let rest = items.count > 200 ? ["- and \(items.count - 200) more"] : []
    return ["", "## \(title): \(items.count)", ""] + shown + rest
  }

  func write(to path: String) throws {
    let names = Mutant.Fate.allCases.map { "\($0)" }
    let lines =
      [
        "# Mutants", "",
        "Every other value of every byte of a proved sample's code, against the sample's specification. Each",
        "refuted one has a counterexample that a run of the mutant confirmed. Made by `make mutants`.",
        "",
        "| kernel | mutants | " + names.joined(separator: " | ") + " |",
        "|---|" + String(repeating: "---|", count: names.count + 1),
      ] + rows + [MutationReport.row("**all**", totals)] + [
        "", "Of the proved ones, \(equivalent) are proved equivalent to the original.",
      ] + MutationReport.list("Proved, but not shown equivalent to the original", different)
      + MutationReport.list("Inconclusive", open) + MutationReport.list("Without a verdict", broken)
    let text = lines.joined(separator: "\n") + "\n"
    try Data(text.utf8).write(to: URL(filePath: path))
  }
}
