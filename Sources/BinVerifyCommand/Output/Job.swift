import BinVerify
import Glibc
import Isolation
import ObjectFiles

/// Runs a command's work in a child process, so that its limits hold and nothing partial is written.
struct Job {
  /// Seconds after which the child is ended; nil for no limit.
  var timeout: Double?
  /// Bytes by which the child may grow.
  var memory: UInt64 = 4 << 30
  /// The files that the work reads: `-` is read before it starts.
  var inputs: [String] = []
  /// The files that are written in the end.
  var outputs: [String] = []

  /// What the work may use.
  struct Context {
    /// What standard input held; nil if no input is `-`.
    let standardInput: [UInt8]?

    /// All bytes of the file at `path`.
    func read(_ path: String) throws(ObjectFileError) -> [UInt8] {
      if path == "-", let standardInput { return standardInput }
      return try InputFile.read(path)
    }
  }

  /// Does the work, writes what it leaves behind and ends this process with its status.
  func run(_ work: (Context) throws -> CommandOutcome) -> Never {
    let context: Context
    do {
      let files = inputs.map { (try? InputArgument($0))?.path ?? $0 }
      try OutputFiles.check(outputs, besides: files)
      context = Context(
        standardInput: inputs.contains("-") ? try InputFile.read("-") : nil)
    } catch {
      finish(Failure(error).outcome)
    }
    let outcome = IsolatedProcess.run(timeout: timeout, memory: memory, outputLimit: 1 << 30) {
      do {
        return try work(context).encoded
      } catch {
        return Failure(error).outcome.encoded
      }
    }
    finish(result(of: outcome))
  }

  private func result(of outcome: IsolatedOutcome) -> CommandOutcome {
    func ended(_ message: String, _ status: ExitStatus) -> CommandOutcome {
      Failure("binverify: \(message)", status: status).outcome
    }
    switch outcome {
    case .finished(let bytes):
      return CommandOutcome(encoded: bytes) ?? ended("internal error: no result", .internalError)
    case .timedOut: return ended("inconclusive: the time limit was reached", .inconclusive)
    case .outOfMemory:
      return ended(
        "inconclusive: the memory limit of \(memory >> 20) MiB was reached", .inconclusive)
    case .interrupted: return ended("interrupted", .inconclusive)
    case .outputTooLarge: return ended("inconclusive: the output is too large", .inconclusive)
    case .killed(let signal):
      return ended("internal error: ended by signal \(signal)", .internalError)
    case .exited(let status):
      return ended("internal error: ended with status \(status)", .internalError)
    case .notStarted(let error):
      return ended("internal error: no process: error \(error)", .internalError)
    }
  }

  private func finish(_ outcome: CommandOutcome) -> Never {
    ProgressLine.clear()
    var outcome = outcome
    outcome.writeFiles()
    outcome.deliver()
  }
}
