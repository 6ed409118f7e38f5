import Testing
import Verification
import Z3Backend

/// Two builds of one sample that have to agree.
struct SamplePair: Sendable, CustomStringConvertible {
  let first: Sample
  let second: Sample

  var description: String { "\(first.kernel) ~ \(second.kernel)" }

  /// Each sample's x86-64 against its ARM64 build, and -O0 against -O2 on each.
  static let all: [SamplePair] = {
    let proved = Sample.all.filter { $0.expected == "proved" }
    func sample(_ first: Sample, named kernel: String) -> Sample? {
      proved.first { $0.kernel == kernel && $0.spec == first.spec && $0.symbol == first.symbol }
    }
    return proved.flatMap { first -> [SamplePair] in
      var others: [String] = []
      if first.kernel.hasSuffix("x86-64.gcc-O2.o") {
        others.append(first.kernel.dropLast("x86-64.gcc-O2.o".count) + "arm64.gcc-O2.o")
      }
      if first.kernel.hasSuffix("gcc-O0.o") {
        others.append(first.kernel.dropLast("O0.o".count) + "O2.o")
      }
      return others.compactMap { sample(first, named: $0) }
        .map { SamplePair(first: first, second: $0) }
    }
  }()

  func verify(_ options: VerificationOptions = VerificationOptions()) throws -> EquivalenceReport {
    try EquivalenceVerifier(
      first: first.code(), first.architecture, second: second.code(), second.architecture,
      contract: first.contract(), solvers: .standard(), options: options
    ).verify()
  }
}

/// Code against code: across compilers' levels, and across ISAs.
@Suite(.serialized) struct EquivalenceTests {
  @Test func thereArePairsOfEveryKind() {
    let pairs = SamplePair.all
    #expect(pairs.contains { $0.first.isa != $0.second.isa })
    #expect(pairs.contains { $0.first.isa == "x86-64" && $0.second.isa == "x86-64" })
    #expect(pairs.contains { $0.first.isa == "arm64" && $0.second.isa == "arm64" })
    #expect(pairs.count > 60)
  }

  @Test(arguments: SamplePair.all)
  func buildsOfOneSampleAreEquivalent(_ pair: SamplePair) throws {
    switch try pair.verify().verdict {
    case .equivalent: break
    case .different(let difference): Issue.record("\(pair): \(difference.message)")
    case .inconclusive(let reason): Issue.record("\(pair): \(reason)")
    }
  }

  @Test(arguments: Sample.all.filter { $0.expected == "refuted" && $0.obligation == "ensures" })
  func aWrongVersionIsNotEquivalentToTheRightOne(_ wrong: Sample) throws {
    guard
      let right = Sample.all.first(where: {
        $0.expected == "proved" && $0.spec == wrong.spec && $0.symbol == wrong.symbol
      }), wrong.spec.hasPrefix("abs32") || wrong.spec.hasPrefix("max32")
    else { return }
    let report = try SamplePair(first: right, second: wrong).verify()
    guard case .different = report.verdict else {
      Issue.record("\(right) ~ \(wrong): \(report.verdict)")
      return
    }
  }
}
