/// The directories and files that a unit of `.debug_line` names.
struct LineFiles {
  /// A name in the header's tables, and its directory's number.
  private struct Entry {
    var text: ArraySlice<UInt8> = []
    var directory: UInt64 = 0
  }

  /// The longest file name that is kept, in bytes.
  private static let nameLimit = 512

  private let offsetSize: Int
  private var directories: [Entry] = []
  private var files: [Entry] = []

  /// Reads a program's tables; malformed ones name nothing.
  init(_ program: LineProgram, lineStrings: [UInt8], strings: [UInt8]) {
    offsetSize = program.offsetSize
    do throws(EndOfData) {
      var cursor = program.tables
      if program.version >= 5 {
        directories = try entries(&cursor, lineStrings, strings)
        files = try entries(&cursor, lineStrings, strings)
      } else {
        directories = [Entry()] + (try names(&cursor, areFiles: false))
        files = [Entry()] + (try names(&cursor, areFiles: true))
      }
    } catch {
      files = []
    }
  }

  /// The path of the file with number `index`, relative to the compilation's directory where it is
  /// given so; `?` if there is none.
  subscript(index: UInt64) -> String {
    guard index < UInt64(files.count), !files[Int(index)].text.isEmpty else { return "?" }
    let file = files[Int(index)]
    guard file.directory > 0, file.directory < UInt64(directories.count), file.text.first != slash
    else { return printable(file.text) }
    let directory = directories[Int(file.directory)].text
    if directory.isEmpty || directory.elementsEqual(directories[0].text) {
      return printable(file.text)
    }
    return printable(directory + [slash] + file.text)
  }

  private var slash: UInt8 { UInt8(ascii: "/") }

  /// A table of versions 2 to 4: strings up to an empty one, files with three numbers each.
  private func names(
    _ cursor: inout ByteCursor, areFiles: Bool
  ) throws(EndOfData) -> [Entry] {
    var result: [Entry] = []
    while true {
      let range = try cursor.string()
      if range.isEmpty { return result }
      var entry = Entry(text: cursor.bytes[range])
      if areFiles {
        entry.directory = try cursor.unsignedLEB()
        _ = try cursor.unsignedLEB()
        _ = try cursor.unsignedLEB()
      }
      result.append(entry)
    }
  }

  /// A table of version 5: a description of the columns, then the rows.
  private func entries(
    _ cursor: inout ByteCursor, _ lineStrings: [UInt8], _ strings: [UInt8]
  ) throws(EndOfData) -> [Entry] {
    var columns: [(content: UInt64, form: UInt64)] = []
    for _ in 0..<(try cursor.byte()) {
      columns.append((try cursor.unsignedLEB(), try cursor.unsignedLEB()))
    }
    let count = try cursor.unsignedLEB()
    // Each row must consume bytes, or a count could stand for any amount of work.
    guard count == 0 || !columns.isEmpty else { throw EndOfData() }
    var result: [Entry] = []
    for _ in 0..<count {
      var entry = Entry()
      for column in columns {
        let (text, number) = try value(&cursor, form: column.form, lineStrings, strings)
        switch column.content {
        case 1: entry.text = text  // DW_LNCT_path
        case 2: entry.directory = number  // DW_LNCT_directory_index
        default: break
        }
      }
      result.append(entry)
    }
    return result
  }

  /// A value of one of the forms that such a table may have; each has at least one byte.
  private func value(
    _ cursor: inout ByteCursor, form: UInt64, _ lineStrings: [UInt8], _ strings: [UInt8]
  ) throws(EndOfData) -> (text: ArraySlice<UInt8>, number: UInt64) {
    switch form {
    case 0x08: return (cursor.bytes[try cursor.string()], 0)  // DW_FORM_string
    case 0x0e: return (text(in: strings, at: try cursor.integer(offsetSize)), 0)  // strp
    case 0x1f: return (text(in: lineStrings, at: try cursor.integer(offsetSize)), 0)  // line_strp
    case 0x0f: return ([], try cursor.unsignedLEB())  // udata
    case 0x0b: return ([], try cursor.integer(1))  // data1
    case 0x05: return ([], try cursor.integer(2))  // data2
    case 0x06: return ([], try cursor.integer(4))  // data4
    case 0x07: return ([], try cursor.integer(8))  // data8
    case 0x1e: try cursor.skip(16)  // data16
    case 0x09: try cursor.skip(try cursor.unsignedLEB())  // block
    default: throw EndOfData()
    }
    return ([], 0)
  }

  /// The string at `offset`, cut at the limit.
  private func text(in strings: [UInt8], at offset: UInt64) -> ArraySlice<UInt8> {
    guard offset < UInt64(strings.count) else { return [] }
    return strings[Int(offset)...].prefix(Self.nameLimit).prefix { $0 != 0 }
  }
}
