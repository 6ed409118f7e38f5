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
    /// Whether whatever is executed next may rely on it: false of the mark of an exclusives monitor, say.
    public let isRelied: Bool

    public init(_ name: String, _ sort: Sort, isRelied: Bool = true) {
      self.name = name
      self.sort = sort
      self.isRelied = isRelied
    }
  }

  public let entries: [Entry]

  public init(_ entries: [Entry]) { self.entries = entries }

  public var cells: [Cell] { entries.indices.map { Cell($0) } }

  public subscript(cell: Cell) -> Entry { entries[cell.index] }
}

/// A register as instructions name it: a run of bits of a cell, and what a write does to the rest.
///
/// It is one word, so that decoded operands are small and copied without counting references.
public struct Register: Hashable, Sendable {
  /// What a write does to the bits of the cell above the register.
  public enum Upper: Hashable, Sendable {
    case keep, zero
  }

  /// From the lowest bit: the name (42 bits), the cell plus one (8, zero for none), position (6) and
  /// width (7) in bytes, and whether a write clears what is above. Zero is no register.
  @usableFromInline package let bits: UInt64

  /// - Parameters:
  ///   - name: at most seven lower-case letters, digits and full stops.
  ///   - low: the position in the cell, a multiple of 8 below 512.
  ///   - width: in bits, a multiple of 8 up to 512.
  public init(_ name: String, _ cell: Cell?, low: Int = 0, width: Int, upper: Upper = .keep) {
    let cellBits = (cell?.index ?? -1) + 1
    precondition(
      (0..<256).contains(cellBits) && low % 8 == 0 && (0..<512).contains(low)
        && width % 8 == 0 && (8...512).contains(width),
      "the place of register \(name): cell \(cellBits - 1), bit \(low), \(width) bits")
    bits =
      RegisterName.bits(of: name) | UInt64(cellBits) << 42 | UInt64(low / 8) << 50
      | UInt64(width / 8) << 56 | (upper == .zero ? 1 << 63 : 0)
  }

  @inlinable package init(bits: UInt64) { self.bits = bits }

  public var name: String { RegisterName.text(of: bits) }

  /// The cell; nil for a register that reads as zero and ignores writes.
  public var cell: Cell? {
    let number = Int(bits >> 42 & 0xFF)
    return number == 0 ? nil : Cell(number - 1)
  }

  /// The position of the register's lowest bit in the cell.
  public var low: Int { Int(bits >> 50 & 0x3F) * 8 }

  /// The width in bits.
  public var width: Int { Int(bits >> 56 & 0x7F) * 8 }

  public var upper: Upper { bits >> 63 == 0 ? .keep : .zero }
}

/// Names of at most seven characters in 42 bits, the first character lowest: letters are 1 to 26,
/// digits 27 to 36, a full stop 37, and zero ends the name.
private enum RegisterName {
  static func bits(of name: String) -> UInt64 {
    precondition(name.utf8.count <= 7, "the name of register \(name)")
    return name.utf8.reversed().reduce(0) { bits, character in
      switch character {
      case 97...122: bits << 6 | UInt64(character - 96)
      case 48...57: bits << 6 | UInt64(character - 21)
      case 46: bits << 6 | 37
      default: preconditionFailure("the name of register \(name)")
      }
    }
  }

  static func text(of bits: UInt64) -> String {
    let codes = (0..<7).map { UInt8(bits >> UInt64(6 * $0) & 63) }
    let characters = codes.prefix { $0 != 0 }.map { code in
      code <= 26 ? code + 96 : code <= 36 ? code + 21 : 46
    }
    return String(decoding: characters, as: UTF8.self)
  }
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
