/// Why code could not be run.
public enum NativeError: Error, Sendable, Hashable {
  /// No page can be mapped at this address (in use, reserved, or not canonical; 1 stands for 0).
  case cannotMap(address: UInt64)
  /// A landing has no room between the bytes around it.
  case landingOverlaps(address: UInt64)
  /// There is no free place near enough to the code for the harness, or too many landings.
  case noRoomForHarness
  /// The memory for the results cannot be had.
  case outOfMemory
  /// The user pressed Ctrl-C.
  case interrupted
  /// The process cannot be started, with the error number.
  case notStarted(error: Int32)
  /// The runner ended, or answered what is not a reply.
  case runnerFailed
  /// The runner did not answer within the time limit.
  case timedOut
}
