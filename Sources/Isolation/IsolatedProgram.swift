import CIsolation
import Glibc

/// A program that is run without a shell, in a process group of its own and within limits.
public struct IsolatedProgram: Sendable, Hashable {
  /// How a run ended.
  public enum Ending: Sendable, Hashable {
    /// It ended by itself; at most `outputLimit` bytes of each stream are kept.
    case exited(status: Int32, output: [UInt8], errors: [UInt8])
    case timedOut
    case killed(signal: Int32)
    case interrupted
    /// It could not be started, with the system's error number.
    case notStarted(error: Int32)
  }

  /// The executable's path.
  public let path: String
  public let arguments: [String]

  public init(path: String, arguments: [String]) {
    (self.path, self.arguments) = (path, arguments)
  }

  /// The status of a child whose program could not be started, as shells have it.
  private static let notExecuted: Int32 = 127

  /// Runs it with `input` on standard input.
  /// - Parameters:
  ///   - seconds: wall-clock time after which it is ended with all that it started.
  ///   - memory: bytes that its address space may have beyond this process's; nil for no limit.
  public func run(
    input: [UInt8] = [], seconds: Double, memory: UInt64? = nil, outputLimit: Int = 1 << 20
  ) -> Ending {
    guard let streams = Streams(input) else { return .notStarted(error: errno) }
    defer { streams.close() }
    let words = [path] + arguments
    var pointers = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    let outcome = IsolatedProcess.run(timeout: seconds, memory: memory) {
      dup2(streams.input, 0)
      dup2(streams.output, 1)
      dup2(streams.errors, 2)
      execv(path, &pointers)
      _exit(IsolatedProgram.notExecuted)
    }
    switch outcome {
    case .exited(let status):
      return .exited(
        status: status, output: Streams.contents(streams.output, outputLimit),
        errors: Streams.contents(streams.errors, outputLimit))
    case .killed(let signal): return .killed(signal: signal)
    case .interrupted: return .interrupted
    case .notStarted(let error): return .notStarted(error: error)
    case .timedOut: return .timedOut
    // These are said by a child that delivers a result, which one that became a program does not.
    case .finished, .outOfMemory, .outputTooLarge: return .notStarted(error: ENOMEM)
    }
  }

  /// The file that a word means: itself with a slash in it, else the first of that name on the path.
  public static func find(_ word: String) -> String? {
    if word.contains("/") { return isProgram(word) ? word : nil }
    guard let path = getenv("PATH").map({ String(cString: $0) }) else { return nil }
    return path.split(separator: ":").lazy.map { "\($0)/\(word)" }.first(where: isProgram)
  }

  private static func isProgram(_ path: String) -> Bool {
    var information = stat()
    return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFREG
      && access(path, X_OK) == 0
  }

  /// The three standard streams, as files in memory.
  private struct Streams {
    let input: Int32
    let output: Int32
    let errors: Int32

    /// Nil, with the reason in `errno`, where there are none to be had.
    init?(_ bytes: [UInt8]) {
      input = Streams.make()
      output = Streams.make()
      errors = Streams.make()
      let isReady =
        input >= 0 && output >= 0 && errors >= 0 && Streams.write(bytes, to: input)
        && lseek(input, 0, SEEK_SET) == 0
      if !isReady {
        close()
        return nil
      }
    }

    private static func make() -> Int32 { isolation_memory_file() }

    private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
      bytes.withUnsafeBytes { buffer in
        var sent = 0
        while sent < buffer.count {
          let step = Glibc.write(file, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
          if step < 0, errno == EINTR { continue }
          if step <= 0 { return false }
          sent += step
        }
        return true
      }
    }

    func close() {
      for file in [input, output, errors] where file >= 0 { Glibc.close(file) }
    }

    /// What was written to a stream.
    static func contents(_ file: Int32, _ limit: Int) -> [UInt8] {
      var information = stat()
      guard fstat(file, &information) == 0 else { return [] }
      var bytes = [UInt8](repeating: 0, count: min(limit, Int(information.st_size)))
      var count = 0
      while count < bytes.count {
        let step = bytes.withUnsafeMutableBytes {
          pread(file, $0.baseAddress?.advanced(by: count), $0.count - count, off_t(count))
        }
        if step <= 0 { break }
        count += step
      }
      return Array(bytes.prefix(count))
    }
  }
}
