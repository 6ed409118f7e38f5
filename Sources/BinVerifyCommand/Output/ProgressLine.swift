import BinVerify
import Glibc

/// One line on a terminal that says what is being worked on, once that takes more than a second.
final class ProgressLine {
  private let isShown: Bool
  private let limit: Double
  private let start = ContinuousClock.now
  private var current: Progress?
  private var drawn = 1.0

  /// - Parameter limit: the time limit to show, in seconds.
  init(isQuiet: Bool, limit: Double) {
    isShown = !isQuiet && isatty(2) == 1
    self.limit = limit
  }

  /// Notes what is being worked on.
  func update(_ progress: Progress) {
    current = progress
    draw()
  }

  /// Shows the line as it is now, at most ten times a second.
  func draw() {
    let elapsed = (ContinuousClock.now - start) / .seconds(1)
    guard isShown, elapsed > drawn, let current else { return }
    drawn = elapsed + 0.1
    let placement =
      current.placements > 1 ? "  placement \(current.placement)/\(current.placements)" : ""
    let text =
      "\(current.obligation.rawValue)\(placement)  "
      + "\(rounded(elapsed)) s of \(rounded(limit)) s"
    AtomicFile.writeAll(Array("\r\u{1b}[2K\(text)".utf8), to: 2)
  }

  /// Removes whatever line there is.
  static func clear() {
    if isatty(2) == 1 { AtomicFile.writeAll(Array("\r\u{1b}[2K".utf8), to: 2) }
  }
}
