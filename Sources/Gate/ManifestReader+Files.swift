import Glibc

/// The files that an entry means.
extension ManifestReader {
  /// The file, or the files that a pattern matches and no exception does, sorted.
  func files(
    _ node: ManifestNode, _ exceptions: [String]
  ) throws(ManifestError) -> [String] {
    let pattern = try node.path()
    guard pattern.contains(where: { "*?[".contains($0) }) else { return [pattern] }
    var found = glob_t()
    defer { globfree(&found) }
    guard glob(folder + pattern, 0, nil, &found) == 0, found.gl_pathc > 0 else {
      throw node.error("no file matches '\(pattern)'")
    }
    let files = (0..<Int(found.gl_pathc)).compactMap { found.gl_pathv[$0] }
      .map { String(Substring(String(cString: $0).utf8.dropFirst(folder.utf8.count))) }
      .filter { file in !exceptions.contains { fnmatch($0, file, 0) == 0 } }
    if files.isEmpty { throw node.error("'except' leaves no file of '\(pattern)'") }
    return files.sorted()
  }

  /// The file's name without folders and extension, and the symbol where it says more.
  static func name(of file: String, _ symbol: String?) -> String {
    let last = file.split(separator: "/").last.map(String.init) ?? file
    let stem = last.lastIndex(of: ".").map { String(last[..<$0]) } ?? last
    guard let symbol, !stem.hasPrefix(symbol) else { return stem }
    return stem + "." + symbol
  }
}
