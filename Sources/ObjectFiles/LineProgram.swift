/// A unit of `.debug_line` (DWARF 5, section 6.2): a header and a program that yields rows.
struct LineProgram {
  /// A row of the line number table.
  struct Row {
    let address: UInt64
    let file: UInt64
    let line: UInt32
    let endsSequence: Bool
  }

  let version: UInt64
  let offsetSize: Int
  /// The header's tables of directories and files, not yet read.
  let tables: ByteCursor
  private var program: ByteCursor
  private let minimumLength: UInt64
  private let lineBase: Int8
  private let lineRange: UInt8
  private let opcodeBase: UInt8
  private let operandCounts: [UInt8]

  private var address: UInt64 = 0
  private var file: UInt64 = 1
  private var line: UInt32 = 1

  /// Reads the header of `unit`; versions other than 2 to 5 and long instruction words are as bad as
  /// missing data.
  init(_ unit: ByteCursor, offsetSize: Int) throws(EndOfData) {
    var cursor = unit
    self.offsetSize = offsetSize
    version = try cursor.integer(2)
    guard (2...5).contains(version) else { throw EndOfData() }
    if version == 5 { try cursor.skip(2) }
    var header = try cursor.part(try cursor.integer(offsetSize))
    program = cursor
    minimumLength = try header.integer(1)
    if version >= 4, try header.byte() != 1 { throw EndOfData() }
    try header.skip(1)
    lineBase = Int8(bitPattern: try header.byte())
    lineRange = try header.byte()
    opcodeBase = try header.byte()
    guard lineRange > 0, opcodeBase > 0 else { throw EndOfData() }
    var counts: [UInt8] = [0]
    for _ in 1..<max(opcodeBase, 1) { counts.append(try header.byte()) }
    operandCounts = counts
    tables = header
  }

  /// The next row, or nil at the program's end.
  mutating func nextRow() throws(EndOfData) -> Row? {
    while !program.isAtEnd {
      let opcode = try program.byte()
      if opcode >= opcodeBase {
        let adjusted = opcode - opcodeBase
        advance(UInt64(adjusted / lineRange))
        line = line &+ UInt32(bitPattern: Int32(lineBase) + Int32(adjusted % lineRange))
        return row()
      }
      if opcode == 0 {
        if let row = try extendedOperation() { return row }
      } else if try standardOperation(opcode) {
        return row()
      }
    }
    return nil
  }

  /// Runs a standard opcode and tells whether it yields a row.
  private mutating func standardOperation(_ opcode: UInt8) throws(EndOfData) -> Bool {
    switch opcode {
    case 1: return true  // DW_LNS_copy
    case 2: advance(try program.unsignedLEB())  // DW_LNS_advance_pc
    case 3:  // DW_LNS_advance_line
      line = line &+ UInt32(truncatingIfNeeded: try program.signedLEB())
    case 4: file = try program.unsignedLEB()  // DW_LNS_set_file
    case 8: advance(UInt64((255 - opcodeBase) / lineRange))  // DW_LNS_const_add_pc
    case 9: address = address &+ (try program.integer(2))  // DW_LNS_fixed_advance_pc
    default:
      for _ in 0..<operandCounts[Int(opcode)] { _ = try program.unsignedLEB() }
    }
    return false
  }

  /// Runs an extended opcode; the end of a sequence yields a row and resets the registers.
  private mutating func extendedOperation() throws(EndOfData) -> Row? {
    var operation = try program.part(try program.unsignedLEB())
    if operation.isAtEnd { return nil }
    switch try operation.byte() {
    case 1:  // DW_LNE_end_sequence
      defer { (address, file, line) = (0, 1, 1) }
      return row(endsSequence: true)
    case 2:  // DW_LNE_set_address
      address = try operation.integer(8)
    default: break
    }
    return nil
  }

  private mutating func advance(_ operations: UInt64) {
    address = address &+ operations &* minimumLength
  }

  private func row(endsSequence: Bool = false) -> Row {
    Row(address: address, file: file, line: line, endsSequence: endsSequence)
  }
}
