import Foundation
import Gate
import GateReports

/// Reports to render, made from JSON as a worker's answer is.
enum Findings {
  /// Names as an adversary would choose them.
  static let hostile = "<script>alert(1)</script>`|*_[x](y)@all%0A::error::\n# --> \"'&amp;\u{202e}"

  /// A report on one kernel of each verdict, in the order of the verdicts.
  static func report(
    _ verdicts: [GateReport.Kernel.Verdict], name: String? = nil
  ) throws -> GateReport {
    let kernels = verdicts.map { kernel(name ?? "kernel of \($0.rawValue)", $0) }
    let document: [String: Any] = [
      "manifest": name ?? "binverify.yml", "kernels": kernels, "seconds": 1.5, "damaged": [],
      "unwritten": [],
    ]
    return try JSONDecoder().decode(
      GateReport.self, from: JSONSerialization.data(withJSONObject: document))
  }

  private static func kernel(
    _ name: String, _ verdict: GateReport.Kernel.Verdict
  ) -> [String: Any] {
    var kernel: [String: Any] = [
      "name": name, "line": 3, "column": 5, "code": "\(name).o", "symbol": name,
      "against": "\(name).smt", "verdict": verdict.rawValue, "obligations": [], "placements": 1,
      "solver": "", "seconds": 0.25, "isCached": false, "isTolerated": false, "waived": [],
    ]
    if verdict != .proved { kernel["reason"] = "why \(name)" }
    if verdict == .refuted { kernel["counterexample"] = counterexample(name) }
    return kernel
  }

  private static func counterexample(_ name: String) -> [String: Any] {
    let source: [String: Any] = ["file": name, "line": 7, "path": "source/\(name).c"]
    let change: [String: Any] = ["name": name, "before": "0x0", "after": "0x1"]
    let steps: [[String: Any]] = (0..<2).map { index in
      [
        "address": index, "bytes": [index], "text": "mov \(name)", "changes": [change],
        "source": source,
      ]
    }
    return [
      "obligation": "ensures", "message": name, "text": "text ``` of ```` \(name)\n",
      "values": [["heading": "input", "lines": ["x = \(name)"]]], "steps": steps, "stepCount": 2,
    ]
  }

  /// A listing of two instructions in two blocks with a loop.
  static func listing(_ name: String) throws -> KernelListing {
    let source: [String: Any] = ["file": name, "line": 7]
    let document: [String: Any] = [
      "entry": 0, "isCut": false,
      "lines": [
        ["address": 0, "bytes": [0], "text": "mov \(name)", "source": source, "sourceText": name],
        ["address": 1, "bytes": [1], "text": "mov \(name)", "reason": name],
      ],
      "blocks": [
        ["addresses": [0], "successors": [["target": 1, "kind": "next"]]],
        [
          "addresses": [1],
          "successors": [["target": 1, "kind": "taken"], ["target": 0, "kind": "call"]],
        ],
      ],
    ]
    return try JSONDecoder().decode(
      KernelListing.self, from: JSONSerialization.data(withJSONObject: document))
  }
}
