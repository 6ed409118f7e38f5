import ConstrainedDecoding
import Isolation

extension [InstructionMatcher] {
  /// Writes the row of each matcher, in order, `stride` words from one to the next. Masks without the machine's
  /// state are written by as many threads at a time as there are matchers for; those with it by one after the
  /// other, since they share growing tables.
  ///
  /// - Parameters:
  ///   - stride: at least the `vocabulary.maskWords` of every matcher.
  ///   - threads: how many; nil for one a processor.
  public func fillNextTokenBitmasks(
    into rows: UnsafeMutableBufferPointer<Int32>, stride: Int, threads: Int? = nil
  ) {
    precondition(
      allSatisfy { $0.decoder.vocabulary.maskWords <= stride } && rows.count >= count * stride,
      "\(count) rows of as many words as masks have")
    nonisolated(unsafe) let rows = rows
    inParallel(count, threads: threads ?? 0) { index in
      let row = rows[index * stride..<(index + 1) * stride]
      self[index].fillNextTokenBitmask(into: UnsafeMutableBufferPointer(rebasing: row))
    }
  }
}
