import MachineModel

/// Bytes at some addresses of memory, in pieces of 64.
struct SparseBytes {
  /// The position of each piece, by the upper bits of its addresses.
  private var places: [UInt64: Int] = [:]
  private var bytes: [UInt8] = []
  /// Which bytes of each piece there are.
  private var present: [UInt64] = []

  /// What an input puts into memory.
  init(_ input: ConcreteInput) {
    for (address, byte) in input.stack { self[address] = byte }
    for buffer in input.buffers {
      for (index, byte) in buffer.bytes.enumerated() {
        self[buffer.address &+ UInt64(index)] = byte
      }
    }
  }

  subscript(address: UInt64) -> UInt8? {
    get {
      guard let place = places[address >> 6], present[place] >> (address & 63) & 1 != 0
      else { return nil }
      return bytes[place << 6 + Int(address & 63)]
    }
    set {
      guard let newValue else {
        _ = remove(address...address)
        return
      }
      let place = place(address >> 6)
      present[place] |= 1 << (address & 63)
      bytes[place << 6 + Int(address & 63)] = newValue
    }
  }

  /// The number in `count` bytes, at most eight, the lowest first; nil unless all are in one piece.
  func word(_ address: UInt64, _ count: Int) -> UInt64? {
    let offset = address & 63
    let mask = (UInt64.max >> UInt64(64 - count)) << offset
    guard Int(offset) + count <= 64, let place = places[address >> 6],
      present[place] & mask == mask
    else { return nil }
    let first = place << 6 + Int(offset)
    return bytes[first..<first + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Sets `count` bytes to those of a number, the lowest first.
  mutating func set(_ address: UInt64, _ count: Int, _ word: UInt64) {
    for index in 0..<UInt64(count) {
      self[address &+ index] = UInt8(truncatingIfNeeded: word >> (8 * index))
    }
  }

  /// Becomes what it was made of, where bytes were set and removed since: its pieces stand where they stood.
  mutating func become(_ first: SparseBytes) {
    if present.count > first.present.count + SparseBytes.spare {
      self = first
      return
    }
    for index in first.bytes.indices { bytes[index] = first.bytes[index] }
    for place in present.indices {
      present[place] = place < first.present.count ? first.present[place] : 0
    }
  }

  /// The pieces that are kept for bytes to come.
  private static let spare = 64

  private mutating func place(_ piece: UInt64) -> Int {
    if let known = places[piece] { return known }
    places[piece] = present.count
    present.append(0)
    bytes += repeatElement(0, count: 64)
    return present.count - 1
  }

  /// Removes the bytes at these addresses; whether there were any.
  mutating func remove(_ range: ClosedRange<UInt64>) -> Bool {
    var wasPresent = false
    for piece in range.lowerBound >> 6...range.upperBound >> 6 {
      guard let place = places[piece] else { continue }
      let low = max(range.lowerBound, piece << 6) & 63
      let high = min(range.upperBound, piece << 6 | 63) & 63
      let mask = (UInt64.max >> (63 - (high - low))) << low
      if present[place] & mask != 0 { wasPresent = true }
      present[place] &= ~mask
    }
    return wasPresent
  }
}

extension [Segment] {
  /// The byte at an address of the file's, if there is one.
  func byte(at address: UInt64) -> UInt8? {
    for segment in self where address &- segment.address < UInt64(segment.bytes.count) {
      return segment.bytes[Int(address &- segment.address)]
    }
    return nil
  }
}
