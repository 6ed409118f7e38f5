import Glibc
import Testing

/// The coverage pages are those that the tables and the evidence make.
@Suite struct CoverageTests {
  @Test func theCommittedPagesAreFresh() {
    let result = Command.run(["isa", "--coverage", "--check"])
    #expect(result.status == 0, "run make coverage: \(result.errors)")
  }

  @Test func stalePagesAreFound() {
    let scratch = Scratch()
    let copy = """
      mkdir -p "$0/Docs" && cp -r Docs/Coverage Docs/Evidence "$0/Docs" &&
      chmod -R u+w "$0/Docs" && echo more >> "$0/Docs/Coverage/arm64.md"
      """
    #expect(Command.execute("/bin/sh", ["-c", copy, scratch.folder]).status == 0)
    defer { _ = Command.execute("/bin/rm", ["-r", scratch.path("Docs")]) }
    let folder = scratch.path("Docs/Coverage")
    let stale = Command.run(["isa", "arm64", "--coverage", folder, "--check"])
    #expect(stale.status == 1 && stale.errors.contains("arm64.md: error: is stale"), "\(stale)")
    #expect(Command.run(["isa", "arm64", "--coverage", folder]).status == 0)
    #expect(Command.run(["isa", "arm64", "--coverage", folder, "--check"]).status == 0)
    #expect(
      Scratch.read("\(folder)/arm64.md") == Scratch.read("\(Command.root)/Docs/Coverage/arm64.md"))
  }

  @Test(arguments: [
    (["--coverage", "no-such-folder"], "no-such-folder/forms/x86-64.tsv: error: cannot be opened"),
    (["--check"], "--check is for --coverage"),
  ])
  func mistakes(arguments: [String], message: String) {
    let result = Command.run(["isa"] + arguments)
    #expect(result.status == 2 && result.errors.contains(message), "\(result)")
  }
}
