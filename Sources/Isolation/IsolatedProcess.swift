import CIsolation

/// Runs a computation in a forked child, so that its crash, hunger or endlessness stays there.
public enum IsolatedProcess {
  /// Runs `body` in a child and returns its bytes, with the child gone whatever happened.
  ///
  /// The child sees a copy of this process's memory and nothing that it changes is seen here. It has
  /// only the calling thread: `body` must neither use Swift concurrency nor wait for another thread.
  /// - Parameters:
  ///   - timeout: seconds, or nil for no limit.
  ///   - memory: bytes by which the child's address space may grow, or nil for no limit; reserved
  ///     space counts, used or not.
  ///   - outputLimit: the largest number of bytes that `body` may return.
  ///   - onTick: called here about every 100 ms with the seconds since the start.
  ///   - body: runs in the child and ends it by returning; exit handlers do not run.
  public static func run(
    timeout: Double?, memory: UInt64? = nil, outputLimit: Int = 1 << 26,
    onTick: ((_ elapsed: Double) -> Void)? = nil, body: () -> [UInt8]
  ) -> IsolatedOutcome {
    var child = isolation_child()
    let status = isolation_fork(&child, memory != nil, memory ?? 0)
    if status < 0 { return .notStarted(error: -status) }
    if status == 0 {
      body().withUnsafeBufferPointer { isolation_deliver($0.baseAddress, $0.count) }
    }
    return withoutActuallyEscapingTick(onTick) { context, tick in
      var limits = isolation_limits(
        nanoseconds: nanoseconds(timeout), output_limit: max(0, outputLimit), tick: tick,
        context: context)
      var report = isolation_report()
      isolation_wait(&child, &limits, &report)
      return outcome(of: report)
    }
  }

  /// In `body`: ends the child at once with the outcome `outOfMemory`.
  public static func exitOutOfMemory() -> Never {
    isolation_deliver_out_of_memory()
  }

  /// The limit in nanoseconds as the C core wants it: negative for none, saturated.
  static func nanoseconds(_ seconds: Double?) -> Int64 {
    guard let seconds, seconds < 9e9 else { return -1 }
    return seconds > 0 ? Int64(seconds * 1e9) : 0
  }

  /// Calls `body` with the tick closure as a C callback and its context.
  private static func withoutActuallyEscapingTick(
    _ onTick: ((Double) -> Void)?,
    _ body: (UnsafeMutableRawPointer?, (@convention(c) (UnsafeMutableRawPointer?, Int64) -> Void)?)
      -> IsolatedOutcome
  ) -> IsolatedOutcome {
    guard var onTick else { return body(nil, nil) }
    return withUnsafeMutablePointer(to: &onTick) { pointer in
      body(UnsafeMutableRawPointer(pointer)) { context, elapsed in
        context?.assumingMemoryBound(to: ((Double) -> Void).self).pointee(Double(elapsed) / 1e9)
      }
    }
  }

  /// The report in Swift's terms; frees the report's bytes.
  static func outcome(of report: isolation_report) -> IsolatedOutcome {
    switch report.ending {
    case ISOLATION_FINISHED:
      let bytes = Array(UnsafeBufferPointer(start: report.bytes, count: report.byte_count))
      isolation_release(report.bytes)
      return .finished(bytes)
    case ISOLATION_TIMED_OUT: return .timedOut
    case ISOLATION_OUT_OF_MEMORY: return .outOfMemory
    case ISOLATION_KILLED: return .killed(signal: report.detail)
    case ISOLATION_INTERRUPTED: return .interrupted
    case ISOLATION_OUTPUT_TOO_LARGE: return .outputTooLarge
    default: return .exited(status: report.detail)
    }
  }
}
