import FoundationEssentials
import Gate
import Testing

/// The project's own manifest against the list of samples.
@Suite struct OwnManifestTests {
  private struct Samples: Decodable {
    struct Kernel: Decodable {
      let kernel: String
      let spec: String
      let expected: String
    }

    let kernels: [Kernel]
  }

  private static let root: String = {
    var path = Substring(#filePath)
    for _ in 0..<3 { path = path[..<(path.lastIndex(of: "/") ?? path.startIndex)] }
    return path + "/"
  }()

  /// All samples that are right and no other, each against a specification that it meets.
  @Test func isOfTheSamplesThatAreRight() throws {
    let listed = try JSONDecoder().decode(
      Samples.self, from: Data(Folder.read(OwnManifestTests.root + "samples/manifest.json"))
    ).kernels.filter { $0.expected == "proved" }
    let text = String(
      decoding: Folder.read(OwnManifestTests.root + "binverify.yml"), as: UTF8.self)
    let manifest = try Manifest(text: text, file: OwnManifestTests.root + "binverify.yml")
    #expect(Set(manifest.kernels.map(\.code)) == Set(listed.map { "samples/" + $0.kernel }))
    let pairs = Set(listed.map { ["samples/" + $0.kernel, "samples/" + $0.spec] })
    for kernel in manifest.kernels {
      guard case .specification(let path) = kernel.obligation else { continue }
      #expect(pairs.contains([kernel.code, path]), "\(kernel.name)")
    }
    #expect(manifest.kernels.count > 400)
  }
}
