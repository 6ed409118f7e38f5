import CElfutils
import MachineModel

/// The entries of an object's mergeable sections (SHF_MERGE) that its code refers to.
///
/// A linker puts each where it likes, and those with the same contents, or a string and the end of
/// another, at one place. So each gets an address of its own, and only instructions that make an address
/// of it may refer to it: a distance or an address that is a number is the linker's choice.
struct MergeableEntries {
  /// A constant or a string: where it is in its section.
  struct Entry: Hashable {
    let section: Int
    let range: Range<UInt64>
  }

  /// The most entries that are placed; what refers to more is unresolved.
  private static let limit = 1 << 14

  private let file: ELFFile
  /// Where the strings of sections of strings begin, and the end of the last.
  private let starts: [Int: [UInt64]]
  /// The sections that relocations change.
  private let relocated: Set<Int>
  /// Where they are, in order, more than a page from one another.
  private var places: [Range<UInt64>] = []
  /// The address of each entry.
  private(set) var addresses: [Entry: UInt64] = [:]

  /// Finds what the relocations of code refer to; `place` gives addresses to sections' entries in turn.
  init(_ file: ELFFile, place: (ELFSection, Entry) -> UInt64) {
    self.file = file
    starts = Self.starts(file)
    relocated = Set(file.relocationTables.map(\.target))
    var found: Set<Entry> = []
    for table in file.relocationTables where file.sections[table.target].isConstant {
      let isCode = file.sections[table.target].isExecutable
      let symbols = file.symbolTables[table.symbolTable] ?? []
      for relocation in table.entries where symbols.indices.contains(relocation.symbol) {
        let action = RelocationType.named(relocation.type, isa: file.isa).action
        if isCode != action.isWord,
          let entry = entry(of: symbols[relocation.symbol], relocation, action)
        {
          found.insert(entry)
        }
      }
    }
    let sorted = found.sorted {
      ($0.section, $0.range.lowerBound) < ($1.section, $1.range.lowerBound)
    }
    for entry in sorted.prefix(Self.limit) {
      let address = place(file.sections[entry.section], entry)
      addresses[entry] = address
      places.append(address..<address + UInt64(entry.range.count))
    }
  }

  /// Whether an address is near that of an entry, so that it would be taken for one that is relative to it.
  func isNear(_ address: UInt64) -> Bool {
    var (low, high) = (0, places.count)
    while low < high {
      let middle = (low + high) / 2
      if places[middle].lowerBound <= address &+ Code.page {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low > 0 && address <= places[low - 1].upperBound &+ Code.page
  }

  /// Where `symbol`, which is in a mergeable section, is for a relocation from code or for a whole address in data; nil
  /// where that is not the address of an entry.
  func address(
    of symbol: ELFSymbol, _ relocation: ELFRelocation, _ action: RelocationAction
  ) -> UInt64? {
    guard let entry = entry(of: symbol, relocation, action), let address = addresses[entry] else {
      return nil
    }
    return address &+ symbol.value &- entry.range.lowerBound
  }

  /// The entry that a relocation makes an address in, or just after it.
  private func entry(
    of symbol: ELFSymbol, _ relocation: ELFRelocation, _ action: RelocationAction
  ) -> Entry? {
    guard let index = symbol.section, file.sections[index].isMergeable,
      let addend = relocation.addend
    else { return nil }
    let isWhole = symbol.type == UInt8(STT_SECTION)
    // An x86 displacement counts from the instruction's end, so that the addend is 4 to 8 too small. Of a
    // section linkers take it for the entry's as it is: assemblers see to that.
    let distance: UInt64
    switch action {
    case .relative(bytes: 4, _) where file.isa == "x86-64": distance = isWhole ? 0 : 4
    case .x86TableLoad where !isWhole: distance = 4
    case .instruction, .absolute(bytes: 8, _): distance = 0
    default: return nil
    }
    guard
      let entry = entry(
        at: isWhole ? symbol.value &+ addend : symbol.value, in: file.sections[index])
    else { return nil }
    let size = entry.range.upperBound - entry.range.lowerBound
    let offset = symbol.value &+ addend &+ distance &- entry.range.lowerBound
    return offset &+ distance <= size + distance ? entry : nil
  }

  /// The entry that holds a byte; nil for sections that linkers disagree about: with entries of no size,
  /// parts of entries, entries that are less aligned than the section, or relocations.
  private func entry(at offset: UInt64, in section: ELFSection) -> Entry? {
    let size = UInt64(section.fileRange.count)
    guard section.isConstant, offset < size, section.entrySize > 0,
      size.isMultiple(of: section.entrySize),
      !relocated.contains(section.index)
    else { return nil }
    let range: Range<UInt64>
    if let starts = starts[section.index] {
      var (low, high) = (0, starts.count - 1)
      while high - low > 1 {
        let middle = (low + high) / 2
        if starts[middle] <= offset { low = middle } else { high = middle }
      }
      range = starts[low]..<starts[high]
    } else {
      let start = offset - offset % section.entrySize
      range = start..<start + section.entrySize
    }
    guard range.lowerBound.isMultiple(of: max(section.alignment, 1)) else { return nil }
    return Entry(section: section.index, range: range)
  }

  /// The beginnings of the strings, which end in an entry of zeros, and the section's end.
  private static func starts(_ file: ELFFile) -> [Int: [UInt64]] {
    var result: [Int: [UInt64]] = [:]
    for section in file.sections
    where section.isConstant && section.isMergeable && section.hasStrings {
      let bytes = file.contents(of: section)
      let width = Int(min(section.entrySize, UInt64(bytes.count)))
      guard width > 0, bytes.count.isMultiple(of: width) else { continue }
      var starts: [UInt64] = [0]
      for end in stride(from: bytes.startIndex + width, to: bytes.endIndex, by: width)
      where bytes[end - width..<end].allSatisfy({ $0 == 0 }) {
        starts.append(UInt64(end - bytes.startIndex))
      }
      result[section.index] = starts + [UInt64(bytes.count)]
    }
    return result
  }
}
