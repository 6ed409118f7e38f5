/// Writes small ELF64 files for tests, honest or not.
struct ELFBuilder {
  /// A section and what its header says.
  struct Section {
    var name: String
    var type: UInt32
    var flags: UInt64 = 0
    var address: UInt64 = 0
    var bytes: [UInt8] = []
    var link: UInt32 = 0
    var info: UInt32 = 0
    var entrySize: UInt64 = 0
    var alignment: UInt64 = 1
  }

  /// A segment that loads the file from `offset` on at `address`, or a program header of another type.
  struct Load {
    var type: UInt32 = 1
    var flags: UInt32
    var offset: UInt64
    var address: UInt64
    var size: UInt64
  }

  /// 1: object, 2: executable, 3: shared library.
  var type: UInt16 = 1
  var machine: UInt16 = 62
  var sections: [Section] = []
  var loads: [Load] = []

  /// The offset in the file of the first section's bytes.
  var firstOffset: UInt64 { UInt64(64 + 56 * loads.count) }

  /// The little-endian bytes of a number.
  static func number(_ value: some FixedWidthInteger, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  /// A symbol table's entry; `info` is the binding times 16 and the type.
  static func symbol(
    name: Int, info: UInt8 = 0x12, section: UInt16 = 1, value: UInt64 = 0, size: UInt64 = 0
  ) -> [UInt8] {
    number(name, 4) + [info, 0] + number(section, 2) + number(value, 8) + number(size, 8)
  }

  /// A relocation with an addend, or without.
  static func relocation(
    _ offset: UInt64, type: UInt64, symbol: UInt64, addend: Int64? = nil
  ) -> [UInt8] {
    number(offset, 8) + number(symbol << 32 | type, 8) + (addend.map { number($0, 8) } ?? [])
  }

  /// An object with `.text` of `code`, aligned to a page, in which the function `f` is symbol 1 and `absent` undefined
  /// symbol 2, and with the relocations `table` of it.
  static func object(
    code: [UInt8], relocations: [UInt8], haveAddends: Bool = true, machine: UInt16 = 62
  ) -> ELFBuilder {
    let symbols =
      symbol(name: 0, info: 0, section: 0) + symbol(name: 1) + symbol(name: 3, section: 0)
    return ELFBuilder(
      machine: machine,
      sections: [
        Section(name: ".text", type: 1, flags: 6, bytes: code, alignment: 4096),
        Section(name: ".symtab", type: 2, bytes: symbols, link: 3, entrySize: 24, alignment: 8),
        Section(name: ".strtab", type: 3, bytes: Array("\0f\0absent\0".utf8)),
        Section(
          name: ".relocations", type: haveAddends ? 4 : 9, bytes: relocations, link: 2, info: 1,
          entrySize: haveAddends ? 24 : 16, alignment: 8),
      ])
  }

  /// An object with `extra`, its fifth section; symbol 3 is at `value` in it.
  static func object(
    code: [UInt8], relocations: [UInt8], machine: UInt16 = 62, _ extra: ELFBuilder.Section,
    symbol value: UInt64 = 0, type: UInt8 = 1
  ) -> ELFBuilder {
    var builder = ELFBuilder.object(code: code, relocations: relocations, machine: machine)
    builder.sections[0].alignment = 4
    builder.sections[1].bytes += ELFBuilder.symbol(name: 0, info: type, section: 5, value: value)
    builder.sections.append(extra)
    return builder
  }

  static func constants(_ bytes: [UInt8], alignment: UInt64) -> ELFBuilder.Section {
    .init(name: ".constants", type: 1, flags: 2, bytes: bytes, alignment: alignment)
  }

  /// The file.
  func bytes() -> [UInt8] {
    var names: [UInt8] = [0]
    var body: [UInt8] = []
    var headers: [UInt8] = Array(repeating: 0, count: 64)
    var all = sections
    all.append(Section(name: ".shstrtab", type: 3))
    for section in all {
      let name = names.count
      names += Array(section.name.utf8) + [0]
      let contents = section.name == ".shstrtab" ? names : section.bytes
      headers += Self.number(name, 4) + Self.number(section.type, 4)
      headers += Self.number(section.flags, 8) + Self.number(section.address, 8)
      headers += Self.number(firstOffset + UInt64(body.count), 8) + Self.number(contents.count, 8)
      headers += Self.number(section.link, 4) + Self.number(section.info, 4)
      headers += Self.number(section.alignment, 8) + Self.number(section.entrySize, 8)
      body += contents
    }
    let table = firstOffset + UInt64(body.count)
    var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, 2, 1, 1] + Array(repeating: 0, count: 9)
    file += Self.number(type, 2) + Self.number(machine, 2) + Self.number(1, 4)
    file += Self.number(0, 8) + Self.number(loads.isEmpty ? 0 : 64, 8) + Self.number(table, 8)
    file += Self.number(0, 4) + Self.number(64, 2) + Self.number(56, 2)
    file += Self.number(loads.count, 2) + Self.number(64, 2)
    file += Self.number(all.count + 1, 2) + Self.number(all.count, 2)
    for load in loads {
      file += Self.number(load.type, 4) + Self.number(load.flags, 4) + Self.number(load.offset, 8)
      file += Self.number(load.address, 8) + Self.number(load.address, 8)
      file += Self.number(load.size, 8) + Self.number(load.size, 8) + Self.number(0x1000, 8)
    }
    return file + body + headers
  }
}
