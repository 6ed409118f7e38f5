import CCandidateWorkers
import Contracts

/// The worker's side: reads requests from descriptor 0 and answers there, until the host is gone.
struct CandidateWorker {
  /// What a worker says when it is ready to be asked.
  static let greeting = WorkerMessage("binverify worker", version)

  func serve() {
    candidate_worker_watch_host(0)
    guard send(CandidateWorker.greeting) else { return }
    var judge: CandidateJudge?
    var reader = MessageReader(socket: 0)
    while let request = try? reader.next(deadline: -1) {
      let answer: WorkerMessage
      switch request.text(0) {
      case "setup": answer = setUp(request, &judge)
      case "bank": answer = use(request, &judge)
      case "judge":
        guard let judge, request.fields.count == 2 else { return }
        answer =
          judge.judge(request.fields[1]) { _ = send(WorkerMessage("tested", "\($0)")) }
          .message
      default: return
      }
      guard send(answer) else { return }
    }
  }

  /// Takes the inputs of a bank.
  private func use(_ request: WorkerMessage, _ judge: inout CandidateJudge?) -> WorkerMessage {
    do {
      try judge?.use(request.fields.indices.dropFirst().map(request.text))
      return WorkerMessage("ready")
    } catch {
      return WorkerMessage("usage", "\(error)")
    }
  }

  /// Prepares a judge, or says why there is none: the kind of error and its text.
  private func setUp(_ request: WorkerMessage, _ judge: inout CandidateJudge?) -> WorkerMessage {
    guard let setup = CandidateSetup(request) else {
      return WorkerMessage("usage", "the worker is of another version than its host")
    }
    candidate_worker_limit_memory(setup.options.memory)
    do {
      judge = try CandidateJudge(setup)
      return WorkerMessage("ready")
    } catch is VacuousSpecification {
      return WorkerMessage("vacuous")
    } catch let error as SpecificationError {
      return WorkerMessage(
        "specification", "\(error.file):\(error.position): error: \(error.message)")
    } catch let error as UnknownArchitecture {
      return WorkerMessage("usage", error.description)
    } catch let error as CandidateError {
      return WorkerMessage("usage", error.description)
    } catch {
      return WorkerMessage("usage", "\(error)")
    }
  }

  private func send(_ message: WorkerMessage) -> Bool {
    let bytes = message.encoded
    return bytes.withUnsafeBytes { candidate_worker_send(0, $0.baseAddress, $0.count, -1) }
  }
}
