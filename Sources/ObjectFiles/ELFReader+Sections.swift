import CElfutils

extension ELFReader {
  /// The most section headers that are read.
  private static let sectionLimit = 1 << 20
  /// The most segments that may be loaded.
  private static let loadLimit = 256

  /// All section headers, the null one included.
  func readSections(_ bytes: [UInt8]) throws(ObjectFileError) -> [ELFSection] {
    var count = 0
    var namesIndex = 0
    guard elf_getshdrnum(elf, &count) == 0 else {
      throw error(60, "the number of sections cannot be read")
    }
    if count == 0 { return [] }
    guard header.e_shentsize == 64 else {
      throw error(58, "section headers of 64 bytes were expected, found \(header.e_shentsize)")
    }
    guard count <= Self.sectionLimit, header.e_shoff <= fileSize,
      UInt64(count) * 64 <= fileSize - header.e_shoff
    else {
      throw error(
        40, "\(count) section headers at \(hexadecimal(header.e_shoff)) do not fit into the file")
    }
    guard elf_getshdrstrndx(elf, &namesIndex) == 0, namesIndex < count else {
      throw error(62, "the section of section names does not exist")
    }
    var headers: [GElf_Shdr] = []
    for index in 0..<count {
      var raw = GElf_Shdr()
      guard gelf_getshdr(elf_getscn(elf, index), &raw) != nil else {
        throw error(header.e_shoff + UInt64(index) * 64, "section header \(index) is unreadable")
      }
      headers.append(raw)
    }
    return try checkedSections(headers, names: namesIndex, bytes)
  }

  /// The headers with their names, after their ranges proved to be in the file and disjoint.
  private func checkedSections(
    _ headers: [GElf_Shdr], names namesIndex: Int, _ bytes: [UInt8]
  ) throws(ObjectFileError) -> [ELFSection] {
    let names = headers[namesIndex]
    let nameRange =
      namesIndex == 0 || names.sh_type == UInt32(SHT_NOBITS)
      ? 0..<0
      : try fileRange(
        names.sh_offset, names.sh_size, "the section of section names",
        headerOffset: header.e_shoff + UInt64(namesIndex) * 64)
    var sections: [ELFSection] = []
    var total: UInt64 = 0
    for (index, raw) in headers.enumerated() {
      let headerOffset = header.e_shoff + UInt64(index) * 64
      let start = nameRange.lowerBound + min(Int(raw.sh_name), nameRange.count)
      let title = printable(bytes[start..<nameRange.upperBound].prefix(256).prefix { $0 != 0 })
      let hasBytes = raw.sh_type != UInt32(SHT_NOBITS) && raw.sh_type != UInt32(SHT_NULL)
      let range =
        hasBytes
        ? try fileRange(
          raw.sh_offset, raw.sh_size, "section \(index) (\(title))", headerOffset: headerOffset)
        : 0..<0
      total += UInt64(range.count)
      // Honest files never share bytes between sections; sharing would let a small file stand for
      // any amount of work.
      guard total <= fileSize else {
        throw error(headerOffset, "section \(index) (\(title)) overlaps other sections")
      }
      sections.append(
        ELFSection(
          index: index, name: title, type: raw.sh_type, flags: raw.sh_flags, address: raw.sh_addr,
          size: raw.sh_size, link: raw.sh_link, info: raw.sh_info, alignment: raw.sh_addralign,
          entrySize: raw.sh_entsize, fileRange: range, headerOffset: headerOffset))
    }
    return sections
  }

  /// The `PT_LOAD` program headers, which do not overlap in memory, and the `PT_DYNAMIC` ones.
  func readSegments() throws(ObjectFileError) -> ([ELFLoad], [ELFDynamicTable]) {
    var count = 0
    guard elf_getphdrnum(elf, &count) == 0 else {
      throw error(56, "the number of program headers cannot be read")
    }
    if count == 0 { return ([], []) }
    guard header.e_phentsize == 56 else {
      throw error(54, "program headers of 56 bytes were expected, found \(header.e_phentsize)")
    }
    guard count <= 1 << 16, header.e_phoff <= fileSize,
      UInt64(count) * 56 <= fileSize - header.e_phoff
    else {
      throw error(
        32, "\(count) program headers at \(hexadecimal(header.e_phoff)) do not fit into the file")
    }
    var loads: [ELFLoad] = []
    var tables: [ELFDynamicTable] = []
    for index in 0..<count {
      let headerOffset = header.e_phoff + UInt64(index) * 56
      var raw = GElf_Phdr()
      guard gelf_getphdr(elf, Int32(index), &raw) != nil else {
        throw error(headerOffset, "program header \(index) is unreadable")
      }
      if raw.p_type == UInt32(PT_LOAD) { loads.append(try load(raw, headerOffset: headerOffset)) }
      if raw.p_type == UInt32(PT_DYNAMIC) {
        tables.append(ELFDynamicTable(address: raw.p_vaddr, headerOffset: headerOffset))
      }
      guard max(loads.count, tables.count) <= Self.loadLimit else {
        throw error(headerOffset, "more than \(Self.loadLimit) segments are loaded")
      }
    }
    loads.sort { $0.addresses.lowerBound < $1.addresses.lowerBound }
    for (one, next) in zip(loads, loads.dropFirst()) {
      guard one.addresses.upperBound <= next.addresses.lowerBound else {
        throw error(next.headerOffset, "this segment overlaps another one in memory")
      }
      if one.isSpoilt(by: next) {
        throw error(
          next.headerOffset,
          "this segment begins in a page of another one, of which only one can be in memory")
      }
    }
    return (loads, tables)
  }

  /// A checked `PT_LOAD` program header.
  private func load(_ raw: GElf_Phdr, headerOffset: UInt64) throws(ObjectFileError) -> ELFLoad {
    let range = try fileRange(raw.p_offset, raw.p_filesz, "a segment", headerOffset: headerOffset)
    let (end, wraps) = raw.p_vaddr.addingReportingOverflow(raw.p_memsz)
    guard !wraps, raw.p_filesz <= raw.p_memsz else {
      throw error(headerOffset, "the segment's addresses wrap, or hold less than its bytes")
    }
    return ELFLoad(
      fileRange: range, addresses: raw.p_vaddr..<end,
      isReadable: raw.p_flags & UInt32(PF_R) != 0,
      isWritable: raw.p_flags & UInt32(PF_W) != 0, isExecutable: raw.p_flags & UInt32(PF_X) != 0,
      headerOffset: headerOffset)
  }
}
