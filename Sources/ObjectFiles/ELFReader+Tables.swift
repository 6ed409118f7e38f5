import CElfutils

extension ELFReader {
  /// The entries of a symbol table.
  func readSymbols(
    _ table: ELFSection, sectionCount: Int
  ) throws(ObjectFileError) -> [ELFSymbol] {
    let (data, count) = try entries(of: table, entrySize: 24)
    var symbols: [ELFSymbol] = []
    symbols.reserveCapacity(count)
    for index in 0..<count {
      let offset = UInt64(table.fileRange.lowerBound + index * 24)
      var raw = GElf_Sym()
      guard gelf_getsym(data, Int32(index), &raw) != nil else {
        throw error(offset, "symbol \(index) is unreadable")
      }
      let section = Int(raw.st_shndx)
      let isDefined = section != Int(SHN_UNDEF) && section < Int(SHN_LORESERVE)
      guard !isDefined || section < sectionCount else {
        throw error(offset + 6, "symbol \(index) is in section \(section), which does not exist")
      }
      symbols.append(
        ELFSymbol(
          index: index, nameOffset: raw.st_name, value: raw.st_value, size: raw.st_size,
          type: raw.st_info & 0xf, binding: raw.st_info >> 4,
          section: isDefined ? section : nil, isAbsolute: section == Int(SHN_ABS),
          isUndefined: section == Int(SHN_UNDEF), fileOffset: offset))
    }
    return symbols
  }

  /// The entries of a relocation section; nil when they change nothing that we load.
  func readRelocations(
    _ table: ELFSection, _ sections: [ELFSection], isRelocatable: Bool
  ) throws(ObjectFileError) -> ELFRelocationTable? {
    if isRelocatable {
      guard table.info > 0, Int(table.info) < sections.count else {
        throw error(
          table.headerOffset + 44,
          "\(table.name) should relocate a section, found section \(table.info)")
      }
      let target = sections[Int(table.info)]
      guard target.isConstant || target.name == ".debug_line" else { return nil }
    } else if !table.isAllocated {
      return nil
    }
    let hasAddends = table.type == UInt32(SHT_RELA)
    let entrySize = hasAddends ? 24 : 16
    let (data, count) = try entries(of: table, entrySize: entrySize)
    var relocations: [ELFRelocation] = []
    relocations.reserveCapacity(count)
    for index in 0..<count {
      let offset = UInt64(table.fileRange.lowerBound + index * entrySize)
      guard let raw = relocation(data, index, hasAddends: hasAddends) else {
        throw error(offset, "relocation \(index) is unreadable")
      }
      relocations.append(
        ELFRelocation(
          offset: raw.r_offset, type: UInt32(truncatingIfNeeded: raw.r_info),
          symbol: Int(raw.r_info >> 32),
          addend: hasAddends ? UInt64(bitPattern: raw.r_addend) : nil, fileOffset: offset))
    }
    return ELFRelocationTable(
      target: isRelocatable ? Int(table.info) : 0, symbolTable: Int(table.link),
      entries: relocations)
  }

  /// One relocation, with addend 0 where the table has none.
  private func relocation(
    _ data: UnsafeMutablePointer<Elf_Data>, _ index: Int, hasAddends: Bool
  ) -> GElf_Rela? {
    var result = GElf_Rela()
    if hasAddends { return gelf_getrela(data, Int32(index), &result) == nil ? nil : result }
    var short = GElf_Rel()
    guard gelf_getrel(data, Int32(index), &short) != nil else { return nil }
    result.r_offset = short.r_offset
    result.r_info = short.r_info
    return result
  }

  /// libelf's view of a table and its number of entries.
  private func entries(
    of table: ELFSection, entrySize: Int
  ) throws(ObjectFileError) -> (UnsafeMutablePointer<Elf_Data>, Int) {
    var raw = GElf_Shdr()
    let section = elf_getscn(elf, table.index)
    guard gelf_getshdr(section, &raw) != nil, raw.sh_entsize == UInt64(entrySize),
      table.fileRange.count.isMultiple(of: entrySize)
    else {
      throw error(
        table.headerOffset + 56,
        "\(table.name) should have entries of \(entrySize) bytes, found \(raw.sh_entsize) in "
          + "\(table.fileRange.count) bytes")
    }
    guard let data = elf_getdata(section, nil), data.pointee.d_size >= table.fileRange.count else {
      throw error(UInt64(table.fileRange.lowerBound), "\(table.name) is unreadable")
    }
    return (data, table.fileRange.count / entrySize)
  }
}
