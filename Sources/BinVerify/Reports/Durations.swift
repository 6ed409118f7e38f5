/// A time for people: `12 ms`, `3.4 s`.
package func duration(_ seconds: Double) -> String {
  let milliseconds = seconds * 1000
  if milliseconds < 10 { return "\(rounded(milliseconds)) ms" }
  if milliseconds < 1000 { return "\(Int(milliseconds.rounded())) ms" }
  return "\(rounded(seconds)) s"
}

/// One digit after the point.
package func rounded(_ value: Double) -> String {
  let tenths = Int((value * 10).rounded())
  return "\(tenths / 10).\(tenths % 10)"
}
