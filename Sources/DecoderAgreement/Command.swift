import FoundationEssentials
import Glibc

/// A program that reads bytes and writes lines.
enum Command {
  /// Runs `command` by the shell with `input` in a file whose path stands for `$INPUT`; returns what
  /// it writes to standard output and to standard error.
  static func run(
    _ command: String, input: some DataProtocol
  ) throws -> (output: String, errors: String) {
    let path = "\(FileManager.default.temporaryDirectory.path)/agreement-\(UUID().uuidString)"
    defer { for suffix in ["", ".out", ".err"] { unlink(path + suffix) } }
    try Data(input).write(to: URL(filePath: path))
    guard let pipe = popen("INPUT=\(path); \(command) >\(path).out 2>\(path).err", "r") else {
      throw CocoaError(.fileReadUnknown)
    }
    pclose(pipe)
    return (
      try String(contentsOfFile: path + ".out", encoding: .utf8),
      try String(contentsOfFile: path + ".err", encoding: .utf8)
    )
  }

  /// The first line that `command` writes.
  static func firstLine(_ command: String) -> String {
    let lines = try? run(command, input: Data()).output.split(separator: "\n")
    return lines?.first.map(String.init) ?? "unknown version"
  }
}

/// Hexadecimal text of bytes.
func hexText(_ bytes: [UInt8]) -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
}
