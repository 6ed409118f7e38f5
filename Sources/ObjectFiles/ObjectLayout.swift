import MachineModel

/// Addresses for the sections of a relocatable object, as a linker might choose them.
///
/// Constant sections get synthetic, page-aligned addresses from 0x400000 on, each followed by at
/// least one page that belongs to nothing, so that running over a section's end never reads another.
struct ObjectLayout {
  private static let base: UInt64 = 0x40_0000
  private static let page: UInt64 = 0x1000
  private static let largestAlignment: UInt64 = 1 << 24

  let file: ELFFile
  let addresses: [Int: UInt64]

  init(_ file: ELFFile) throws(ObjectFileError) {
    var addresses: [Int: UInt64] = [:]
    var next = Self.base
    for section in file.sections where section.isConstant {
      let alignment = max(section.alignment, Self.page)
      guard section.alignment & (section.alignment &- 1) == 0, alignment <= Self.largestAlignment
      else {
        throw file.error(
          at: section.headerOffset + 48,
          "\(section.name) should be aligned to a power of two, found \(section.alignment)")
      }
      let start = (next + alignment - 1) & ~(alignment - 1)
      addresses[section.index] = start
      next = start + section.size + Self.page
    }
    self.file = file
    self.addresses = addresses
  }

  /// The constant sections at their addresses with relocations applied.
  func image() throws(ObjectFileError) -> LoadedImage {
    var contents: [Int: [UInt8]] = [:]
    for section in addresses.keys {
      contents[section] = Array(file.contents(of: file.sections[section]))
    }
    var unresolved: [UnresolvedReference] = []
    var hasAbsolute = false
    for (section, entries) in entriesByTarget() {
      guard let address = addresses[section], var bytes = contents.removeValue(forKey: section)
      else { continue }
      var relocator = Relocator(
        file: file, section: file.sections[section], address: address, baseOf: { addresses[$0] })
      try relocator.apply(entries, to: &bytes)
      contents[section] = bytes
      unresolved += relocator.unresolved
      hasAbsolute = hasAbsolute || relocator.hasAbsolute
    }
    var segments: [Segment] = []
    for (section, address) in addresses {
      let header = file.sections[section]
      segments.append(
        Segment(
          name: header.name, address: address, bytes: contents[section] ?? [],
          isExecutable: header.isExecutable))
    }
    return LoadedImage(
      segments: segments, unresolved: unresolved, addresses: addresses,
      isRelocatable: !hasAbsolute)
  }

  /// The bytes of a debugging section, its references to placed sections applied where they can be.
  func debugContents(of section: ELFSection) -> [UInt8] {
    var bytes = Array(file.contents(of: section))
    var relocator = Relocator(file: file, section: section, address: 0) { index in
      addresses[index] ?? (file.sections[index].isAllocated ? nil : 0)
    }
    for table in file.relocationTables where table.target == section.index {
      for entry in table.entries { try? relocator.apply([(entry, table.symbolTable)], to: &bytes) }
    }
    return bytes
  }

  /// All relocations with their symbol table, by the section that they change, in address order.
  private func entriesByTarget() -> [Int: [Relocator.Entry]] {
    var result: [Int: [Relocator.Entry]] = [:]
    for table in file.relocationTables {
      result[table.target, default: []] += table.entries.map { ($0, table.symbolTable) }
    }
    return result.mapValues {
      $0.sorted { ($0.0.offset, $0.0.fileOffset) < ($1.0.offset, $1.0.fileOffset) }
    }
  }
}
