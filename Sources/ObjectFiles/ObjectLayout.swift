import MachineModel

/// Addresses for the sections of a relocatable object, as a linker might choose them.
///
/// Constant sections get synthetic addresses from 0x400000 on, each followed by at least one page that
/// belongs to nothing, so that running over a section's end never reads another. A linker aligns a
/// section as it declares and no more. So the object moves in steps of its sections' greatest
/// alignment, and those with less are placed where they have just that; where instructions hold parts
/// of addresses that change with smaller steps than pages, it moves by pages, and that goes for all; those of ARM64,
/// which come in pairs, each at another offset in its page.
struct ObjectLayout {
  private static let base: UInt64 = 0x40_0000
  private static let largestAlignment: UInt64 = 1 << 24

  let file: ELFFile
  let addresses: [Int: UInt64]
  private let entries: MergeableEntries
  private let offsets: GlobalOffsetTable
  private let replaced: [Int: Set<Int>]
  /// The unit in which the object may be moved.
  private let step: UInt64
  /// Whether instructions or data change if it is moved by less than a page.
  private let dependsOnPage: Bool

  init(_ file: ELFFile) throws(ObjectFileError) {
    let sections = file.sections.filter { $0.isConstant }
    try Self.checkAlignments(sections, file)
    dependsOnPage = file.relocationTables.contains { table in
      let section = file.sections[table.target]
      return section.isConstant
        && table.entries.contains {
          let action = RelocationType.named($0.type, isa: file.isa).action
          return action.dependsOnPage && (section.isExecutable || !action.isWord)
        }
    }
    let greatest = sections.map(\.alignment).max() ?? 1
    let least: UInt64 = file.isa == "arm64" ? 4 : 1
    let step = dependsOnPage ? Code.page : min(max(greatest, least), Code.page)
    var next = Self.base
    var count: UInt64 = 0
    let isSpread = dependsOnPage && file.isa == "arm64"
    func place(_ alignment: UInt64, _ size: UInt64) -> UInt64 {
      let unit = max(alignment, Code.page)
      let offset = isSpread ? Self.offset(of: count, alignment) : max(alignment, 1)
      let start = (next + unit - 1) & ~(unit - 1) + (alignment < step ? offset : 0)
      count += 1
      next = start + size + Code.page
      return start
    }
    var addresses: [Int: UInt64] = [:]
    for section in sections where !section.isMergeable {
      addresses[section.index] = place(section.alignment, section.size)
    }
    // What is near an entry is reached through it.
    func placeAlone(_ alignment: UInt64, _ size: UInt64) -> UInt64 {
      next += Code.page
      return place(alignment, size)
    }
    entries = MergeableEntries(file) { section, entry in
      placeAlone(section.alignment, entry.range.upperBound - entry.range.lowerBound)
    }
    offsets = GlobalOffsetTable(
      file, place: { place(8, 8) }, guardPlace: { placeAlone(8, 8) })
    self.file = file
    replaced = file.replacedSymbols()
    self.addresses = addresses
    self.step = step
  }

  /// An offset in its page that no other of the first places with the same alignment has, nor any with another: the
  /// low bits of one address do for no other.
  private static func offset(of number: UInt64, _ alignment: UInt64) -> UInt64 {
    let unit = max(alignment, 1)
    return unit * (2 * (number * 37 % max(Code.page / 2 / unit, 1)) + 1)
  }

  /// Throws if an alignment is no power of two, or too large.
  private static func checkAlignments(
    _ sections: [ELFSection], _ file: ELFFile
  ) throws(ObjectFileError) {
    for section in sections
    where section.alignment & (section.alignment &- 1) != 0
      || section.alignment > Self.largestAlignment
    {
      throw file.error(
        at: section.headerOffset + 48,
        "\(section.name) should be aligned to a power of two, found \(section.alignment)")
    }
  }

  /// The constant sections at their addresses with relocations applied.
  func image() throws(ObjectFileError) -> LoadedImage {
    var contents: [Int: [UInt8]] = [:]
    for section in addresses.keys {
      contents[section] = Array(file.contents(of: file.sections[section]))
    }
    var unresolved: [UnresolvedReference] = []
    var linkedFields: [LinkedField] = []
    var addressWords: [UInt64] = []
    var slots: [UInt64: UInt64] = [:]
    var hasAbsolute = false
    for (section, relocations) in entriesByTarget() {
      guard let address = addresses[section], var bytes = contents.removeValue(forKey: section)
      else { continue }
      var relocator = Relocator(
        file: file, section: file.sections[section], address: address, mergeable: entries,
        offsets: offsets, replaced: replaced, baseOf: { addresses[$0] })
      try relocator.apply(relocations, to: &bytes)
      contents[section] = bytes
      unresolved += relocator.unresolved
      linkedFields += relocator.linkedFields
      addressWords += relocator.addressWords
      slots.merge(relocator.slotTargets) { first, _ in first }
      hasAbsolute = hasAbsolute || relocator.hasAbsolute
    }
    let known = Set(unresolved.map(\.address))
    for (section, bytes) in contents {
      unresolved += pages(section, bytes).filter { !known.contains($0.address) }
    }
    let segments = addresses.map { section, address in
      let header = file.sections[section]
      return Segment(
        name: header.name, address: address, bytes: contents[section] ?? [],
        isExecutable: header.isExecutable)
    }
    return LoadedImage(
      segments: segments + mergeableSegments() + offsets.segments(slots), unresolved: unresolved,
      linkedFields: linkedFields, addressWords: addressWords + slots.keys, addresses: addresses,
      slideStep: hasAbsolute ? nil : step)
  }

  /// The instructions of a section that make an address of their page without a relocation: which page that is, or how
  /// far they are from its beginning, is for linkers to decide.
  private func pages(_ section: Int, _ bytes: [UInt8]) -> [UnresolvedReference] {
    guard file.isa == "arm64", file.sections[section].isExecutable,
      let address = addresses[section]
    else { return [] }
    let known = Set(
      file.relocationTables.filter { $0.target == section }.flatMap(\.entries).filter { entry in
        switch RelocationType.named(entry.type, isa: file.isa).action {
        case .instruction(.page), .slot(.page): true
        default: false
        }
      }.map(\.offset))
    // Instructions are aligned by their addresses, which the section need not be.
    return stride(from: Int((0 &- address) & 3), through: bytes.count - 4, by: 4).filter {
      bytes[$0 + 3] & 0x9f == 0x90 && !known.contains(UInt64($0))
    }.map {
      UnresolvedReference(
        address: address + UInt64($0), byteCount: 4, symbol: "its own page (no relocation)",
        cause: .kind)
    }
  }

  /// The entries of mergeable sections.
  private func mergeableSegments() -> [Segment] {
    entries.addresses.map { entry, address in
      let header = file.sections[entry.section]
      let start = header.fileRange.lowerBound + Int(entry.range.lowerBound)
      let step = min(max(header.alignment, 1), Code.page)
      return Segment(
        name: header.name, address: address,
        bytes: Array(file.bytes[start...].prefix(entry.range.count)),
        isExecutable: false, ownStep: step)
    }
  }

  /// The bytes of a debugging section, its references to placed sections applied where they can be.
  func debugContents(of section: ELFSection) -> [UInt8] {
    var bytes = Array(file.contents(of: section))
    var relocator = Relocator(
      file: file, section: section, address: 0, mergeable: entries, offsets: offsets,
      replaced: replaced
    ) {
      addresses[$0] ?? (file.sections[$0].isAllocated ? nil : 0)
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
