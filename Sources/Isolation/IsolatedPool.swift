import CIsolation
import Glibc

/// Runs many computations, each in a forked child of its own, several at a time.
public enum IsolatedPool {
  /// What one computation may cost.
  public struct Limits: Sendable {
    /// Seconds from its start.
    public let timeout: Double
    /// Bytes by which its address space may grow.
    public let memory: UInt64

    public init(timeout: Double, memory: UInt64) {
      self.timeout = timeout
      self.memory = memory
    }
  }

  /// A child at work.
  private struct Running {
    let index: Int
    var child: isolation_child
    let deadline: ContinuousClock.Instant
  }

  /// Runs `body` for 0..<`count`, at most `width` at a time and in that order; whatever happens to one
  /// child, the others go on. What `IsolatedProcess` says of `body` holds here too.
  /// - Parameter done: called here with the outcome of each as soon as it is known; after an
  ///   interrupt those that did not start are not heard of.
  public static func run(
    count: Int, width: Int, outputLimit: Int = 1 << 28, limits: (Int) -> Limits,
    body: (Int) -> [UInt8], done: (Int, IsolatedOutcome) -> Void
  ) {
    var running: [Running] = []
    var next = 0
    var isInterrupted = false
    while !running.isEmpty || next < count && !isInterrupted {
      while !isInterrupted, next < count, running.count < max(1, width) {
        let index = next
        next += 1
        switch start(index, limits(index), body) {
        case .running(let child): running.append(child)
        case .failed(let error): done(index, .notStarted(error: error))
        }
      }
      for place in wait(running).reversed() {
        let ended = running.remove(at: place)
        let outcome = finish(ended, outputLimit)
        if outcome == .interrupted { isInterrupted = true }
        done(ended.index, outcome)
      }
    }
  }

  private enum Start {
    case running(Running)
    case failed(Int32)
  }

  private static func start(
    _ index: Int, _ limits: Limits, _ body: (Int) -> [UInt8]
  ) -> Start {
    var child = isolation_child()
    let status = isolation_fork(&child, true, limits.memory)
    if status < 0 { return .failed(-status) }
    if status == 0 {
      body(index).withUnsafeBufferPointer { isolation_deliver($0.baseAddress, $0.count) }
    }
    let deadline = ContinuousClock.now.advanced(by: .seconds(min(limits.timeout, 1e9)))
    return .running(Running(index: index, child: child, deadline: deadline))
  }

  /// The places of the children that have something to say, ended, ran out of time or are to stop.
  private static func wait(_ running: [Running]) -> [Int] {
    var descriptors = running.map {
      pollfd(fd: $0.child.descriptor, events: Int16(POLLIN), revents: 0)
    }
    _ = poll(&descriptors, nfds_t(descriptors.count), 100)
    let now = ContinuousClock.now
    return running.indices.filter { place in
      var child = running[place].child
      return descriptors[place].revents != 0 || running[place].deadline <= now
        || isolation_was_interrupted(&child)
    }
  }

  /// Reads what a child delivers, or ends it.
  private static func finish(_ running: Running, _ outputLimit: Int) -> IsolatedOutcome {
    var child = running.child
    // One that began to deliver is soon done with it.
    let rest: Int64 = running.deadline <= .now ? 0 : 10_000_000_000
    var limits = isolation_limits(
      nanoseconds: rest, output_limit: outputLimit, tick: nil, context: nil)
    var report = isolation_report()
    isolation_wait(&child, &limits, &report)
    return IsolatedProcess.outcome(of: report)
  }
}
