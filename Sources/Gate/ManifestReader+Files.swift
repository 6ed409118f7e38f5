import Glibc
import ObjectFiles

/// The files that an entry means.
extension ManifestReader {
  /// The file, or the files that a pattern matches and no exception does, sorted. A file that is called like the
  /// pattern is one of them.
  func files(
    _ node: ManifestNode, _ exceptions: [String]
  ) throws(ManifestError) -> [String] {
    let pattern = try node.path()
    guard pattern.contains(where: ManifestReader.special.contains) else { return [pattern] }
    try checkFolders(of: pattern, node)
    var found = Set(matches(pattern))
    if InputFile.exists(folder + pattern) { found.insert(pattern) }
    guard !found.isEmpty else { throw node.error("no file matches '\(pattern)'") }
    let files = found.filter { file in !exceptions.contains { fnmatch($0, file, 0) == 0 } }
    if files.isEmpty { throw node.error("'except' leaves no file of '\(pattern)'") }
    return files.sorted()
  }

  /// What makes a path a pattern.
  static let special = "*?["

  /// What matches a pattern, from the manifest's folder.
  private func matches(_ pattern: String) -> [String] {
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(ManifestReader.escaped(folder) + pattern, 0, nil, &found) == 0 else { return [] }
    return (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0] }
      .map { String(Substring(String(cString: $0).utf8.dropFirst(folder.utf8.count))) }
  }

  /// Throws if one of the folders where files may match cannot be looked into: a kernel in it would be left out.
  private func checkFolders(of pattern: String, _ node: ManifestNode) throws(ManifestError) {
    let slashes = pattern.indices.filter { pattern[$0] == "/" }
    for place in ["."] + slashes.flatMap({ matches(String(pattern[...$0])) })
    where access(folder + place, R_OK | X_OK) != 0 {
      throw node.error("the folder '\(folder + place)' cannot be read")
    }
  }

  /// A path as the pattern that matches it alone.
  static func escaped(_ path: String) -> String {
    path.reduce(into: "") { result, character in
      if special.contains(character) || character == "\\" { result.append("\\") }
      result.append(character)
    }
  }

  /// The file's name without folders and extension, and the symbol where it says more.
  static func name(of file: String, _ symbol: String?) -> String {
    let last = file.split(separator: "/").last.map(String.init) ?? file
    let stem = last.lastIndex(of: ".").map { String(last[..<$0]) } ?? last
    guard let symbol, !stem.hasPrefix(symbol) else { return stem }
    return stem + "." + symbol
  }
}
