import Glibc

/// A manifest for what a folder and those in it hold.
public struct ManifestWriter {
  /// A specification with the code beside it.
  private struct Group {
    let specification: String
    /// Paths of object files, sorted.
    let codes: [String]
  }

  private var groups: [Group] = []

  /// Looks for specifications `NAME.smt` and object files `NAME.o` or `NAME.*.o` in `folder` and below.
  public init(folder: String) {
    var path = folder
    while path.count > 1, path.hasSuffix("/") { path.removeLast() }
    collect(path, depth: 0)
  }

  public var isEmpty: Bool { groups.isEmpty }

  private mutating func collect(_ folder: String, depth: Int) {
    let names = Files.names(in: folder)
    let prefix = folder == "." ? "" : folder + "/"
    for name in names where name.hasSuffix(".smt") {
      let stem = name.dropLast(4)
      let codes = names.filter {
        $0 == stem + ".o" || $0.hasPrefix(stem + ".") && $0.hasSuffix(".o")
      }
      guard !codes.isEmpty else { continue }
      groups.append(Group(specification: prefix + name, codes: codes.map { prefix + $0 }))
    }
    guard depth < 16 else { return }
    for name in names where !name.hasPrefix(".") && Files.isFolder(prefix + name) {
      collect(prefix + name, depth: depth + 1)
    }
  }

  /// The manifest's text.
  public var text: String {
    var lines = [
      "# What has to be proved before a change may merge: see Docs/Gate.md.",
      "# yaml-language-server: $schema=Docs/Schema/manifest.json",
      "version: 1", "defaults:", "  timeout: 60", "  memory: 4G", "  inconclusive: fail",
      "kernels:",
    ]
    for group in groups {
      for code in group.codes {
        lines += [
          "  - code: \(ManifestWriter.scalar(ManifestWriter.pattern(code)))",
          "    specification: \(ManifestWriter.scalar(group.specification))",
        ]
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// A path as `code`: one that looks like a pattern as that which matches it alone.
  private static func pattern(_ path: String) -> String {
    path.contains(where: ManifestReader.special.contains) ? ManifestReader.escaped(path) : path
  }

  /// A path as YAML: plain where nothing in it can mean something else.
  private static func scalar(_ text: String) -> String {
    let isPlain =
      text.utf8.allSatisfy {
        (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0)
          || "._-/+".utf8.contains($0)
      } && text.first?.isLetter == true
    return isPlain ? text : "'" + text.replacing("'", with: "''") + "'"
  }
}
