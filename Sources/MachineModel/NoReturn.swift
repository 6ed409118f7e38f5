/// Functions of the standard libraries that end the program instead of returning.
enum NoReturn {
  private static let names: Set<String> = [
    "abort", "exit", "_exit", "_Exit", "quick_exit", "__assert_fail", "__assert_perror_fail",
    "__assert", "__stack_chk_fail", "__stack_chk_fail_local", "__fortify_fail", "__chk_fail",
    "rust_begin_unwind", "_ZSt9terminatev", "__cxa_throw", "__cxa_rethrow",
  ]

  /// Whether a symbol is one: of C, of C++ (`std::__throw_…`), or of Rust's `core`, which calls them when it panics.
  static func contains(_ symbol: String) -> Bool {
    names.contains(symbol) || symbol.hasPrefix("_ZSt") && symbol.contains("__throw_")
      || symbol.hasPrefix("_ZN4core9panicking")
      || symbol.hasPrefix("_ZN4core6option13expect_failed")
      || symbol.hasPrefix("_ZN4core6option13unwrap_failed")
      || symbol.hasPrefix("_ZN4core6result13unwrap_failed")
      || symbol.hasPrefix("_ZN4core5slice") && symbol.contains("_fail")
      || symbol.hasPrefix("_RN") && isRustFailure(symbol)
  }

  /// The same in Rust's newer mangling, where the crate has a disambiguator: `…4core9panicking5panic`.
  private static func isRustFailure(_ symbol: String) -> Bool {
    let parts = symbol.components(after: "4core")
    return parts.hasPrefix("9panicking") || parts.hasPrefix("6option13expect_failed")
      || parts.hasPrefix("6option13unwrap_failed") || parts.hasPrefix("6result13unwrap_failed")
      || parts.hasPrefix("5slice") && parts.hasSuffix("_fail")
  }
}

extension String {
  /// What comes after the first occurrence of a text; nothing if there is none.
  fileprivate func components(after text: String) -> Substring {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(text) { return rest.dropFirst(text.count) }
      rest = rest.dropFirst()
    }
    return rest
  }
}
