import Glibc
import Isolation
import Testing

/// Programs run without a shell, within limits.
@Suite struct IsolatedProgramTests {
  private func shell(_ script: String) -> IsolatedProgram {
    IsolatedProgram(path: "/bin/sh", arguments: ["-c", script])
  }

  @Test func streamsAndStatus() {
    let ending = shell("cat; echo bad >&2; exit 7").run(input: Array("good".utf8), seconds: 30)
    #expect(
      ending == .exited(status: 7, output: Array("good".utf8), errors: Array("bad\n".utf8)))
  }

  @Test func argumentsAreNoWordsOfAShell() {
    let program = IsolatedProgram(path: "/bin/echo", arguments: ["$HOME", "a b", "`id`", ";"])
    #expect(
      program.run(seconds: 30)
        == .exited(status: 0, output: Array("$HOME a b `id` ;\n".utf8), errors: []))
  }

  @Test func moreOutputThanWanted() {
    let ending = shell("head -c 100000 /dev/zero").run(seconds: 30, outputLimit: 10)
    #expect(ending == .exited(status: 0, output: [UInt8](repeating: 0, count: 10), errors: []))
  }

  /// All that it started ends with it.
  @Test func theTimeLimitEndsTheWholeGroup() {
    #expect(shell("sleep 100 & sleep 100").run(seconds: 0.1) == .timedOut)
  }

  @Test func theMemoryIsLimited() throws {
    let ending = shell("ulimit -v").run(seconds: 30, memory: 1 << 26)
    guard case .exited(0, let output, _) = ending else {
      Issue.record("\(ending)")
      return
    }
    let limit = Int(String(decoding: output, as: UTF8.self).filter(\.isNumber))
    #expect(try #require(limit) >= 1 << 16, "KiB: \(output)")
  }

  @Test func signalsAndMissingPrograms() {
    #expect(shell("kill -9 $$").run(seconds: 30) == .killed(signal: 9))
    let missing = IsolatedProgram(path: "/no/such/program", arguments: [])
    #expect(missing.run(seconds: 30) == .exited(status: 127, output: [], errors: []))
  }

  @Test func findsProgramsOnly() {
    #expect(IsolatedProgram.find("sh")?.hasSuffix("/sh") == true)
    #expect(IsolatedProgram.find("/bin/sh") == "/bin/sh")
    for word in ["no such program", "/", "/etc/passwd", ""] {
      #expect(IsolatedProgram.find(word) == nil, "\(word)")
    }
  }
}
