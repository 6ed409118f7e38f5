import FoundationEssentials
import Gate

/// The verdicts of a run to compare with.
public struct BaseVerdicts: Sendable {
  /// By the kernel's name.
  public let verdicts: [String: GateReport.Kernel.Verdict]

  public init(_ verdicts: [String: GateReport.Kernel.Verdict]) { self.verdicts = verdicts }

  /// The verdicts of a folder of proof records, whose files have these names: all are proved.
  public init(records names: some Sequence<String>) {
    let kernels = names.filter { $0.hasSuffix(".json") }.map { String($0.dropLast(5)) }
    self.init(Dictionary(kernels.map { ($0, .proved) }) { first, _ in first })
  }

  /// The verdicts of the text that `binverify gate --json` wrote; nil if it is none.
  public init?(json bytes: [UInt8]) {
    struct Document: Decodable {
      struct Kernel: Decodable {
        let name: String
        let verdict: GateReport.Kernel.Verdict
      }
      let schema: String
      let kernels: [Kernel]
    }
    guard let document = try? JSONDecoder().decode(Document.self, from: Data(bytes)),
      document.schema.hasPrefix("binverify/"), document.schema.hasSuffix("/gate")
    else { return nil }
    self.init(
      Dictionary(document.kernels.map { ($0.name, $0.verdict) }) { first, _ in first })
  }
}
