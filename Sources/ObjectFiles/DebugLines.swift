import MachineModel

/// Source lines from DWARF's line number programs, versions 2 to 5.
///
/// The interpreter is ours and not libdw's because it must never crash or hang: each step consumes a
/// byte of the section. What is malformed or compressed has no lines; it is never an error.
struct DebugLines {
  /// The addresses that are asked for.
  private let extent: Range<UInt64>
  /// `.debug_line_str` and `.debug_str`.
  private let lineStrings: [UInt8]
  private let strings: [UInt8]
  private(set) var lines: [UInt64: SourceLine] = [:]

  /// The lines of `extent` by the first address of `extent` that each covers.
  static func of(
    _ file: ELFFile, layout: ObjectLayout?, in extent: Range<UInt64>
  ) -> [UInt64: SourceLine] {
    func contents(_ name: String) -> [UInt8] {
      guard let section = file.sections.first(where: { $0.name == name }), !section.isCompressed
      else { return [] }
      return layout?.debugContents(of: section) ?? Array(file.contents(of: section))
    }
    var reader = DebugLines(
      extent: extent, lineStrings: contents(".debug_line_str"), strings: contents(".debug_str"))
    reader.read(contents(".debug_line"))
    return reader.lines
  }

  private init(extent: Range<UInt64>, lineStrings: [UInt8], strings: [UInt8]) {
    self.extent = extent
    self.lineStrings = lineStrings
    self.strings = strings
  }

  /// Runs the program of each unit in `section`; a malformed unit is passed over.
  private mutating func read(_ section: [UInt8]) {
    var cursor = ByteCursor(section)
    while !cursor.isAtEnd {
      do throws(EndOfData) {
        var offsetSize = 4
        var length = try cursor.integer(4)
        if length == 0xffff_ffff {
          offsetSize = 8
          length = try cursor.integer(8)
        }
        let unit = try cursor.part(length)
        try? read(unit, offsetSize: offsetSize)
      } catch {
        return
      }
    }
  }

  /// Runs one unit's program and keeps its rows in the extent; sequences that begin at 0 or 1 belong
  /// to functions that the linker removed.
  private mutating func read(_ unit: ByteCursor, offsetSize: Int) throws(EndOfData) {
    var program = try LineProgram(unit, offsetSize: offsetSize)
    var previous: LineProgram.Row?
    var files: LineFiles?
    var names: [UInt64: String] = [:]
    var isRemoved = false
    while let row = try program.nextRow() {
      if previous == nil { isRemoved = row.address <= 1 }
      if let previous, !isRemoved, let start = covered(previous, until: row) {
        let table = files ?? LineFiles(program, lineStrings: lineStrings, strings: strings)
        files = table
        let name = names[previous.file] ?? table[previous.file]
        names[previous.file] = name
        lines[start] = SourceLine(file: name, line: Int(previous.line))
      }
      previous = row.endsSequence ? nil : row
    }
  }

  /// The first address of the extent that `row` covers, given the row after it; nil if none or if
  /// the row has no source.
  private func covered(_ row: LineProgram.Row, until next: LineProgram.Row) -> UInt64? {
    guard row.line > 0, row.address < next.address, row.address < extent.upperBound,
      next.address > extent.lowerBound
    else { return nil }
    return max(row.address, extent.lowerBound)
  }
}
