/// A repository of two kernels with its own cache.
final class Repository {
  let scratch = Scratch()
  var cache: String { scratch.path("cache") }

  init() {
    for name in ["abs32.x86-64.hand.o", "abs32.arm64.hand.o", "abs32.smt"] {
      Repository.copy("\(Command.root)/samples/abs32/\(name)", to: scratch.path(name))
    }
    write(
      """
      version: 1
      kernels:
        - code: abs32.x86-64.hand.o
          specification: abs32.smt
        - code: abs32.arm64.hand.o
          specification: abs32.smt
      """, to: "binverify.yml")
  }

  /// Makes it a git repository whose first commit is what there is now.
  func commit() {
    let identity = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    _ = git(["init", "-q"])
    _ = git(["add", "."])
    _ = git(identity + ["commit", "-q", "-m", "first"])
  }

  func git(_ arguments: [String]) -> Command.Result {
    Command.execute("/usr/bin/git", arguments, in: scratch.folder)
  }

  /// Runs a script of the shell in the repository; `$0` is the command.
  func shell(_ script: String) -> Command.Result {
    Command.execute("/bin/sh", ["-c", script, Command.executable], in: scratch.folder)
  }

  deinit {
    _ = Command.execute("/bin/chmod", ["-R", "u+rwx", scratch.folder])
    clear()
  }

  private func clear() {
    for name in scratch.names { _ = Command.execute("/bin/rm", ["-rf", scratch.path(name)]) }
  }

  static func copy(_ path: String, to other: String) {
    _ = Command.execute("/bin/cp", [path, other])
  }

  func write(_ text: String, to name: String) { Scratch.write(text, to: scratch.path(name)) }

  func gate(_ arguments: [String] = []) -> Command.Result {
    Command.run(["gate", "--cache", cache] + arguments, in: scratch.folder)
  }

  var record: String { Scratch.read(scratch.path("proofs/abs32.x86-64.hand.json")) }

  /// The files of the cache's folder `kind`.
  func entries(_ kind: String) -> [String] {
    Command.execute("/usr/bin/find", ["\(cache)/\(kind)", "-type", "f"]).output
      .split(separator: "\n").map(String.init)
  }
}
