import CNativeExecution
import Glibc
import Synchronization

/// Runs code in processes that are kept for later jobs: children of this one, or a program such as
/// `qemu-aarch64 arm64-runner`.
public struct ProcessRunner: NativeRunner {
  public let isa: NativeISA
  /// The program, looked up on the path, and its arguments; nil for children.
  public let command: [String]?
  private let idle = IdleServers()

  /// Runs code through a program that calls `native_serve`.
  public init(isa: NativeISA, command: [String]) {
    self.isa = isa
    self.command = command
  }

  /// Runs code on this machine's CPU; nil where there is no harness for it.
  public init?() {
    guard let host = HostRunner() else { return nil }
    isa = host.isa
    command = nil
  }

  /// Starts a process, which costs about 10 ms, unless one from earlier jobs has nothing to do. Where
  /// one is lost on this machine's CPU, the jobs are done by `HostRunner`, which tells how far it came.
  public func perform(
    _ jobs: [NativeJob], timeout: Double?
  ) throws(NativeError) -> [[UInt64]] {
    let waiting = idle.take()
    var server = if let waiting { waiting } else { try NativeServer(command: command) }
    let replies: [[UInt64]]
    do throws(NativeError) {
      replies = try server.perform(jobs, timeout: timeout)
    } catch {
      server.end()
      guard command == nil, let host = HostRunner() else { throw error }
      return try host.perform(jobs, timeout: timeout)
    }
    idle.give(server)
    return replies
  }
}

/// Started processes between jobs; they end with it.
private final class IdleServers: Sendable {
  private let servers = Mutex<[NativeServer]>([])

  func take() -> NativeServer? { servers.withLock { $0.popLast() } }
  func give(_ server: NativeServer) { servers.withLock { $0.append(server) } }

  deinit {
    for server in servers.withLock({ $0 }) { server.end() }
  }
}
