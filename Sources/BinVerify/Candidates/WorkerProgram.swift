import Glibc

/// The program that judges candidates in a process of its own, so that nothing which a candidate
/// does to the verifier reaches the host.
public struct WorkerProgram: Sendable, Hashable {
  /// The argument that makes a program serve.
  static let argument = "--binverify-worker"

  public let path: String
  public let arguments: [String]

  /// A program that calls `serveIfAsked` when started with `arguments`.
  public init(path: String, arguments: [String] = []) {
    self.path = path
    self.arguments = arguments + [WorkerProgram.argument]
  }

  /// This very program, whose `main` has to begin with `WorkerProgram.serveIfAsked()`.
  public static var thisProgram: WorkerProgram { WorkerProgram(path: "/proc/self/exe") }

  /// Serves as a worker and does not return, if this process was started as one; else does nothing.
  ///
  /// To be called first thing, before any other thread is started.
  public static func serveIfAsked() {
    guard CommandLine.arguments.last == argument else { return }
    serve()
  }

  /// The whole work of a program that is nothing but a worker.
  package static func serveAsProgram() { serve() }

  /// Judges candidates until the host is gone.
  private static func serve() -> Never {
    CandidateWorker().serve()
    exit(0)
  }
}
