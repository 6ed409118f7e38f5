import CElfutils

/// The parts of an ELF64 little-endian file that loading needs, each checked against the file:
/// ranges lie within it, strings end, sections do not overlap, indices are those of tables.
struct ELFFile: Sendable {
  /// The file's name as the user gave it.
  let name: String
  let bytes: [UInt8]
  /// `x86-64` or `arm64`, from `e_machine`.
  let isa: String
  /// Whether this is an object that still has to be linked, rather than an executable or a library.
  let isRelocatable: Bool
  /// Whether it is a shared library or position-independent executable (ET_DYN).
  let isShared: Bool
  let sections: [ELFSection]
  let loads: [ELFLoad]
  let dynamicTables: [ELFDynamicTable]
  /// Symbol tables by the index of their section.
  let symbolTables: [Int: [ELFSymbol]]
  let relocationTables: [ELFRelocationTable]

  /// The static symbol table's section if there is one, else the dynamic one's.
  var symbolTableIndex: Int? {
    let tables = symbolTables.keys.sorted()
    return tables.first { sections[$0].type == UInt32(SHT_SYMTAB) } ?? tables.first
  }

  /// The file's bytes of a section; none for one that has none in the file.
  func contents(of section: ELFSection) -> ArraySlice<UInt8> {
    bytes[section.fileRange]
  }

  /// The longest string that is looked at, so that a missing terminator costs little.
  private static let stringLimit = 512

  /// The bytes of the zero-terminated string at `offset` in the string section `section`, cut at a
  /// `limit`.
  func string(
    at offset: UInt64, in section: Int, limit: Int = stringLimit
  ) -> ArraySlice<UInt8> {
    guard sections.indices.contains(section) else { return [] }
    let contents = contents(of: sections[section])
    guard offset < UInt64(contents.count) else { return [] }
    let tail = contents[(contents.startIndex + Int(offset))...]
    return tail.prefix(limit).prefix { $0 != 0 }
  }

  /// The bytes of a symbol's name, cut at `limit`.
  func nameBytes(
    of symbol: ELFSymbol, in table: Int, limit: Int = stringLimit
  ) -> ArraySlice<UInt8> {
    string(at: UInt64(symbol.nameOffset), in: Int(sections[table].link), limit: limit)
  }

  /// Whether a symbol of `table` is called `name`.
  func hasName(_ symbol: ELFSymbol, in table: Int, _ name: [UInt8]) -> Bool {
    let link = Int(sections[table].link)
    guard sections.indices.contains(link) else { return false }
    let strings = contents(of: sections[link])
    guard UInt64(symbol.nameOffset) + UInt64(name.count) < UInt64(strings.count) else {
      return false
    }
    let start = strings.startIndex + Int(symbol.nameOffset)
    return strings[start + name.count] == 0
      && strings[start..<start + name.count].elementsEqual(name)
  }

  /// The weak symbols that may stand for another definition of their name in this file, by symbol table; names are
  /// told apart by their first bytes.
  func replacedSymbols() -> [Int: Set<Int>] {
    symbolTables.reduce(into: [:]) { result, entry in
      let (table, symbols) = entry
      let defined = symbols.filter { $0.isGlobal && ($0.section != nil || $0.isAbsolute) }
      guard defined.contains(where: { $0.binding == UInt8(STB_WEAK) }) else { return }
      let alike = Dictionary(grouping: defined) { Array(nameBytes(of: $0, in: table)) }
      let weak = alike.values.filter { $0.count > 1 }.joined()
        .filter { $0.binding == UInt8(STB_WEAK) }
      result[table] = Set(weak.map(\.index))
    }
  }

  /// What to call a symbol in a message: its name, its section's, or its number.
  func title(of symbol: ELFSymbol, in table: Int) -> String {
    let name = nameBytes(of: symbol, in: table)
    if !name.isEmpty { return printable(name) }
    if symbol.type == UInt8(STT_SECTION), let section = symbol.section {
      return sections[section].name
    }
    return "symbol \(symbol.index)"
  }

  /// An error about this file.
  func error(at offset: UInt64? = nil, _ message: String) -> ObjectFileError {
    ObjectFileError(file: name, position: offset.map { .byte($0) }, message)
  }
}

/// A section header.
struct ELFSection: Sendable {
  let index: Int
  /// Safe to print.
  let name: String
  let type: UInt32
  let flags: UInt64
  let address: UInt64
  let size: UInt64
  let link: UInt32
  let info: UInt32
  let alignment: UInt64
  let entrySize: UInt64
  /// Where its bytes are in the file; empty when it has none there.
  let fileRange: Range<Int>
  /// The offset of the header itself.
  let headerOffset: UInt64

  /// Whether the program has these bytes in memory.
  var isAllocated: Bool { flags & UInt64(SHF_ALLOC) != 0 }
  var isWritable: Bool { flags & UInt64(SHF_WRITE) != 0 }
  var isExecutable: Bool { flags & UInt64(SHF_EXECINSTR) != 0 }
  /// Whether a linker may put its entries where it likes, equal ones at one place (SHF_MERGE).
  var isMergeable: Bool { flags & UInt64(SHF_MERGE) != 0 }
  /// Whether its entries are strings that end in a zero, rather than of one size.
  var hasStrings: Bool { flags & UInt64(SHF_STRINGS) != 0 }
  var isCompressed: Bool { flags & UInt64(SHF_COMPRESSED) != 0 }
  /// Whether it is constant but for the addresses in it, which loaders fill before the program starts.
  private var isRelocated: Bool {
    !isExecutable && !isMergeable
      && (name == ".data.rel.ro" || name.hasPrefix(".data.rel.ro."))
  }
  /// Whether the code may rely on these bytes: loaded, never written once the program runs, the same in every
  /// thread, and none that linkers write anew.
  var isConstant: Bool {
    isAllocated && (!isWritable || isRelocated) && !fileRange.isEmpty
      && type == UInt32(SHT_PROGBITS) && name != ".eh_frame"
      && flags & UInt64(SHF_TLS | SHF_COMPRESSED) == 0 && flags & 0x8000_0000 == 0
  }
}

/// A `PT_LOAD` program header: file bytes that are mapped at an address.
struct ELFLoad: Sendable {
  let fileRange: Range<Int>
  /// The addresses in memory, zero-filled beyond the file's bytes.
  let addresses: Range<UInt64>
  let isReadable: Bool
  let isWritable: Bool
  let isExecutable: Bool
  /// The offset of the header itself.
  let headerOffset: UInt64
}

extension ELFLoad {
  /// Whether some page of memory holds bytes of this segment and of `next`, which begins after it, and
  /// they are not the same part of the file, mapped in the same way.
  func isSpoilt(by next: ELFLoad) -> Bool {
    let page: UInt64 = 4096
    guard addresses.upperBound > 0,
      next.addresses.lowerBound / page <= (addresses.upperBound - 1) / page
    else { return false }
    return addresses.lowerBound &- UInt64(fileRange.lowerBound)
      != next.addresses.lowerBound &- UInt64(next.fileRange.lowerBound)
      || isReadable != next.isReadable || isWritable != next.isWritable
      || isExecutable != next.isExecutable
      || UInt64(fileRange.count) < addresses.upperBound - addresses.lowerBound
  }
}

/// A `PT_DYNAMIC` program header: where a table for the dynamic linker is.
struct ELFDynamicTable: Sendable {
  let address: UInt64
  /// The offset of the header itself.
  let headerOffset: UInt64
}

/// A symbol table's entry.
struct ELFSymbol: Sendable {
  let index: Int
  let nameOffset: UInt32
  /// An offset in its section in a relocatable object, else an address.
  let value: UInt64
  let size: UInt64
  let type: UInt8
  let binding: UInt8
  /// The section that defines it; none for undefined, absolute and common symbols.
  let section: Int?
  let isAbsolute: Bool
  /// Whether another file defines it.
  let isUndefined: Bool
  /// The offset of the entry in the file.
  let fileOffset: UInt64

  /// Whether other objects see it.
  var isGlobal: Bool { binding != UInt8(STB_LOCAL) }
}

/// A relocation section.
struct ELFRelocationTable: Sendable {
  /// The section that the entries change; 0 in a linked file, whose entries name addresses.
  let target: Int
  /// The section of the symbols they refer to.
  let symbolTable: Int
  let entries: [ELFRelocation]
}

/// A relocation table's entry.
struct ELFRelocation: Sendable {
  /// An offset in the target section in a relocatable object, else an address.
  let offset: UInt64
  let type: UInt32
  let symbol: Int
  /// None when the addend is in the bytes themselves (`SHT_REL`).
  let addend: UInt64?
  /// The offset of the entry in the file.
  let fileOffset: UInt64
}
