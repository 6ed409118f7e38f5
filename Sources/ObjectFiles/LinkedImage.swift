import CElfutils
import MachineModel

/// The constant bytes of an executable or shared library at their link-time addresses.
struct LinkedImage {
  let file: ELFFile

  /// The constant sections that lie in segments which are readable and never writable, RELRO not
  /// included; what a dynamic relocation would change in them is unresolved.
  func image() throws(ObjectFileError) -> LoadedImage {
    for table in file.dynamicTables { try checkNoTextRelocations(table) }
    var segments: [Segment] = []
    var addresses: [Int: UInt64] = [:]
    for section in file.sections where section.isConstant && !section.isWritable {
      guard let load = try load(holding: section), load.isReadable, !load.isWritable else {
        continue
      }
      addresses[section.index] = section.address
      segments.append(
        Segment(
          name: section.name, address: section.address, bytes: Array(file.contents(of: section)),
          isExecutable: section.isExecutable && load.isExecutable))
    }
    segments.sort { $0.address < $1.address }
    for (one, next) in zip(segments, segments.dropFirst()) where one.end > next.address {
      throw file.error("sections \(one.name) and \(next.name) overlap in memory")
    }
    let unresolved = try dynamicReferences(into: segments)
    return LoadedImage(
      segments: segments, unresolved: unresolved, addresses: addresses,
      slideStep: file.isShared ? Code.page : nil)
  }

  /// Throws if the dynamic linker is asked to write into segments that are not writable; what is not
  /// asked for in this table it cannot, whatever the section headers say.
  private func checkNoTextRelocations(_ table: ELFDynamicTable) throws(ObjectFileError) {
    guard let load = file.loads.first(where: { $0.addresses.contains(table.address) }),
      table.address - load.addresses.lowerBound <= UInt64(load.fileRange.count)
    else {
      throw file.error(at: table.headerOffset, "the dynamic section is in no segment's bytes")
    }
    let start = load.fileRange.lowerBound + Int(table.address - load.addresses.lowerBound)
    for offset in stride(from: start, through: load.fileRange.upperBound - 16, by: 16) {
      let (tag, value) = (word(at: offset), word(at: offset + 8))
      if tag == UInt64(DT_NULL) { return }
      if tag == UInt64(DT_TEXTREL) || tag == UInt64(DT_FLAGS) && value & UInt64(DF_TEXTREL) != 0 {
        throw file.error(
          at: UInt64(offset),
          "has text relocations (DT_TEXTREL): the dynamic linker changes its code")
      }
    }
    throw file.error(at: table.headerOffset, "the dynamic section has no end in its segment")
  }

  /// The eight bytes of the file at `offset` as a number.
  private func word(at offset: Int) -> UInt64 {
    file.bytes[offset..<offset + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The segment that loads `section`; nil if none does, an error if one does only in part or would
  /// load other bytes.
  private func load(holding section: ELFSection) throws(ObjectFileError) -> ELFLoad? {
    let (end, wraps) = section.address.addingReportingOverflow(section.size)
    guard !wraps else {
      throw file.error(at: section.headerOffset + 16, "\(section.name)'s addresses wrap")
    }
    let candidate = file.loads.first {
      section.address < $0.addresses.upperBound && $0.addresses.lowerBound < end
    }
    guard let candidate else { return nil }
    let distance = section.address &- candidate.addresses.lowerBound
    let expected = UInt64(candidate.fileRange.lowerBound) &+ distance
    guard section.address >= candidate.addresses.lowerBound,
      distance <= UInt64(candidate.fileRange.count),
      section.size <= UInt64(candidate.fileRange.count) - distance,
      expected == UInt64(section.fileRange.lowerBound)
    else {
      throw file.error(
        at: section.headerOffset,
        "\(section.name) and the segment at \(hexadecimal(candidate.addresses.lowerBound)) disagree "
          + "about which bytes are at \(hexadecimal(section.address))")
    }
    return candidate
  }

  /// What the dynamic linker would change in `segments`, which are sorted.
  private func dynamicReferences(
    into segments: [Segment]
  ) throws(ObjectFileError) -> [UnresolvedReference] {
    var result: [UnresolvedReference] = []
    func note(
      _ address: UInt64, _ byteCount: Int, _ name: @autoclosure () -> String,
      _ cause: UnresolvedReference.Cause = .kind
    ) {
      let (end, wraps) = address.addingReportingOverflow(UInt64(byteCount))
      let index = Self.firstSegment(in: segments, endingAfter: address)
      guard !wraps, index < segments.count, segments[index].address < end else { return }
      result.append(
        UnresolvedReference(
          address: address, byteCount: byteCount, symbol: name(), cause: cause))
    }
    for table in file.relocationTables {
      let symbols = file.symbolTables[table.symbolTable] ?? []
      for entry in table.entries {
        let type = RelocationType.named(entry.type, isa: file.isa)
        let symbol = entry.symbol > 0 && entry.symbol < symbols.count ? symbols[entry.symbol] : nil
        note(
          entry.offset, type.action.byteCount,
          symbol.map { file.title(of: $0, in: table.symbolTable) } ?? type.name,
          symbol == nil ? .kind : .undefined)
      }
    }
    for section in file.sections where section.isAllocated && section.type == Self.packedRelative {
      for address in try packedAddresses(in: section) {
        note(address, 8, "packed relative relocation")
      }
    }
    return result
  }

  /// The section type `SHT_RELR`.
  private static let packedRelative: UInt32 = 19
  /// The most relocations that a packed table may stand for.
  private static let packedLimit = 1 << 22

  /// The addresses that a packed table of relative relocations names: an even word is an address, an
  /// odd one a bitmap of the 63 words that follow.
  private func packedAddresses(in section: ELFSection) throws(ObjectFileError) -> [UInt64] {
    let bytes = Array(file.contents(of: section))
    var addresses: [UInt64] = []
    var next: UInt64 = 0
    for offset in stride(from: 0, to: bytes.count - bytes.count % 8, by: 8) {
      let word = (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
      if word & 1 == 0 {
        addresses.append(word)
        next = word &+ 8
      } else {
        for bit in 1..<64 where word >> UInt64(bit) & 1 == 1 {
          addresses.append(next &+ UInt64(8 * (bit - 1)))
        }
        next = next &+ 63 * 8
      }
      guard addresses.count <= Self.packedLimit else {
        throw file.error(
          at: section.headerOffset, "\(section.name) has more than \(Self.packedLimit) relocations")
      }
    }
    return addresses
  }

  /// The index of the first of the sorted `segments` that ends after `address`.
  private static func firstSegment(in segments: [Segment], endingAfter address: UInt64) -> Int {
    var low = 0
    var high = segments.count
    while low < high {
      let middle = (low + high) / 2
      if segments[middle].end > address { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
