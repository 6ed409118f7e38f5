import MachineModel

/// A set of parts of registers and flags, by number.
struct PartSet: Hashable, Sendable {
  private var words = SIMD8<UInt64>()

  /// As many parts as there can be.
  static let capacity = 512

  init() {}

  /// All parts that there can be.
  static var all: PartSet {
    var result = PartSet()
    result.words = SIMD8(repeating: .max)
    return result
  }

  var isEmpty: Bool { words == SIMD8() }

  @inline(__always)
  func isSubset(of other: PartSet) -> Bool { words & ~other.words == SIMD8() }

  func intersects(_ other: PartSet) -> Bool { words & other.words != SIMD8() }

  func contains(_ part: Int) -> Bool { words[part >> 6] >> UInt64(part & 63) & 1 != 0 }

  mutating func insert(_ part: Int) { words[part >> 6] |= 1 << UInt64(part & 63) }

  /// Adds the parts from `first` on whose bits are set; there are parts for all of them.
  @inline(__always)
  mutating func insert(_ bits: UInt8, from first: Int) {
    let shift = UInt64(first & 63)
    words[first >> 6] |= UInt64(bits) << shift
    if shift > 56 { words[(first >> 6 + 1) & 7] |= UInt64(bits) >> (64 - shift) }
  }

  mutating func remove(_ part: Int) { words[part >> 6] &= ~(1 << UInt64(part & 63)) }

  mutating func formUnion(_ other: PartSet) { words |= other.words }

  mutating func subtract(_ other: PartSet) { words &= ~other.words }

  func intersection(_ other: PartSet) -> PartSet {
    var result = self
    result.words &= other.words
    return result
  }

  func subtracting(_ other: PartSet) -> PartSet {
    var result = self
    result.subtract(other)
    return result
  }

  /// The lowest part; nil if there is none.
  var first: Int? {
    for index in 0..<8 where words[index] != 0 {
      return index << 6 + words[index].trailingZeroBitCount
    }
    return nil
  }
}

/// The parts that the cells of an architecture are divided in: a flag is one, a register has one for
/// each width at which it can be written by itself.
struct RegisterParts: Sendable {
  /// A run of bits of a cell.
  struct Part: Sendable {
    let cell: Cell
    let low: Int
    let high: Int
    let isFlag: Bool
  }

  private static let bounds = [8, 16, 32, 64, 128, 256, 512]

  let parts: [Part]
  /// The parts of each cell.
  let ranges: [Range<Int>]
  /// All parts that are flags.
  let flags: PartSet
  private let whole: [PartSet]

  init(_ file: RegisterFile) {
    var parts: [Part] = []
    var ranges: [Range<Int>] = []
    var flags = PartSet()
    for cell in file.cells {
      let first = parts.count
      if file[cell].sort == .bool {
        flags.insert(first)
        parts.append(Part(cell: cell, low: 0, high: 0, isFlag: true))
      } else {
        var low = 0
        for bound in RegisterParts.bounds where low < file[cell].sort.width {
          parts.append(Part(cell: cell, low: low, high: bound - 1, isFlag: false))
          low = bound
        }
      }
      ranges.append(first..<parts.count)
    }
    precondition(parts.count <= PartSet.capacity, "\(parts.count) parts of registers")
    self.parts = parts
    self.ranges = ranges
    self.flags = flags
    whole = ranges.map { $0.reduce(into: PartSet()) { $0.insert($1) } }
  }

  /// The parts of a cell that bits `low` to `high` touch.
  func parts(of cell: Int, _ high: Int, _ low: Int) -> PartSet {
    var result = PartSet()
    for index in ranges[cell] where parts[index].low <= high && parts[index].high >= low {
      result.insert(index)
    }
    return result
  }

  /// All parts of a cell.
  func all(of cell: Int) -> PartSet { whole[cell] }

  /// The parts that a register touches.
  func parts(of register: Register) -> PartSet {
    guard let cell = register.cell else { return PartSet() }
    return parts(of: cell.index, register.low + register.width - 1, register.low)
  }

  /// The parts that a register covers whole.
  func covered(by register: Register) -> PartSet {
    var result = parts(of: register)
    guard let cell = register.cell else { return result }
    for index in ranges[cell.index]
    where parts[index].low < register.low || parts[index].high >= register.low + register.width {
      result.remove(index)
    }
    return result
  }

  /// A part in words: `rax` for a whole register, `rax[31:16]` for some bits.
  func name(of part: Int, _ file: RegisterFile) -> String {
    let found = parts[part]
    let name = file[found.cell].name
    return found.isFlag ? name : "\(name)[\(found.high):\(found.low)]"
  }
}
