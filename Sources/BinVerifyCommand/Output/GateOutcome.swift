import Gate

/// How the gate's commands end: all of the output, then the status.
enum GateOutcome {
  /// Writes what `outcome` returns, files first, or why there is nothing, and ends the process.
  static func exit(_ outcome: () throws -> CommandOutcome) -> Never {
    var answer: CommandOutcome
    do {
      answer = try outcome()
    } catch {
      answer = failure(error).outcome
    }
    answer.writeFiles()
    answer.deliver()
  }

  /// The failure that an error is, those of the gate among them.
  private static func failure(_ error: any Error) -> Failure {
    switch error {
    case let error as ManifestError: Failure(error.description)
    case let error as KeyError: Failure(error.description)
    case let error as Revision.Failure: Failure("binverify: error: --since: \(error)")
    default: Failure(error)
    }
  }
}
