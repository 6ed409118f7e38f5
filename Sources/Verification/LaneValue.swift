import Contracts
import MachineModel
import Terms

/// Where the words of a value are among the columns of a `LaneMachine`.
struct LaneValue {
  /// A word of the value: bits of a word of a cell.
  private struct Word {
    let column: Int
    let shift: UInt64
    let mask: UInt64
  }

  private let words: [Word]
  /// In bits.
  let width: Int

  private init(words: [Word], width: Int) { (self.words, self.width) = (words, width) }

  /// A run of bits of a cell; nil where a word of it lies in two of the cell's.
  init?(_ cell: Cell, _ bits: ClosedRange<Int>, _ machine: LaneMachine) {
    let shift = bits.lowerBound % 64
    guard shift == 0 || shift + bits.count <= 64 else { return nil }
    let first = bits.lowerBound / 64
    let words = (0..<BitVector.wordCount(bits.count)).map { index in
      Word(
        column: machine.column(of: cell) + (first + index) * machine.count, shift: UInt64(shift),
        mask: .max >> UInt64(64 - Swift.min(64, bits.count - 64 * index)))
    }
    self.init(words: words, width: bits.count)
  }

  /// A register; nil also where it is none of the register file's.
  init?(_ register: Register, _ machine: LaneMachine) {
    guard let cell = register.cell else { return nil }
    self.init(cell, register.low...register.low + register.width - 1, machine)
  }

  /// An output in registers; nil for others, too.
  init?(_ location: ValueLocation, _ machine: LaneMachine) {
    switch location {
    case .register(let register): self.init(register, machine)
    case .registerPair(let low, let high):
      guard let low = LaneValue(low, machine), let high = LaneValue(high, machine),
        low.width % 64 == 0
      else { return nil }
      self.init(words: low.words + high.words, width: low.width + high.width)
    case .stack: return nil
    }
  }

  var wordCount: Int { words.count }

  /// A word of the value in a lane, from the machine's columns.
  @inline(__always)
  func word(_ index: Int, lane: Int, _ columns: [UInt64]) -> UInt64 {
    let word = words[index]
    return columns[word.column + lane] >> word.shift & word.mask
  }

  /// The value in a lane.
  func value(lane: Int, _ columns: [UInt64]) -> BitVector {
    BitVector(width: width) { word($0, lane: lane, columns) }
  }

  /// The number of bits in which it is not another value.
  func difference(from other: [UInt64], lane: Int, _ columns: [UInt64]) -> Int {
    words.indices.reduce(0) {
      $0 + (word($1, lane: lane, columns) ^ other[$1]).nonzeroBitCount
    }
  }
}
