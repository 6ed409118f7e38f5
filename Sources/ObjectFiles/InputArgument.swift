/// A user's name for code: a file, or a file and a symbol in it (`kernel.o:sort3`).
public struct InputArgument: Sendable, Hashable {
  /// The file's path; `-` is standard input.
  public let path: String
  /// The function in that file, if one was named.
  public let symbol: String?

  /// Splits `text` at the last colon that leaves the path of an existing file; a whole text that
  /// is such a path wins, and without any the last colon separates.
  public init(
    _ text: String, exists: (String) -> Bool = InputFile.exists
  ) throws(ObjectFileError) {
    let colons = text.indices.filter { text[$0] == ":" && $0 > text.startIndex }
    if colons.isEmpty || exists(text) {
      self.path = text
      self.symbol = nil
      return
    }
    let known = colons.last { exists(String(text[..<$0])) }
    let colon = known ?? colons[colons.count - 1]
    self.path = String(text[..<colon])
    let name = text[text.index(after: colon)...]
    if name.isEmpty {
      throw ObjectFileError(file: text, "a symbol's name was expected after ':'")
    }
    self.symbol = String(name)
  }

  /// The text that means it.
  package var text: String { symbol.map { "\(path):\($0)" } ?? path }
}
