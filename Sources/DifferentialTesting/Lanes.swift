import MachineModel

/// Some states of one machine side by side: registers and the scratch memory.
struct Lanes {
  static let count = 64
  /// The most often that one instruction repeats itself.
  static let iterationLimit = 64

  /// Where the words of each cell begin, and one past the last.
  let offsets: [Int]
  private let wordCount: Int
  /// The words of the cells, lane by lane.
  var cells: [UInt64]
  /// Lane by lane.
  var memory: [UInt8]
  /// Lanes whose accesses are all in the scratch memory.
  var isValid = [Bool](repeating: true, count: Lanes.count)

  /// - Parameter interesting: the cells in which rare values should happen.
  init(cellWidths: [Int], interesting: [Bool], random: inout RandomBits) {
    offsets = cellWidths.reduce(into: [0]) { $0.append(($0.last ?? 0) + ($1 + 63) / 64) }
    wordCount = offsets.last ?? 0
    cells = []
    cells.reserveCapacity(Lanes.count * wordCount)
    memory = []
    memory.reserveCapacity(Lanes.count * Scratch.byteCount)
    for _ in 0..<Lanes.count {
      for (width, isInteresting) in zip(cellWidths, interesting) {
        if width <= 64 {
          cells.append(random.word() & (.max >> UInt64(64 - width)))
        } else if isInteresting {
          cells += random.words(width: width)
        } else {
          let word = random.next()
          for _ in 0..<width / 64 { cells.append(word) }
        }
      }
      for word in random.words(width: Scratch.byteCount * 8) {
        withUnsafeBytes(of: word.littleEndian) { memory.append(contentsOf: $0) }
      }
    }
  }

  /// All words of a lane's cells.
  func cells(_ lane: Int) -> ArraySlice<UInt64> {
    cells[lane * wordCount..<(lane + 1) * wordCount]
  }

  /// The words of one cell in a lane.
  func cell(_ index: Int, _ lane: Int) -> ArraySlice<UInt64> {
    cells[lane * wordCount + offsets[index]..<lane * wordCount + offsets[index + 1]]
  }

  /// One word of one cell in a lane.
  func word(_ index: Int, _ lane: Int, _ word: Int) -> UInt64 {
    cells[lane * wordCount + offsets[index] + word]
  }

  /// Changes one cell in a lane.
  mutating func set(_ index: Int, _ lane: Int, to words: [UInt64]) {
    cells.replaceSubrange(
      lane * wordCount + offsets[index]..<lane * wordCount + offsets[index + 1], with: words)
  }

  /// Takes over the memory of a lane.
  mutating func copyMemory(of lane: Int, from other: Lanes) {
    let range = lane * Scratch.byteCount..<(lane + 1) * Scratch.byteCount
    memory.replaceSubrange(range, with: other.memory[range])
  }

  /// Changes the words of a lane's cells.
  mutating func replace(_ lane: Int, with words: [UInt64]) {
    cells.replaceSubrange(lane * wordCount..<(lane + 1) * wordCount, with: words)
  }

  /// Adds to a cell of one word.
  mutating func add(_ amount: UInt64, to cell: Int, _ lane: Int) {
    cells[lane * wordCount + offsets[cell]] &+= amount
  }

  /// The bytes of an access as words, least significant first; nil outside the scratch memory.
  func load(_ address: UInt64, byteCount: Int, lane: Int) -> [UInt64]? {
    guard let start = Scratch.offset(address, byteCount) else { return nil }
    return (0..<(byteCount + 7) / 8).map { word in
      (0..<Swift.min(8, byteCount - word * 8)).reduce(0) {
        $0 | UInt64(memory[lane * Scratch.byteCount + start + word * 8 + $1]) << UInt64(8 * $1)
      }
    }
  }

  mutating func store(_ address: UInt64, _ words: [UInt64], byteCount: Int, lane: Int) {
    guard let start = Scratch.offset(address, byteCount) else { return }
    for index in 0..<byteCount {
      memory[lane * Scratch.byteCount + start + index] =
        UInt8(truncatingIfNeeded: words[index / 8] >> UInt64(index % 8 * 8))
    }
  }

  /// The scratch memory of a lane as little-endian words.
  func words(_ lane: Int) -> [UInt64] {
    memory.withUnsafeBytes { bytes in
      (0..<Scratch.byteCount / 8).map { word in
        UInt64(
          littleEndian: bytes.loadUnaligned(
            fromByteOffset: lane * Scratch.byteCount + word * 8, as: UInt64.self))
      }
    }
  }
}

/// Where things are, below 2 GiB so that every kind of address reaches them.
package enum Scratch {
  package static let code: UInt64 = 0x2000_0800
  package static let address: UInt64 = 0x2001_0000
  package static let byteCount = 256
  /// Where branches may go, besides the next instruction.
  package static let landings: [UInt64] = [
    code - 96, code + 96, code + 0x300, code - 0x300, code + 0x4_0000,
  ]

  /// The offset of an access that lies in the scratch memory altogether.
  static func offset(_ address: UInt64, _ byteCount: Int) -> Int? {
    guard address >= self.address else { return nil }
    let offset = address - self.address
    return offset <= UInt64(self.byteCount - byteCount) ? Int(offset) : nil
  }
}
