/// What a command leaves behind: written only when all of it is known.
struct CommandOutcome {
  /// A file to write.
  struct File {
    let path: String
    let contents: [UInt8]
  }

  var status = ExitStatus.success
  var output: [UInt8] = []
  var errors: [UInt8] = []
  var files: [File] = []

  init(
    status: ExitStatus = .success, output: String = "", errors: String = "", files: [File] = []
  ) {
    self.status = status
    self.output = Array(output.utf8)
    self.errors = Array(errors.utf8)
    self.files = files
  }

  // MARK: As bytes

  /// All parts, each with its length before it.
  var encoded: [UInt8] {
    var parts = [[UInt8(status.rawValue)], output, errors]
    for file in files { parts += [Array(file.path.utf8), file.contents] }
    return parts.flatMap { part in
      (0..<8).map { UInt8(truncatingIfNeeded: part.count >> ($0 * 8)) } + part
    }
  }

  /// The outcome that `encoded` gave; nil for anything else.
  init?(encoded: [UInt8]) {
    var parts: [[UInt8]] = []
    var rest = encoded[...]
    while rest.count >= 8 {
      let length = rest.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
      rest = rest.dropFirst(8)
      guard length >= 0, length <= rest.count else { return nil }
      parts.append(Array(rest.prefix(length)))
      rest = rest.dropFirst(length)
    }
    guard parts.count >= 3, parts.count % 2 == 1, let code = parts[0].first,
      let status = ExitStatus(rawValue: Int32(code))
    else { return nil }
    self.status = status
    output = parts[1]
    errors = parts[2]
    files = stride(from: 3, to: parts.count, by: 2).map {
      File(path: String(decoding: parts[$0], as: UTF8.self), contents: parts[$0 + 1])
    }
  }
}

/// The exit statuses, the same in every output mode.
enum ExitStatus: Int32 {
  /// Proved, equivalent, or done.
  case success = 0
  case refuted = 1
  case badInput = 2
  case inconclusive = 3
  case unsupported = 4
  case vacuous = 5
  case internalError = 70
}
