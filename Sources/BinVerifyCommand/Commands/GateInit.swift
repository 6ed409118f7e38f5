import ArgumentParser
import Gate

/// `binverify gate init`: a manifest for what a folder holds.
struct GateInit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a manifest for the object files and specifications of a folder.",
    discussion: """
      binverify gate init kernels/ > binverify.yml

      A specification NAME.smt belongs to the object files NAME.o and NAME.*.o beside it; paths are \
      as given, from here, so run it where the manifest is to be.
      """)

  @Argument(help: "The folder.")
  var folder: String

  func run() throws {
    guard !folder.hasPrefix("/") else {
      Failure("\(folder): error: a folder from here was expected, as the manifest's paths are")
        .outcome
        .deliver()
    }
    let found = ManifestWriter(folder: folder)
    guard !found.isEmpty else {
      Failure(
        "\(folder): error: no specification NAME.smt with an object file NAME.o or NAME.*.o beside it"
      ).outcome.deliver()
    }
    CommandOutcome(output: found.text).deliver()
  }
}
