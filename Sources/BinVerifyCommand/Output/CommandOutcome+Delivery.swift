import Glibc

extension CommandOutcome {
  /// Writes the files. One that cannot be written is an error, but takes nothing from a verdict that
  /// is no success anyway.
  mutating func writeFiles() {
    for file in files {
      do throws(Failure) {
        try AtomicFile.write(file.contents, to: file.path)
      } catch {
        errors += error.outcome.errors
        if status == .success { status = error.status }
      }
    }
  }

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
