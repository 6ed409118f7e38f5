import Terms

/// One storage location of a machine state: a whole register or a flag.
public struct Cell: Hashable, Sendable {
  public let index: Int

  public init(_ index: Int) { self.index = index }
}

/// The storage locations of an instruction set, in order.
public struct RegisterFile: Sendable {
  /// A location's name and its sort: a bit-vector for a register, Boolean for a flag.
  public struct Entry: Sendable, Hashable {
    public let name: String
    public let sort: Sort

    public init(_ name: String, _ sort: Sort) {
      self.name = name
      self.sort = sort
    }
  }

  public let entries: [Entry]

  public init(_ entries: [Entry]) { self.entries = entries }

  public var cells: [Cell] { entries.indices.map { Cell($0) } }

  public subscript(cell: Cell) -> Entry { entries[cell.index] }
}

/// A register as instructions name it: a run of bits of a cell, and what a write does to the rest.
///
/// It is two words, so that decoded operands are copied without counting references.
public struct Register: Hashable, Sendable {
  /// What a write does to the bits of the cell above the register.
  public enum Upper: Hashable, Sendable {
    case keep, zero
  }

  /// The name's ASCII codes, the first in the lowest byte.
  let nameBits: UInt64
  /// From the lowest bit: cell plus one (16 bits, zero for none), position (12), width (12), upper.
  let placeBits: UInt64

  /// - Parameter name: at most eight characters of ASCII.
  public init(_ name: String, _ cell: Cell?, low: Int = 0, width: Int, upper: Upper = .keep) {
    precondition(
      name.utf8.count <= 8 && name.utf8.allSatisfy { $0 < 128 }, "the name of register \(name)")
    precondition(
      low >> 12 == 0 && width >> 12 == 0 && (cell?.index ?? 0) < 0xFFFF,
      "the place of register \(name)")
    nameBits = name.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    placeBits =
      UInt64((cell?.index ?? -1) + 1) | UInt64(low) << 16 | UInt64(width) << 28
      | (upper == .zero ? 1 << 40 : 0)
  }

  init(nameBits: UInt64, placeBits: UInt64) {
    self.nameBits = nameBits
    self.placeBits = placeBits
  }

  public var name: String {
    let count = 8 - nameBits.leadingZeroBitCount / 8
    return String(
      decoding: (0..<count).map { UInt8(truncatingIfNeeded: nameBits >> UInt64(8 * $0)) },
      as: UTF8.self)
  }

  /// The cell; nil for a register that reads as zero and ignores writes.
  public var cell: Cell? {
    let number = Int(placeBits & 0xFFFF)
    return number == 0 ? nil : Cell(number - 1)
  }

  /// The position of the register's lowest bit in the cell.
  public var low: Int { Int(placeBits >> 16 & 0xFFF) }

  /// The width in bits.
  public var width: Int { Int(placeBits >> 28 & 0xFFF) }

  public var upper: Upper { placeBits >> 40 & 1 == 0 ? .keep : .zero }
}

extension Register: CustomStringConvertible {
  public var description: String { name }
}

/// A one-bit status or control flag.
public struct Flag: Hashable, Sendable {
  public let name: String
  public let cell: Cell

  public init(_ name: String, _ cell: Cell) {
    self.name = name
    self.cell = cell
  }
}
