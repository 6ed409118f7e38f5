import CElfutils
import MachineModel

/// Applies relocations to one section's bytes.
struct Relocator {
  /// A relocation and the section of its symbol table.
  typealias Entry = (relocation: ELFRelocation, symbolTable: Int)

  let file: ELFFile
  let section: ELFSection
  /// The section's address.
  let address: UInt64
  /// The entries of mergeable sections.
  let mergeable: MergeableEntries
  let offsets: GlobalOffsetTable
  /// As in `ELFFile.replacedSymbols`.
  let replaced: [Int: Set<Int>]
  /// The address of a section whose place is known.
  let baseOf: (Int) -> UInt64?
  /// What could not be applied.
  private(set) var unresolved: [UnresolvedReference] = []
  /// What was applied although a linker may choose something else.
  private(set) var linkedFields: [LinkedField] = []
  /// Where data was made the address of something in the file.
  private(set) var addressWords: [UInt64] = []
  /// The addresses in the entries of the global offset table that were used, by the entries' own.
  private(set) var slotTargets: [UInt64: UInt64] = [:]
  /// Whether an address was written as such, so that the image holds only where it was laid out.
  private(set) var hasAbsolute = false

  init(
    file: ELFFile, section: ELFSection, address: UInt64, mergeable: MergeableEntries,
    offsets: GlobalOffsetTable, replaced: [Int: Set<Int>], baseOf: @escaping (Int) -> UInt64?
  ) {
    self.file = file
    self.section = section
    self.address = address
    self.mergeable = mergeable
    self.offsets = offsets
    self.replaced = replaced
    self.baseOf = baseOf
  }

  /// Applies `entries`, sorted by offset, to the section's `bytes`; those with bytes in common, whose
  /// order would matter, stay unresolved.
  mutating func apply(_ entries: [Entry], to bytes: inout [UInt8]) throws(ObjectFileError) {
    let isa = file.isa
    let entries = entries.filter {
      RelocationType.named($0.relocation.type, isa: isa).action != .none
    }
    let shared = try overlapping(entries, in: bytes)
    for (index, entry) in entries.enumerated() {
      let relocation = entry.relocation
      let type = RelocationType.named(relocation.type, isa: isa)
      let place = try checkedPlace(relocation, type, in: bytes.count)
      // What linkers make of a field of an instruction is not known as data.
      let isMisplaced = type.action.isOfTable && !section.isExecutable
      switch try shared[index] || isMisplaced
        ? .unknown(type.name, .kind) : target(of: entry, type)
      {
      case .unknown(let name, let cause):
        leave(relocation, name, cause, type.action, in: bytes)
      case .number(let value): _ = try patch(&bytes, at: place, entry, type, target: value)
      case .address(let target):
        try apply(entry, type, to: &bytes, at: place, target: target)
      case .entry(let target, _) where type.action.isWord:
        if try patch(&bytes, at: place, entry, type, target: target) != nil {
          addressWords.append(address &+ UInt64(place))
        }
      case .entry(let target, let name):
        if case .instruction(let field) = type.action, !field.isAddress(in: word(bytes, place)) {
          leave(relocation, name, .merged, type.action, in: bytes)
          continue
        }
        if let range = try patch(&bytes, at: place, entry, type, target: target) {
          note(type.action, range, isMerged: true)
        }
      }
    }
  }

  /// Applies a relocation whose symbol has an address of the file's.
  private mutating func apply(
    _ entry: Entry, _ type: RelocationType, to bytes: inout [UInt8], at place: Int, target: UInt64
  ) throws(ObjectFileError) {
    let (action, relocation) = (type.action, entry.relocation)
    var field = target
    if case .slot = action {
      guard let slot = offsets.slots[key(entry)] else {
        return leave(relocation, title(entry, type), .kind, action, in: bytes)
      }
      field = slot
    }
    if action.isWord || action.isOfTable, isElsewhere(target, relocation.addend) {
      return leave(relocation, title(entry, type), .kind, action, in: bytes)
    }
    guard let range = try patch(&bytes, at: place, entry, type, target: field) else { return }
    if action.isWord, !section.isExecutable {
      addressWords.append(address &+ UInt64(place))
    } else {
      hasAbsolute = hasAbsolute || action.isAbsolute
    }
    if field != target { slotTargets[field] = target }
    note(action, range)
  }

  /// Whether an address would be taken for that of something with a place of its own, though it is none of it.
  private func isElsewhere(_ target: UInt64, _ addend: UInt64?) -> Bool {
    guard let addend else { return true }
    if target == offsets.guardAddress { return addend != 0 }
    return mergeable.isNear(target &+ addend) || offsets.isNearGuard(target &+ addend)
  }

  /// The instruction of ARM64 at a place.
  private func word(_ bytes: [UInt8], _ place: Int) -> UInt32 {
    UInt32(RelocationAction.integer(bytes[place..<place + 4]))
  }

  /// What to call a relocation that is not followed.
  private func title(_ entry: Entry, _ type: RelocationType) -> String {
    guard let symbols = file.symbolTables[entry.symbolTable],
      symbols.indices.contains(entry.relocation.symbol), entry.relocation.symbol > 0
    else { return type.name }
    let symbol = file.title(of: symbols[entry.relocation.symbol], in: entry.symbolTable)
    return "\(symbol) (\(type.name))"
  }

  func key(_ entry: Entry) -> GlobalOffsetTable.Key {
    .init(table: entry.symbolTable, symbol: entry.relocation.symbol)
  }

  /// Which of the sorted `entries` have bytes in common with another.
  private func overlapping(
    _ entries: [Entry], in bytes: [UInt8]
  ) throws(ObjectFileError) -> [Bool] {
    var result = Array(repeating: false, count: entries.count)
    var last: (index: Int, end: UInt64)?
    for (index, entry) in entries.enumerated() {
      let type = RelocationType.named(entry.relocation.type, isa: file.isa)
      let action = type.action
      let place = try checkedPlace(entry.relocation, type, in: bytes.count)
      let before = UInt64(action.bytesBefore(place, in: bytes))
      let (end, _) = entry.relocation.offset.addingReportingOverflow(UInt64(action.byteCount))
      if let last, entry.relocation.offset &- before < last.end {
        result[index] = true
        result[last.index] = true
      }
      if end > last?.end ?? 0 { last = (index, end) }
    }
    return result
  }

  /// Records a field of an instruction, or an instruction, that a linker may fill with something else.
  private mutating func note(
    _ action: RelocationAction, _ range: Range<Int>, isMerged: Bool = false
  ) {
    guard section.isExecutable else { return }
    let kind: LinkedField.Kind
    switch action {
    case .instruction(.branch(bits: 26, _)): kind = .branch
    case .instruction, .slot: kind = .displacement
    case .relative where file.isa == "x86-64": kind = .displacement
    case .x86TableLoad: kind = .load
    case .none, .absolute, .relative, .unsupported: return
    }
    linkedFields.append(
      LinkedField(
        address: address &+ UInt64(range.lowerBound), byteCount: range.count, kind: kind,
        isMerged: isMerged))
  }

  /// The offset in the section, after the field proved to lie in it; an unknown type's field, whose
  /// width is a guess, may be cut by the section's end.
  private func checkedPlace(
    _ relocation: ELFRelocation, _ type: RelocationType, in count: Int
  ) throws(ObjectFileError) -> Int {
    var width = UInt64(type.action.byteCount)
    if case .unsupported = type.action { width = 1 }
    guard relocation.offset <= UInt64(count), width <= UInt64(count) - relocation.offset else {
      throw file.error(
        at: relocation.fileOffset,
        "\(type.name) at \(hexadecimal(relocation.offset)) is outside of \(section.name), which "
          + "has \(hexadecimal(UInt64(count))) bytes")
    }
    return Int(relocation.offset)
  }

  /// Writes a field whose symbol is at `target`; returns the bytes that a linker may write, or nil where that cannot be
  /// done and it stays unresolved.
  private mutating func patch(
    _ bytes: inout [UInt8], at place: Int, _ entry: Entry, _ type: RelocationType, target: UInt64
  ) throws(ObjectFileError) -> Range<Int>? {
    let action = type.action
    let range = place - action.bytesBefore(place, in: bytes)..<place + action.byteCount
    let filling = action.filling(
      bytes, at: place, position: address &+ UInt64(place), target: target,
      addend: entry.relocation.addend)
    switch filling {
    case .misfit:
      leave(entry.relocation, title(entry, type), .kind, action, in: bytes)
      return nil
    case .overflow: throw overflow(entry, type)
    case .value(let value):
      if let opcode = action.directOpcode(bytes, place), case .x86TableLoad = action {
        bytes.replaceSubrange(place - 2..<place, with: opcode)
      }
      for index in 0..<action.byteCount {
        bytes[place + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
      }
      return range
    }
  }

  /// Records that the bytes which a linker may change are not known, of a section with so many bytes.
  private mutating func leave(
    _ relocation: ELFRelocation, _ name: String, _ cause: UnresolvedReference.Cause,
    _ action: RelocationAction, in bytes: [UInt8]
  ) {
    let before = UInt64(action.bytesBefore(Int(relocation.offset), in: bytes))
    let start = relocation.offset - min(relocation.offset, before)
    let end = min(relocation.offset + UInt64(action.byteCount), UInt64(bytes.count))
    unresolved.append(
      UnresolvedReference(
        address: address &+ start, byteCount: Int(end - start), symbol: name, cause: cause))
  }

  /// The error for a value that its field cannot hold.
  private func overflow(_ entry: Entry, _ type: RelocationType) -> ObjectFileError {
    let symbols = file.symbolTables[entry.symbolTable] ?? []
    let index = entry.relocation.symbol
    let symbol =
      symbols.indices.contains(index) ? file.title(of: symbols[index], in: entry.symbolTable) : "0"
    return file.error(
      at: entry.relocation.fileOffset,
      "\(type.name) against '\(symbol)' at \(section.name)+\(hexadecimal(entry.relocation.offset)) "
        + "overflows its field or is not aligned")
  }
}
