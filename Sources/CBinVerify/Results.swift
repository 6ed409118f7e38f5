import BinVerify
import CBinVerifyABI

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_result_summary) @implementation
public func binverify_result_summary(
  _ result: binverify_result, _ summary: UnsafeMutablePointer<binverify_summary>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let summary = try place(summary, "summary")
    let answer = try library.handles.result(result)
    let size = Int(UnsafeRawPointer(summary).loadUnaligned(as: UInt32.self))
    let own = MemoryLayout<binverify_summary>.size
    guard size == own else {
      throw .argument("summary: a struct_size of \(own) was expected, found \(size)")
    }
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
    guard buffer != nil || capacity == 0 else {
      throw .argument("buffer: room for \(capacity) bytes was expected, found null")
    }
    guard capacity >= 0 else { throw .argument("capacity: \(capacity) is too large") }
    let text = Array(try text(kind, of: answer).utf8)
    if let size { size.pointee = text.count + 1 }
    guard let buffer, capacity > 0 else { return }
    let kept = Swift.min(text.count, capacity - 1)
    for index in 0..<kept { buffer[index] = CChar(bitPattern: text[index]) }
    buffer[kept] = 0
  }
}

private func text(_ kind: binverify_text, of answer: CandidateResult) throws(Failure) -> String {
  switch Int(kind) {
  case Int(BINVERIFY_TEXT_REASON): return answer.reason
  case Int(BINVERIFY_TEXT_COUNTEREXAMPLE): return answer.counterexample ?? ""
  case Int(BINVERIFY_TEXT_REPORT): return answer.report
  case Int(BINVERIFY_TEXT_OBLIGATIONS):
    return answer.obligations.map { "\($0.kind.rawValue) \($0.status.rawValue)\n" }.joined()
  default: throw .argument("a text of 0 to 3 was expected, found \(kind)")
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
