import Glibc
import Isolation
import Testing

/// What Ctrl-C does; each case runs in a child of its own, which is the one interrupted.
@Suite struct InterruptTests {
  @Test func interruptEndsTheChildAndRestoresTheAction() {
    let outcome = IsolatedProcess.run(timeout: 60) {
      signal(SIGINT, SIG_IGN)
      signal(SIGINT, { _ in _exit(42) })
      let inner = IsolatedProcess.run(timeout: nil) {
        kill(getppid(), SIGINT)
        while true { pause() }
      }
      let noChild = waitpid(-1, nil, WNOHANG) == -1 && errno == ECHILD
      guard inner == .interrupted, noChild else { return [] }
      raise(SIGINT)
      return [1]
    }
    #expect(outcome == .exited(status: 42))
  }

  @Test func interruptWinsOverAResult() {
    let outcome = IsolatedProcess.run(timeout: 60) {
      let inner = IsolatedProcess.run(timeout: nil) {
        kill(getppid(), SIGINT)
        return [1]
      }
      return [inner == .interrupted ? 1 : 0]
    }
    #expect(outcome == .finished([1]))
  }

  @Test func ignoredInterruptStaysIgnored() {
    let outcome = IsolatedProcess.run(timeout: 60) {
      signal(SIGINT, SIG_IGN)
      let inner = IsolatedProcess.run(timeout: nil) {
        kill(getppid(), SIGINT)
        return [5]
      }
      return [inner == .finished([5]) ? 1 : 0]
    }
    #expect(outcome == .finished([1]))
  }

  @Test func interruptKillsGrandchildren() {
    let outcome = IsolatedProcess.run(timeout: 60) {
      var ends: [Int32] = [0, 0]
      pipe(&ends)
      let inner = IsolatedProcess.run(timeout: nil) {
        // The grandchild shares the group and keeps the pipe's writing end open until it is killed.
        var sleeper: pid_t = 0
        var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sleep"), strdup("1000"), nil]
        posix_spawn(&sleeper, "/bin/sleep", nil, nil, &arguments, nil)
        kill(getppid(), SIGINT)
        while true { pause() }
      }
      close(ends[1])
      var byte: UInt8 = 0
      return [inner == .interrupted ? 1 : 0, read(ends[0], &byte, 1) == 0 ? 1 : 0]
    }
    #expect(outcome == .finished([1, 1]))
  }
}
