import ArgumentParser
import GateReports
import Glibc

/// The arguments with `--emit KIND FILE` made one, `--emit=KIND:FILE`.
func joiningEmissions(_ arguments: [String]) -> [String] {
  var result: [String] = []
  var rest = arguments[...]
  while let next = rest.popFirst() {
    if next == "--" { return result + [next] + rest }
    guard next == "--emit", let kind = rest.first, EmissionKind(rawValue: kind) != nil,
      let file = rest.dropFirst().first
    else {
      result.append(next)
      continue
    }
    result.append("--emit=\(kind):\(file)")
    rest = rest.dropFirst(2)
  }
  return result
}

do {
  var command = try BinVerifyCLI.parseAsRoot(
    joiningEmissions(Array(CommandLine.arguments.dropFirst())))
  try command.run()
} catch {
  guard BinVerifyCLI.exitCode(for: error) != .success else { BinVerifyCLI.exit(withError: error) }
  let text = BinVerifyCLI.fullMessage(for: error)
  let message = text.hasPrefix("Error: ") ? "binverify: error: " + text.dropFirst(7) : text
  AtomicFile.writeAll(Array((message.printable + "\n").utf8), to: 2)
  exit(ExitStatus.badInput.rawValue)
}
