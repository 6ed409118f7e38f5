import FoundationEssentials
import Testing
import Verification

/// Every one-byte mutant of a proved sample is refuted by a run, proved, or cannot be read.
///
/// `MUTANTS=all` takes every byte value at every place of every proved sample, or of those whose
/// names contain one of `MUTANTS_OF`, less those that `Docs/Evidence/mutation.md` has, and writes them
/// there. `MUTANTS=open` takes those that stand there as inconclusive once more, with more time.
@Suite(.serialized) struct MutationTests {
  private static let part = ProcessInfo.processInfo.environment["MUTANTS"]

  /// Straight code of our own, whose verdicts take milliseconds.
  private static let quick: [Sample] = Sample.all.filter { sample in
    sample.expected == "proved" && sample.kernel.hasSuffix(".hand.o")
      && (sample.straightLine ?? false)
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
    let fates = try MutantBatches(sample, seconds: 5).fates(mutants)
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
  /// at entry moves or that uninitialised stack is part of, a loop that ends at once for some and takes
  /// too many turns for others, one that never looks at its counter, an address or a stack pointer whose
  /// low bits are cut off, a counter that one value at entry leaves at its start while the number of
  /// instructions is open.
  @Test(arguments: [
    ("add128/add128.x86-64.hand.o", 5, 196), ("absdiff32/absdiff32.x86-64.hand.o", 8, 117),
    ("add128p/add128p.x86-64.hand.o", 0, 103), ("abs32/abs32.x86-64.gcc-O0.o", 2, 9),
    ("abs32/abs32.x86-64.gcc-O0.o", 7, 80), ("add128p/add128p.x86-64.gcc-O0.o", 13, 9),
    ("add128/add128.x86-64.gcc-O2.o", 19, 114), ("add128/add128.x86-64.gcc-O2.o", 19, 225),
    ("crc32w/crc32w.x86-64.gcc-O0.o", 56, 218), ("move32/move32.arm64.gcc-O0.o", 103, 179),
    ("add128/add128.x86-64.gcc-O0.o", 15, 180), ("find/find.x86-64.gcc-O2.o", 6, 225),
  ])
  func otherInputsShowWhatIsWrong(_ kernel: String, _ offset: Int, _ value: UInt8) throws {
    let sample = try #require(Sample.all.first { $0.kernel == kernel && $0.expected == "proved" })
    let mutant = Mutant(sample: sample, offset: offset, value: value)
    #expect(mutant.fate(seconds: 60) == .refuted)
  }

  /// The proved samples whose names contain what is asked for.
  private static var asked: [Sample] {
    let environment = ProcessInfo.processInfo.environment
    let names = environment["MUTANTS_OF"]?.split(separator: ",").map(String.init)
    return Sample.all.filter { sample in
      sample.expected == "proved" && names?.contains { sample.kernel.contains($0) } ?? true
    }
  }

  /// What the proofs of mutants rest on where each is not compared with the original.
  @Test(arguments: [
    ("abs32", true), ("sum", true), ("sort2", true), ("aesround", true), ("order64", false),
  ])
  func someSpecificationsHaveOneOutcome(_ name: String, _ isSo: Bool) throws {
    let sample = try #require(Sample.all.first { $0.kernel.hasPrefix(name + "/") })
    #expect(try sample.hasOneOutcome() == isSo)
  }

  @Test(.enabled(if: part == "open")) func open() throws {
    for sample in Self.asked {
      let mutants = MutationPage().open(sample)
      if mutants.isEmpty { continue }
      let batches = try MutantBatches(sample, seconds: 120)
      let found = MutationPage(sample, mutants, batches.fates(mutants), batches.known)
      var page = MutationPage()
      page.replaceOpen(sample, by: found)
      try page.write()
    }
    #expect(MutationPage().isClean)
  }

  @Test(.enabled(if: part == "all")) func all() throws {
    for sample in Self.asked where !MutationPage().has(sample) {
      let batches = try MutantBatches(sample, seconds: 2)
      let mutants = batches.all
      let found = MutationPage(
        sample, mutants, batches.fates(mutants), batches.known)
      // Read again only now, so that two runs may share the work.
      var page = MutationPage()
      page.add(found)
      try page.write()
    }
    #expect(MutationPage().isClean)
  }
}
