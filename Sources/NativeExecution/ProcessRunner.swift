import Glibc

/// Runs code through a program that reads jobs and writes replies, such as
/// `qemu-aarch64 arm64-runner`.
public struct ProcessRunner: NativeRunner {
  public let isa: NativeISA
  /// The program, looked up on the path, and its arguments.
  public let command: [String]

  public init(isa: NativeISA, command: [String]) {
    self.isa = isa
    self.command = command
  }

  /// Starts the program for these jobs, which costs about 10 ms, and ends it afterwards.
  public func perform(
    _ jobs: [NativeJob], timeout: Double?
  ) throws(NativeError) -> [[UInt64]] {
    var input: [UInt64] = []
    for job in jobs {
      input.append(UInt64(job.words.count + job.states.count))
      input += job.words
      input += job.states
    }
    let wordCount = jobs.reduce(0) { $0 + $1.replyWordCount }
    let conversation = try Conversation(command: command)
    defer { conversation.end() }
    let output = try conversation.exchange(input, replyWordCount: wordCount, timeout: timeout)
    var position = 0
    return jobs.map { job in
      defer { position += job.replyWordCount }
      return Array(output[position..<position + job.replyWordCount])
    }
  }
}

/// A started program whose standard input and output are one socket of ours.
private struct Conversation {
  let process: pid_t
  let socket: Int32

  /// Starts the program.
  init(command: [String]) throws(NativeError) {
    var ends: [Int32] = [0, 0]
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw .notStarted(error: errno) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    var arguments = command.map { strdup($0) } + [nil]
    var process: pid_t = 0
    let error = posix_spawnp(&process, command.first ?? "", &actions, nil, &arguments, environ)
    for argument in arguments { free(argument) }
    posix_spawn_file_actions_destroy(&actions)
    close(ends[1])
    guard error == 0 else {
      close(ends[0])
      throw .notStarted(error: error)
    }
    self.process = process
    socket = ends[0]
  }

  /// Ends the program, whatever it does, and reaps it.
  func end() {
    kill(process, SIGKILL)
    close(socket)
    while waitpid(process, nil, 0) < 0 && errno == EINTR {}
  }

  /// Sends the input and receives so many words, both as the program is ready for them.
  func exchange(
    _ input: [UInt64], replyWordCount: Int, timeout: Double?
  ) throws(NativeError) -> [UInt64] {
    var output = [UInt64](repeating: 0, count: replyWordCount)
    let start = ContinuousClock.now
    let error: NativeError? = output.withUnsafeMutableBytes { output in
      input.withUnsafeBytes { input in
        var sent = 0
        var received = 0
        while received < output.count {
          let elapsed = (ContinuousClock.now - start) / .seconds(1)
          if let timeout, elapsed >= timeout { return .timedOut }
          let remaining = min(1000, max(1, ((timeout ?? 1e6) - elapsed) * 1000))
          let wanted = Int16(POLLIN) | (sent < input.count ? Int16(POLLOUT) : 0)
          var descriptor = pollfd(fd: socket, events: wanted, revents: 0)
          poll(&descriptor, 1, Int32(remaining))
          if sent < input.count {
            let step = send(input[sent...])
            guard step >= 0 else { return .runnerFailed }
            sent += step
          }
          let step = receive(UnsafeMutableRawBufferPointer(rebasing: output[received...]))
          guard step >= 0 else { return .runnerFailed }
          received += step
        }
        return nil
      }
    }
    if let error { throw error }
    return output
  }

  /// Sends what the socket takes at once; -1 if the program no longer listens.
  private func send(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int {
    let part = UnsafeRawBufferPointer(rebasing: bytes)
    let flags = Int32(MSG_DONTWAIT | MSG_NOSIGNAL)
    let step = Glibc.send(socket, part.baseAddress, part.count, flags)
    return step < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : step
  }

  /// Receives what is there; -1 if the program has ended.
  private func receive(_ bytes: UnsafeMutableRawBufferPointer) -> Int {
    let step = recv(socket, bytes.baseAddress, bytes.count, Int32(MSG_DONTWAIT))
    if step < 0 { return errno == EAGAIN || errno == EINTR ? 0 : -1 }
    return step == 0 ? -1 : step
  }
}
