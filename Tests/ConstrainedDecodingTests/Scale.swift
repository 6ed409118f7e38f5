import FoundationEssentials

/// How much the tests compare: a part, or with `DECODING=all` (`make decoding`) all, which takes hours and
/// is written to `Docs/Evidence/decoding.md`.
enum Scale {
  static let isFull = ProcessInfo.processInfo.environment["DECODING"] == "all"

  static func of(_ part: Int, full: Int) -> Int { isFull ? full : part }
}

/// The page of evidence: what was compared, how often, and how often it was wrong.
enum EvidencePage {
  private static let path =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    + "/Docs/Evidence/decoding.md"

  private static let introduction = """
    # The constrained decoder, compared

    Made by `make decoding`; the tests in `Tests/ConstrainedDecodingTests` compare a part of each line on
    every change, and say there how.

    | what | ISA | compared | wrong |
    |---|---|--:|--:|

    """

  /// Puts a line on the page in the place of the older one; nothing unless all is compared.
  static func note(_ what: String, _ isa: String, compared: Int, wrong: Int) throws {
    guard Scale.isFull else { return }
    let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let head = "| \(what) | \(isa) |"
    var lines = text.split(separator: "\n").map(String.init)
      .filter { $0.hasPrefix("| ") && !$0.hasPrefix("| what") && !$0.hasPrefix(head) }
    lines.append("\(head) \(grouped(compared)) | \(grouped(wrong)) |")
    // What is said below the table stays.
    let closing = text.split(separator: "\n", omittingEmptySubsequences: false)
      .reversed().prefix { !$0.hasPrefix("|") }.reversed().joined(separator: "\n")
    let page = introduction + lines.sorted().joined(separator: "\n") + "\n" + closing
    try page.write(toFile: path, atomically: true, encoding: .utf8)
  }

  /// 1234567 as 1,234,567.
  private static func grouped(_ number: Int) -> String {
    let digits = String(number)
    return digits.enumerated().reduce(into: "") { text, digit in
      if digit.offset > 0, (digits.count - digit.offset) % 3 == 0 { text += "," }
      text.append(digit.element)
    }
  }
}
