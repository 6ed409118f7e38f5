/// How the run from one state ended.
public enum NativeEnding: Sendable, Hashable {
  /// Control arrived at this landing.
  case landed(at: UInt64)
  /// A signal stopped it. On x86-64 the program counter of SIGTRAP is that after `int3`, and the
  /// address is 0 for accesses outside the canonical range.
  case signal(number: Int32, programCounter: UInt64, address: UInt64)
  /// The time limit passed meanwhile, or the code destroyed the process that ran it.
  case unfinished
  /// Nothing came to run this state.
  case notRun
}

/// The final states of a batch, in the order of its initial states.
public struct NativeOutcomes: Sendable, Hashable {
  static let endingWordCount = 4

  let words: ArraySlice<UInt64>
  let generalWordCount: Int
  let vectorWordCount: Int
  let scratchWordCount: Int

  /// The number of states.
  public let count: Int

  /// How the run from a state ended.
  public func ending(of index: Int) -> NativeEnding {
    let start = position(index)
    switch words[start] {
    case 0: return .notRun
    case 2: return .landed(at: words[start + 1])
    case 3:
      return .signal(
        number: Int32(truncatingIfNeeded: words[start + 1]), programCounter: words[start + 3],
        address: words[start + 2])
    default: return .unfinished
    }
  }

  /// The general registers at the end or at the signal, as `NativeISA` orders them.
  public func general(of index: Int) -> ArraySlice<UInt64> {
    slice(index, at: 0, count: generalWordCount)
  }

  /// The vector registers at the end (after a signal: at the start), empty unless asked for.
  public func vectors(of index: Int) -> ArraySlice<UInt64> {
    slice(index, at: generalWordCount, count: vectorWordCount)
  }

  /// The final state as the batch has initial ones: general registers, vector registers, scratch.
  public func state(of index: Int) -> ArraySlice<UInt64> {
    slice(index, at: 0, count: generalWordCount + vectorWordCount + scratchWordCount)
  }

  /// The scratch's contents at the end, as little-endian words.
  public func scratch(of index: Int) -> ArraySlice<UInt64> {
    slice(index, at: generalWordCount + vectorWordCount, count: scratchWordCount)
  }

  /// Where the outcome of a state begins.
  private func position(_ index: Int) -> Int {
    precondition(index >= 0 && index < count, "state \(index) of \(count)")
    let stride = Self.endingWordCount + generalWordCount + vectorWordCount + scratchWordCount
    return words.startIndex + index * stride
  }

  private func slice(_ index: Int, at offset: Int, count: Int) -> ArraySlice<UInt64> {
    let start = position(index) + Self.endingWordCount + offset
    return words[start..<start + count]
  }
}
