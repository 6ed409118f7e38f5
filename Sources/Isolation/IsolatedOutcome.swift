/// How a computation in a child process ended.
public enum IsolatedOutcome: Sendable, Hashable {
  /// The body returned these bytes.
  case finished([UInt8])
  /// The time limit passed first.
  case timedOut
  /// The child said so, or crashed when its address space could not grow.
  case outOfMemory
  /// A signal ended the child.
  case killed(signal: Int32)
  /// The child ended by itself without delivering its result.
  case exited(status: Int32)
  /// The user pressed Ctrl-C (SIGINT) meanwhile; this wins over any other outcome.
  case interrupted
  /// The body returned more bytes than allowed.
  case outputTooLarge
  /// The system refused a pipe or a process, with this error number.
  case notStarted(error: Int32)
}
