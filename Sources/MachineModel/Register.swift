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
public struct Register: Hashable, Sendable {
  /// What a write does to the bits of the cell above the register.
  public enum Upper: Hashable, Sendable {
    case keep, zero
  }

  public let name: String
  /// The cell; nil for a register that reads as zero and ignores writes.
  public let cell: Cell?
  /// The position of the register's lowest bit in the cell.
  public let low: Int
  /// The width in bits.
  public let width: Int
  public let upper: Upper

  public init(_ name: String, _ cell: Cell?, low: Int = 0, width: Int, upper: Upper = .keep) {
    self.name = name
    self.cell = cell
    self.low = low
    self.width = width
    self.upper = upper
  }
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
