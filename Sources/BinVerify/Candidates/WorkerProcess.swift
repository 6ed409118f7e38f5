import CCandidateWorkers
import Glibc

/// A worker as its host sees it. It belongs to one thread at a time: the pool hands it on.
final class WorkerProcess: @unchecked Sendable {
  /// What came instead of a message.
  enum Silence: Error {
    /// The worker ended: a crash, or memory that ran out.
    case ended
    case timedOut
  }

  /// The bank that it runs candidates on.
  var bank = CounterexampleBank()
  private var worker = candidate_worker(process: -1, socket: -1)

  /// Starts the program. It has not answered yet.
  init(_ program: WorkerProgram) throws(CandidateError) {
    var arguments = ([program.path] + program.arguments).map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    let error = candidate_worker_start(&worker, &arguments)
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
  func send(_ message: WorkerMessage, deadline: Int64) throws(Silence) {
    let bytes = message.encoded
    let isSent = bytes.withUnsafeBytes {
      candidate_worker_send(worker.socket, $0.baseAddress, $0.count, deadline)
    }
    if !isSent { throw .ended }
  }

  /// The next message.
  func receive(deadline: Int64) throws(Silence) -> WorkerMessage {
    let size = WorkerMessage.number(try bytes(4, deadline))
    guard size <= WorkerMessage.byteLimit,
      let message = WorkerMessage(decoding: try bytes(size, deadline))
    else { throw .ended }
    return message
  }

  private func bytes(_ count: Int, _ deadline: Int64) throws(Silence) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count)
    let status = result.withUnsafeMutableBytes {
      candidate_worker_receive(worker.socket, $0.baseAddress, $0.count, deadline)
    }
    if status < 0 { throw .timedOut }
    if status == 0 { throw .ended }
    return result
  }
}
