import CElfutils

/// Reads an ELF file's tables through libelf; every count, offset and size is compared with the
/// file before it is used.
struct ELFReader {
  let elf: OpaquePointer
  let name: String
  let fileSize: UInt64
  let header: GElf_Ehdr

  /// The tables of `bytes`, or what is wrong with them.
  static func read(_ bytes: [UInt8], name: String) throws(ObjectFileError) -> ELFFile {
    let isa = try checkIdentification(bytes, name: name)
    var copy = bytes
    let outcome = copy.withUnsafeMutableBytes { buffer in
      Result { () throws(ObjectFileError) -> ELFFile in
        _ = elf_version(UInt32(EV_CURRENT))
        let image = buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
        guard let elf = elf_memory(image, buffer.count), elf_kind(elf) == ELF_K_ELF else {
          throw ObjectFileError(file: name, "libelf does not accept this ELF file")
        }
        defer { elf_end(elf) }
        var header = GElf_Ehdr()
        guard gelf_getehdr(elf, &header) != nil else {
          throw ObjectFileError(file: name, position: .byte(0), "the ELF header cannot be read")
        }
        let reader = ELFReader(
          elf: elf, name: name, fileSize: UInt64(buffer.count), header: header)
        return try reader.file(bytes: bytes, isa: isa)
      }
    }
    return try outcome.get()
  }

  /// The ISA, after the header's fixed fields are those of a file that we read.
  private static func checkIdentification(
    _ bytes: [UInt8], name: String
  ) throws(ObjectFileError) -> String {
    func fail(_ offset: Int, _ message: String) -> ObjectFileError {
      ObjectFileError(file: name, position: .byte(UInt64(offset)), message)
    }
    guard bytes.count >= 64 else {
      throw fail(bytes.count, "the file ends in the ELF header, which has 64 bytes")
    }
    guard bytes[4] == UInt8(ELFCLASS64) else {
      throw fail(4, "a 64-bit ELF file (class 2) was expected, found class \(bytes[4])")
    }
    guard bytes[5] == UInt8(ELFDATA2LSB) else {
      throw fail(5, "a little-endian ELF file (1) was expected, found byte order \(bytes[5])")
    }
    guard bytes[6] == UInt8(EV_CURRENT) else {
      throw fail(6, "ELF version 1 was expected, found \(bytes[6])")
    }
    switch UInt16(bytes[18]) | UInt16(bytes[19]) << 8 {
    case UInt16(EM_X86_64): return "x86-64"
    case UInt16(EM_AARCH64): return "arm64"
    case let machine:
      throw fail(18, "x86-64 (62) or AArch64 (183) was expected, found machine \(machine)")
    }
  }

  /// Reads everything.
  private func file(bytes: [UInt8], isa: String) throws(ObjectFileError) -> ELFFile {
    let isRelocatable = header.e_type == UInt16(ET_REL)
    guard isRelocatable || header.e_type == UInt16(ET_EXEC) || header.e_type == UInt16(ET_DYN)
    else {
      throw error(
        16, "an object, executable or shared library was expected, found type \(header.e_type)")
    }
    let sections = try readSections(bytes)
    if isRelocatable { try checkTypes(sections) }
    var symbolTables: [Int: [ELFSymbol]] = [:]
    for section in sections
    where section.type == UInt32(SHT_SYMTAB) || section.type == UInt32(SHT_DYNSYM) {
      symbolTables[section.index] = try readSymbols(section, sectionCount: sections.count)
    }
    var relocationTables: [ELFRelocationTable] = []
    for section in sections
    where section.type == UInt32(SHT_RELA) || section.type == UInt32(SHT_REL) {
      if let table = try readRelocations(section, sections, isRelocatable: isRelocatable) {
        // Some linkers leave out what has no symbol table, or is to be left out.
        let isOptional = !isRelocatable && table.symbolTable == 0
        guard symbolTables[table.symbolTable] != nil || isOptional else {
          throw error(
            section.headerOffset + 40,
            "\(section.name) should link to a symbol table, found section \(section.link)")
        }
        guard section.flags & UInt64(SHF_EXCLUDE) == 0 || !isRelocatable else {
          throw error(
            section.headerOffset + 8, "\(section.name) is marked to be left out (SHF_EXCLUDE)")
        }
        relocationTables.append(table)
      }
    }
    let (loads, dynamicTables) = isRelocatable ? ([], []) : try readSegments()
    return ELFFile(
      name: name, bytes: bytes, isa: isa, isRelocatable: isRelocatable,
      isShared: header.e_type == UInt16(ET_DYN), sections: sections,
      loads: loads, dynamicTables: dynamicTables, symbolTables: symbolTables,
      relocationTables: relocationTables)
  }

  /// Throws if a section of a type that is not known is about one that is loaded: it may change it,
  /// as `SHT_CREL` does.
  private func checkTypes(_ sections: [ELFSection]) throws(ObjectFileError) {
    for section in sections {
      let info = Int(section.info)
      let isKnown =
        section.type <= 19 || 0x6fff_fff5...0x6fff_ffff ~= section.type
        || section.type == 0x7000_0001 || section.type == 0x7000_0003
      guard !isKnown, sections.indices.contains(info), sections[info].isConstant else { continue }
      throw error(
        section.headerOffset + 4,
        "\(section.name) is about \(sections[info].name), which it may change, but its type "
          + "\(hexadecimal(UInt64(section.type))) is not known")
    }
  }

  /// An error at a byte of this file.
  func error(_ offset: UInt64, _ message: String) -> ObjectFileError {
    ObjectFileError(file: name, position: .byte(offset), message)
  }

  /// The file's bytes from `offset` on, `size` of them; an error says that `what` leaves the file.
  func fileRange(
    _ offset: UInt64, _ size: UInt64, _ what: String, headerOffset: UInt64
  ) throws(ObjectFileError) -> Range<Int> {
    guard offset <= fileSize, size <= fileSize - offset else {
      throw error(
        headerOffset,
        "\(what) has \(size) bytes at \(hexadecimal(offset)), but the file ends at "
          + hexadecimal(fileSize))
    }
    return Int(offset)..<Int(offset + size)
  }
}
