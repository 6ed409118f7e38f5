import Verification
import Terms
let args = CommandLine.arguments.dropFirst()
let filter = args.first ?? ""
var bad = 0
for sample in Sample.all where sample.kernel.contains(filter) {
  if (sample.demanding ?? false) && args.count < 2 { continue }
  do {
    var options = VerificationOptions()
    options.seconds = 20
    let report = try sample.verify(options)
    let ms = Int(report.seconds * 1000)
    switch report.verdict {
    case .proved: print(sample.expected == "proved" ? "ok " : "BAD", sample.kernel, "proved", ms, report.obligations.map { "\($0.stage.map { $0.rawValue } ?? "-")" }.joined(separator: " "), "q", report.queries)
    case .refuted(let c): print(sample.expected == "refuted" ? "ok " : "BAD", sample.kernel, "refuted", ms, c.obligation, sample.obligation ?? "", c.message)
    case .inconclusive(let r): print("BAD", sample.kernel, "inconclusive", ms, r.obligation, r.reason)
    }
  } catch { print("BAD", sample.kernel, "error", error) }
}
if args.contains("detail") {
  for sample in Sample.all where sample.kernel.contains(filter) {
    if case .refuted(let c) = try sample.verify().verdict {
      print(sample.kernel, c.input.values, c.outcome as Any, c.allowed as Any)
      for s in c.trace { print(sample.architecture.text(of: s.instruction), s.changes.map { "\($0.name): \($0.before.hexDigits) -> \($0.after.hexDigits)" }) }
    }
  }
}
