import CCandidateWorkers
import Glibc

/// A worker as its host sees it. It belongs to one thread at a time: the pool hands it on.
final class WorkerProcess: @unchecked Sendable {
  /// The bank that it runs candidates on.
  var bank = CounterexampleBank()
  private var worker = candidate_worker(process: -1, socket: -1)
  private var reader: MessageReader

  /// Starts the program. It has not answered yet.
  init(_ program: WorkerProgram) throws(CandidateError) {
    var arguments = ([program.path] + program.arguments).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let error = candidate_worker_start(&worker, &arguments)
    reader = MessageReader(socket: worker.socket)
    guard error == 0 else {
      throw .worker("\(program.path) cannot be started: \(String(cString: strerror(error)))")
    }
  }

  deinit { candidate_worker_stop(&worker) }

  /// Leaves the process to the process that started it, which this one was forked from.
  func forget() { candidate_worker_forget(&worker) }

  /// The descriptor on which answers come.
  var descriptor: Int32 { worker.socket }

  /// Sends a message. `deadline` is a time of `candidate_worker_now`.
  func send(_ message: WorkerMessage, deadline: Int64) throws(MessageReader.Silence) {
    let bytes = message.encoded
    let isSent = bytes.withUnsafeBytes {
      candidate_worker_send(worker.socket, $0.baseAddress, $0.count, deadline)
    }
    if !isSent { throw .ended }
  }

  /// Whether an answer has been read already.
  var hasMessage: Bool { reader.hasMessage }

  /// The next message.
  func receive(deadline: Int64) throws(MessageReader.Silence) -> WorkerMessage {
    try reader.next(deadline: deadline)
  }
}
