import FoundationEssentials
import Testing
import Verification

/// The verdict of every sample, in this process.
@Suite struct SamplesTests {
  @Test func theManifestIsNotEmpty() {
    #expect(Sample.all.count > 100)
  }

  @Test(arguments: Sample.all)
  func verdictIsAsExpected(_ sample: Sample) throws {
    let report = try sample.verify()
    switch report.verdict {
    case .proved: #expect(sample.expected == "proved")
    case .refuted: #expect(sample.expected == "refuted")
    case .inconclusive(let reason): Issue.record("\(sample): \(reason)")
    }
  }
}
