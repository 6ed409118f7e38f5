import BinVerify

/// The versions to show.
enum BinVerifyVersion {
  static let text = BinVerify.version
  static let model = BinVerify.modelVersion
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
