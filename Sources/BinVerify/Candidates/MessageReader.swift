import CCandidateWorkers

/// Messages from a socket, of which those that have come already are read at once.
struct MessageReader {
  /// What came instead of a message.
  enum Silence: Error {
    /// The other end is gone, or says what is none.
    case ended
    case timedOut
  }

  /// The bytes that are read at a time.
  private static let portion = 1 << 14

  private let socket: Int32
  /// What was read and not yet given, from `start` on.
  private var bytes: [UInt8] = []
  private var start = 0

  init(socket: Int32) { self.socket = socket }

  /// Whether the next message has been read.
  var hasMessage: Bool { messageSize.map { bytes.count - start - 4 >= $0 } ?? false }

  /// The size of the next message, where it is known.
  private var messageSize: Int? {
    bytes.count - start < 4 ? nil : WorkerMessage.number(bytes[start..<start + 4])
  }

  /// The next message; waits for it until `deadline`, a time of `candidate_worker_now`, or for ever if that is
  /// negative.
  mutating func next(deadline: Int64) throws(Silence) -> WorkerMessage {
    while !hasMessage {
      guard messageSize ?? 0 <= WorkerMessage.byteLimit else { throw .ended }
      try read(deadline)
    }
    let size = messageSize ?? 0
    guard let message = WorkerMessage(decoding: bytes[start + 4..<start + 4 + size])
    else { throw .ended }
    start += 4 + size
    return message
  }

  private mutating func read(_ deadline: Int64) throws(Silence) {
    var status = 0
    let portion = [UInt8](unsafeUninitializedCapacity: MessageReader.portion) { buffer, count in
      status = candidate_worker_receive(socket, buffer.baseAddress, buffer.count, deadline)
      count = Swift.max(0, status)
    }
    if status < 0 { throw .timedOut }
    if status == 0 { throw .ended }
    bytes.removeFirst(start)
    start = 0
    bytes += portion
  }
}
