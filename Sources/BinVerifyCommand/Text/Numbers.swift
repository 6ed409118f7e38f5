import BinVerify

/// The versions to show.
enum BinVerifyVersion {
  static let text = BinVerify.version
  static let model = BinVerify.modelVersion
}

/// A time for people: `12 ms`, `3.4 s`.
func duration(_ seconds: Double) -> String {
  let milliseconds = seconds * 1000
  if milliseconds < 10 { return "\(rounded(milliseconds)) ms" }
  if milliseconds < 1000 { return "\(Int(milliseconds.rounded())) ms" }
  return "\(rounded(seconds)) s"
}

/// One digit after the point.
func rounded(_ value: Double) -> String {
  let tenths = Int((value * 10).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}

extension String {
  /// The text with spaces after it up to `width` characters.
  func padded(to width: Int) -> String {
    count < width ? self + String(repeating: " ", count: width - count) : self
  }

  /// The text with `count` spaces after it, if that is more than none.
  func padded(by count: Int) -> String { self + String(repeating: " ", count: max(0, count)) }

  /// What follows the last slash.
  var lastComponent: String { split(separator: "/").last.map(String.init) ?? self }
}
