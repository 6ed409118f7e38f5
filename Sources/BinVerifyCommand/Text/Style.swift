import Glibc

/// Colour and weight of text, or neither.
struct Style {
  let isColoured: Bool

  func bold(_ text: String) -> String { wrap(text, "1") }
  func dim(_ text: String) -> String { wrap(text, "2") }
  func red(_ text: String) -> String { wrap(text, "1;31") }
  func green(_ text: String) -> String { wrap(text, "1;32") }
  func yellow(_ text: String) -> String { wrap(text, "1;33") }

  private func wrap(_ text: String, _ code: String) -> String {
    isColoured ? "\u{1b}[\(code)m\(text)\u{1b}[0m" : text
  }

  /// Whether a stream wants colour by itself: a terminal that is not dumb, without `NO_COLOR`.
  static func isWanted(descriptor: Int32) -> Bool {
    guard isatty(descriptor) == 1 else { return false }
    if let value = getenv("NO_COLOR"), value[0] != 0 { return false }
    return getenv("TERM").map { String(cString: $0) != "dumb" } ?? true
  }
}
