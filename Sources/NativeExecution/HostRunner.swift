import CNativeExecution
import Isolation

/// Running code on this machine's CPU.
public enum NativeExecution {
  /// The name of this host's ISA ("x86-64", "arm64"), or nil if code cannot be run on it.
  public static var hostISA: String? { HostRunner()?.isa.rawValue }

  /// Lets this process keep the memory that it frees: giving it back and getting it anew took a third
  /// of the time of long runs on many states.
  package static func keepFreedMemory() { native_keep_freed_memory() }
}

/// Runs code on this machine's CPU, in a child process with a time limit.
public struct HostRunner: NativeRunner {
  public let isa: NativeISA

  /// Nil on hosts of other ISAs.
  public init?() {
    guard let name = native_isa(), let isa = NativeISA(rawValue: String(cString: name)) else {
      return nil
    }
    self.isa = isa
  }

  /// When the time is over or the child is lost, the rest of the states is unfinished or not run.
  public func perform(
    _ jobs: [NativeJob], timeout: Double?
  ) throws(NativeError) -> [[UInt64]] {
    let wordCount = jobs.reduce(0) { $0 + $1.replyWordCount }
    guard wordCount > 0 else { return [] }
    guard let memory = native_share(wordCount * 8) else { throw .outOfMemory }
    defer { native_unshare(memory, wordCount * 8) }
    let shared = memory.bindMemory(to: UInt64.self, capacity: wordCount)
    let outcome = IsolatedProcess.run(timeout: timeout) {
      var next = shared
      for job in jobs {
        native_prefault(next, job.replyWordCount * 8)
        job.words.withUnsafeBufferPointer { words in
          job.states.withUnsafeBufferPointer { states in
            native_perform(words.baseAddress, states.baseAddress, next)
          }
        }
        next += job.replyWordCount
      }
      return []
    }
    switch outcome {
    case .interrupted: throw .interrupted
    case .notStarted(let error): throw .notStarted(error: error)
    case .finished, .timedOut, .outOfMemory, .killed, .exited, .outputTooLarge: break
    }
    var next = UnsafePointer(shared)
    return jobs.map { job in
      defer { next += job.replyWordCount }
      return Array(UnsafeBufferPointer(start: next, count: job.replyWordCount))
    }
  }
}
