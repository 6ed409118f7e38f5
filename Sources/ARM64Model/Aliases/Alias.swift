import MachineModel

/// Another way to write some instructions of a form. It has no meaning of its own: its diagram is
/// the base form's with more bits fixed.
///
/// Of the aliases that match a word, the first in the list is the one the manual prefers.
struct Alias: Sendable {
  let row: Row
  /// Whether it is used for printing; or else only read.
  let isPreferred: Bool

  init(_ syntax: String, _ encoding: String, isPreferred: Bool = true) {
    row = Row(syntax, encoding)
    self.isPreferred = isPreferred
  }
}
