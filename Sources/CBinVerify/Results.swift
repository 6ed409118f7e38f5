import BinVerify
import CBinVerifyABI

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_result_summary) @implementation
public func binverify_result_summary(
  _ result: binverify_result, _ summary: UnsafeMutablePointer<binverify_summary>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let answer = try library.handles.result(result)
    let summary = try place(structure: summary, "summary")
    summary.pointee.verdict = verdict(answer.verdict)
    summary.pointee.reward = answer.reward
    func count(_ status: ObligationReport.Status) -> UInt32 {
      UInt32(answer.obligations.filter { $0.status == status }.count)
    }
    summary.pointee.obligations_proved = count(.proved)
    summary.pointee.obligations_refuted = count(.refuted)
  }
}

private func verdict(_ verdict: CandidateResult.Verdict) -> binverify_verdict {
  switch verdict {
  case .proved: Int32(BINVERIFY_PROVED)
  case .refuted: Int32(BINVERIFY_REFUTED)
  case .inconclusive: Int32(BINVERIFY_INCONCLUSIVE)
  case .unsupported: Int32(BINVERIFY_UNSUPPORTED)
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_result_text) @implementation
public func binverify_result_text(
  _ result: binverify_result, _ kind: binverify_text, _ buffer: UnsafeMutablePointer<CChar>!,
  _ capacity: Int, _ size: UnsafeMutablePointer<Int>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let answer = try library.handles.result(result)
    try Room(buffer, capacity, "buffer").write(try text(kind, of: answer), size: size)
  }
}

private func text(_ kind: binverify_text, of answer: CandidateResult) throws(Failure) -> String {
  switch Int(kind) {
  case Int(BINVERIFY_TEXT_REASON): return answer.reason
  case Int(BINVERIFY_TEXT_COUNTEREXAMPLE): return answer.counterexample ?? ""
  case Int(BINVERIFY_TEXT_REPORT): return answer.report
  case Int(BINVERIFY_TEXT_OBLIGATIONS):
    return answer.obligations.map { "\($0.kind.rawValue) \($0.status.rawValue)\n" }.joined()
  case Int(BINVERIFY_TEXT_FAILING_INPUT): return answer.failingInput ?? ""
  default: throw .argument("a text of 0 to 4 was expected, found \(kind)")
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_result_free) @implementation
public func binverify_result_free(_ result: binverify_result) -> binverify_status {
  library.call { () throws(Failure) in
    try library.handles.remove(result, "result") {
      if case .result = $0 { true } else { false }
    }
  }
}

/// Serves as a worker; the library as a program comes here.
@c(binverify_serve_worker)
public func serveWorker() { WorkerProgram.serveAsProgram() }
