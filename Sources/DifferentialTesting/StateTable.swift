/// States of one machine side by side, in the words that the machine takes and returns: general
/// registers, vector registers if the code has some, scratch memory.
struct StateTable {
  /// The words before the scratch memory's.
  let registerWordCount: Int
  /// State after state.
  var words: [UInt64]

  /// The words of one state.
  var stride: Int { registerWordCount + Scratch.wordCount }
  var count: Int { words.count / stride }

  /// States of zeros.
  init(registerWordCount: Int, count: Int) {
    self.registerWordCount = registerWordCount
    words = [UInt64](repeating: 0, count: count * (registerWordCount + Scratch.wordCount))
  }

  /// One state.
  subscript(index: Int) -> ArraySlice<UInt64> { words[index * stride..<(index + 1) * stride] }

  /// Keeps the states at these places, which ascend.
  mutating func keep(_ indices: [Int]) {
    guard indices.count < count else { return }
    let stride = stride
    words.withUnsafeMutableBufferPointer { words in
      for (target, source) in indices.enumerated() where target != source {
        for word in 0..<stride { words[target * stride + word] = words[source * stride + word] }
      }
    }
    words.removeLast(words.count - indices.count * stride)
  }

  /// Lets `body` work on the states, at most `Chunk.lanes` at a time; it is told the first's index.
  mutating func forEachChunk(_ body: (Int, Chunk) -> Void) {
    let (stride, count, scratch) = (stride, count, registerWordCount)
    words.withUnsafeMutableBufferPointer { words in
      guard let base = words.baseAddress else { return }
      for first in Swift.stride(from: 0, to: count, by: Chunk.lanes) {
        body(
          first,
          Chunk(
            rows: base + first * stride, stride: stride, scratch: scratch,
            count: min(Chunk.lanes, count - first)))
      }
    }
  }
}

/// Neighbouring states of a table, as many as an evaluator takes at once.
struct Chunk {
  /// The lanes of the evaluators.
  static let lanes = 64

  let rows: UnsafeMutablePointer<UInt64>
  let stride: Int
  /// The scratch memory's first word in a row.
  let scratch: Int
  /// How many states, at most `lanes`.
  let count: Int

  /// The words of one state.
  func row(_ lane: Int) -> UnsafeMutablePointer<UInt64> { rows + lane * stride }

  /// The scratch memory of one state.
  func memory(_ lane: Int) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(rows + lane * stride + scratch)
  }
}

/// A register in the rows of states and in the columns of an evaluator.
struct Port {
  /// Where the first column is among the evaluator's words.
  let column: Int
  let place: StateLayout.Place

  typealias Words = UnsafeMutableBufferPointer<UInt64>

  /// Copies the register of each state to the evaluator.
  func read(_ chunk: Chunk, to words: Words) {
    let (bit, mask) = (place.bit, place.mask)
    for index in 0..<place.wordCount {
      var source = chunk.rows + place.word + index
      let target = column + index * Chunk.lanes
      for lane in 0..<chunk.count {
        words[target + lane] = source.pointee >> bit & mask
        source += chunk.stride
      }
    }
  }

  /// Copies the register from the evaluator to the states of `lanes`.
  func write(_ chunk: Chunk, from words: Words, lanes: UInt64 = .max) {
    let mask = place.mask << place.bit
    for index in 0..<place.wordCount {
      var target = chunk.rows + place.word + index
      let source = column + index * Chunk.lanes
      for lane in 0..<chunk.count {
        if lanes >> UInt64(lane) & 1 == 1 {
          target.pointee = target.pointee & ~mask | words[source + lane] << place.bit & mask
        }
        target += chunk.stride
      }
    }
  }
}
