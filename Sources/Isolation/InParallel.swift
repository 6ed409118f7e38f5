import Glibc
import Synchronization

/// Work that threads take turns in taking pieces of.
private final class SharedWork: Sendable {
  private let count: Int
  private let next = Atomic(0)
  private let body: @Sendable (Int) -> Void

  init(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    self.count = count
    self.body = body
  }

  /// Does pieces until none is left.
  func run() {
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      body(index)
    }
  }
}

/// Calls `body` with each number below `count`, from up to `threads` threads (0: one a processor),
/// the calling one among them, and returns when all is done.
package func inParallel(
  _ count: Int, threads: Int, _ body: @escaping @Sendable (Int) -> Void
) {
  let wanted = threads == 0 ? Swift.max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) : threads
  let work = SharedWork(count, body)
  var started: [pthread_t] = []
  for _ in 1..<Swift.max(1, Swift.min(wanted, count)) {
    var thread = pthread_t()
    let argument = Unmanaged.passRetained(work)
    let error = pthread_create(
      &thread, nil,
      { argument in
        if let argument { Unmanaged<SharedWork>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
      }, argument.toOpaque())
    // Where no thread can be had, the calling one does it all.
    if error == 0 { started.append(thread) } else { argument.release() }
  }
  work.run()
  for thread in started { pthread_join(thread, nil) }
}
