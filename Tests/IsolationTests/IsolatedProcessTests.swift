import Glibc
import Isolation
import Testing

/// Each way in which a child can end, told apart by its parent.
@Suite struct IsolatedProcessTests {
  @Test func deliversTheResult() {
    #expect(IsolatedProcess.run(timeout: 60) { [1, 2, 3] } == .finished([1, 2, 3]))
    #expect(IsolatedProcess.run(timeout: nil) { [] } == .finished([]))
  }

  @Test func deliversABigResult() {
    let expected = (0..<(16 << 20)).map { UInt8(truncatingIfNeeded: $0 &* 167) }
    let outcome = IsolatedProcess.run(timeout: 60) { expected }
    #expect(outcome == .finished(expected))
  }

  @Test func keepsTheParentsValues() {
    var table = ["a": [1, 2], "b": [3]]
    let outcome = IsolatedProcess.run(timeout: 60) {
      table["a", default: []].append(9)
      table["b"] = nil
      return table["a", default: []].map { UInt8($0) }
    }
    #expect(outcome == .finished([1, 2, 9]))
    #expect(table == ["a": [1, 2], "b": [3]])
  }

  @Test func refusesTooMuchOutput() {
    let outcome = IsolatedProcess.run(timeout: 60, outputLimit: 99) {
      .init(repeating: 7, count: 100)
    }
    #expect(outcome == .outputTooLarge)
    let fitting = IsolatedProcess.run(timeout: 60, outputLimit: 100) {
      .init(repeating: 7, count: 100)
    }
    #expect(fitting == .finished(.init(repeating: 7, count: 100)))
  }

  @Test func stopsAnEndlessChildAndTicks() {
    var ticks: [Double] = []
    let outcome = IsolatedProcess.run(
      timeout: 0.35, onTick: { ticks.append($0) },
      body: {
        while getppid() > 0 {}
        return []
      })
    #expect(outcome == .timedOut)
    #expect(!ticks.isEmpty && ticks == ticks.sorted())
  }

  @Test func stopsAChildThatClosedThePipe() {
    let outcome = IsolatedProcess.run(timeout: 0.05) {
      for descriptor in Int32(3)..<256 { close(descriptor) }
      while true { pause() }
    }
    #expect(outcome == .timedOut)
  }

  @Test func tellsHowTheChildDied() {
    #expect(IsolatedProcess.run(timeout: 60) { abort() } == .killed(signal: SIGABRT))
    #expect(IsolatedProcess.run(timeout: 60) { _exit(7) } == .exited(status: 7))
    let fault: IsolatedOutcome = IsolatedProcess.run(timeout: 60) {
      UnsafeMutablePointer<UInt8>(bitPattern: 16)?.pointee = 1
      return []
    }
    #expect(fault == .killed(signal: SIGSEGV))
  }

  @Test func tellsACrashUnderAMemoryLimitFromExhaustion() {
    let limit: UInt64 = 256 << 20
    // Whatever this process was left with.
    errno = ENOMEM
    #expect(
      IsolatedProcess.run(timeout: 60, memory: limit) { abort() } == .killed(signal: SIGABRT))
    let crashing = IsolatedProcess.run(timeout: 60, memory: limit) {
      let bytes = [UInt8](repeating: 1, count: 1 << 30)
      return [bytes[bytes.count - 1]]
    }
    #expect(crashing == .outOfMemory)
    let checking = IsolatedProcess.run(timeout: 60, memory: limit) {
      let bytes = mmap(nil, 1 << 30, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
      if bytes == MAP_FAILED { IsolatedProcess.exitOutOfMemory() }
      return []
    }
    #expect(checking == .outOfMemory)
    let modest = IsolatedProcess.run(timeout: 60, memory: limit) {
      [[UInt8](repeating: 5, count: 32 << 20)[9]]
    }
    #expect(modest == .finished([5]))
  }

  @Test func leavesNoZombieAndNoDescriptor() {
    let outcome = IsolatedProcess.run(timeout: 60) {
      // In a process of our own nobody else's children confuse the count.
      let before = dup(0)
      close(before)
      for _ in 0..<20 { _ = IsolatedProcess.run(timeout: 60) { [1] } }
      _ = IsolatedProcess.run(timeout: 60) { abort() }
      _ = IsolatedProcess.run(timeout: 0.01) { while true { pause() } }
      let noChild = waitpid(-1, nil, WNOHANG) == -1 && errno == ECHILD
      return [noChild ? 1 : 0, dup(0) == before ? 1 : 0]
    }
    #expect(outcome == .finished([1, 1]))
  }

  @Test func runsFromSeveralThreads() async {
    let outcomes = await withTaskGroup(of: IsolatedOutcome.self) { group in
      for number in UInt8(0)..<32 {
        group.addTask { IsolatedProcess.run(timeout: 60) { [number] } }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(outcomes) == Set((UInt8(0)..<32).map { .finished([$0]) }))
  }
}
