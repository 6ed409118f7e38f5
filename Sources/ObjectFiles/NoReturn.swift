/// Functions of the standard libraries that end the program instead of returning.
enum NoReturn {
  private static let names: Set<String> = [
    "abort", "exit", "_exit", "_Exit", "quick_exit", "__assert_fail", "__assert_perror_fail",
    "__assert", "__stack_chk_fail", "__stack_chk_fail_local", "__fortify_fail", "__chk_fail",
  ]

  /// Whether a symbol is one: of C, or a panic of Rust's `core`. A panic that unwinds may be caught, and an exception of
  /// C++ too: they end nothing where there is a table of landing pads.
  static func contains(_ symbol: String, hasLandingPads: Bool) -> Bool {
    names.contains(symbol) || !hasLandingPads && isPanic(symbol)
  }

  private static func isPanic(_ symbol: String) -> Bool {
    if let path = symbol.wholeSuffix(after: "_ZN4core") { return isFailure(path) }
    // _R, then how the path nests, its crate with a number, then its parts: _RNvNtCs1a_4core9panicking5panic.
    guard let nesting = symbol.wholeSuffix(after: "_RN"),
      let crate = nesting.drop(while: { "vtNC".contains($0) }).wholeSuffix(after: "s"),
      let path = crate.drop(while: { $0.isLetter || $0.isNumber }).wholeSuffix(after: "_4core")
    else { return false }
    return isFailure(path)
  }

  private static func isFailure(_ path: Substring) -> Bool {
    path.hasPrefix("9panicking") || path.hasPrefix("6option13expect_failed")
      || path.hasPrefix("6option13unwrap_failed") || path.hasPrefix("6result13unwrap_failed")
      || path.hasPrefix("5slice") && path.contains("_fail")
  }
}

extension StringProtocol {
  /// What comes after a prefix; nil where it does not begin so.
  fileprivate func wholeSuffix(after prefix: String) -> Substring? {
    hasPrefix(prefix) ? Substring(dropFirst(prefix.count)) : nil
  }
}
