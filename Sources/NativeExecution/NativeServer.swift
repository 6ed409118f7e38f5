import CNativeExecution
import Glibc

/// A process that performs jobs; they and the replies lie in memory that it shares with us.
///
/// One thread at a time uses it.
struct NativeServer: @unchecked Sendable {
  private let process: pid_t
  private let socket: Int32
  private let file: Int32
  private var memory: UnsafeMutableRawPointer?
  private var byteCount = 0

  /// Starts a program, or a child of this process.
  init(command: [String]?) throws(NativeError) {
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .notStarted(error: errno) }
    file = native_memory()
    socket = ends[0]
    defer { close(ends[1]) }
    let started: Int32 =
      if let command {
        NativeServer.spawn(command, socket: ends[1], memory: file)
      } else { native_fork_server(ends[1], file) }
    process = started
    if started < 0 {
      close(socket)
      close(file)
      throw .notStarted(error: -started)
    }
  }

  /// The process's id, or a negative error number.
  private static func spawn(_ command: [String], socket: Int32, memory: Int32) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // Neither of the two may be where the other goes.
    let spare = fcntl(memory, F_DUPFD_CLOEXEC, 16)
    defer { close(spare) }
    posix_spawn_file_actions_adddup2(&actions, socket, 0)
    posix_spawn_file_actions_adddup2(&actions, spare, Int32(NATIVE_MEMORY_FILE))
    var arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let error = posix_spawnp(&process, command.first ?? "", &actions, nil, &arguments, environ)
    return error == 0 ? process : -error
  }

  /// Ends the process, whatever it does, and reaps it.
  func end() {
    kill(process, SIGKILL)
    close(socket)
    close(file)
    if let memory { munmap(memory, byteCount) }
    while waitpid(process, nil, 0) < 0 && errno == EINTR {}
  }

  /// Performs jobs; `timeout` in seconds is for all of them.
  mutating func perform(
    _ jobs: [NativeJob], timeout: Double?
  ) throws(NativeError) -> [[UInt64]] {
    let inputCount = jobs.reduce(0) { $0 + $1.words.count + $1.states.count }
    let outputCount = jobs.reduce(0) { $0 + $1.replyWordCount }
    var next = try share(inputCount + outputCount)
    for job in jobs {
      for words in [job.words, job.states] {
        words.withUnsafeBufferPointer {
          if let base = $0.baseAddress { next.update(from: base, count: $0.count) }
        }
        next += words.count
      }
    }
    var request = native_request(
      byte_count: UInt64(byteCount), job_count: UInt64(jobs.count),
      reply_offset: UInt64(inputCount))
    let size = MemoryLayout.size(ofValue: request)
    guard send(socket, &request, size, Int32(MSG_NOSIGNAL)) == size else {
      throw .runnerFailed
    }
    try waitForAnswer(timeout: timeout)
    return jobs.map { job in
      defer { next += job.replyWordCount }
      return Array(UnsafeBufferPointer(start: next, count: job.replyWordCount))
    }
  }

  /// The shared memory, which has at least so many words.
  private mutating func share(_ wordCount: Int) throws(NativeError) -> UnsafeMutablePointer<UInt64>
  {
    if wordCount * 8 > byteCount || memory == nil {
      if let memory { munmap(memory, byteCount) }
      byteCount = (wordCount * 8 + 0xFFFF) & ~0xFFFF
      memory = ftruncate(file, byteCount) == 0 ? native_map(file, byteCount) : nil
    }
    guard let memory else { throw .outOfMemory }
    return memory.assumingMemoryBound(to: UInt64.self)
  }

  private func waitForAnswer(timeout: Double?) throws(NativeError) {
    let start = ContinuousClock.now
    while true {
      let elapsed = (ContinuousClock.now - start) / .seconds(1)
      if let timeout, elapsed >= timeout { throw .timedOut }
      let remaining = min(1000, max(1, ((timeout ?? 1e6) - elapsed) * 1000))
      var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
      guard poll(&descriptor, 1, Int32(remaining)) > 0 else { continue }
      var answer: UInt64 = 0
      let count = recv(socket, &answer, 8, 0)
      if count < 0 && errno == EINTR { continue }
      guard count == 8 else { throw .runnerFailed }
      return
    }
  }
}
