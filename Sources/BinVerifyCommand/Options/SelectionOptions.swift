import ArgumentParser
import Gate

/// Which kernels of a manifest are worked on: those that all options name.
struct SelectionOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Only kernels of these names; may be repeated.", valueName: "name"))
  var only: [String] = []

  @Option(
    help: ArgumentHelp(
      "Only kernels that may not be what they were at this git revision: a file, the record or the "
        + "manifest's entry differs.", valueName: "revision"))
  var since: String?

  @Option(
    help: ArgumentHelp(
      "Only part i of n, by the names of kernels; the parts together are all.", valueName: "i/n"))
  var shard: Shard?

  /// The kernels, in the manifest's order.
  func kernels(of manifest: Manifest, _ files: ManifestOptions) throws -> [Manifest.Kernel] {
    var kernels = manifest.kernels
    if !only.isEmpty {
      for name in only where !kernels.contains(where: { $0.name == name }) {
        throw Failure("\(manifest.file): error: no kernel is called '\(name)'")
      }
      kernels = kernels.filter { only.contains($0.name) }
    }
    if let shard { kernels = kernels.filter { shard.contains($0.name) } }
    if let since {
      let store = RecordStore(folder: manifest.folder, proofs: files.proofs)
      let touched = Set(
        try Revision(since, folder: manifest.folder).touched(of: manifest, proofs: store)
          .map(\.name))
      kernels = kernels.filter { touched.contains($0.name) }
    }
    return kernels
  }
}

extension Shard: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
