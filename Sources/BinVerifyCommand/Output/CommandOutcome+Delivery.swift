import Glibc

extension CommandOutcome {
  /// Writes errors and output, and ends the process with the status. Where standard output does not
  /// take everything (a full disk), that is said and is no success.
  func deliver() -> Never {
    AtomicFile.writeAll(errors, to: 2)
    do throws(Failure) {
      try AtomicFile.write(output, to: "-")
    } catch {
      AtomicFile.writeAll(error.outcome.errors, to: 2)
      exit((status == .success ? .internalError : status).rawValue)
    }
    exit(status.rawValue)
  }
}
