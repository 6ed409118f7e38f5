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
  /// The address of a section whose place is known.
  let baseOf: (Int) -> UInt64?
  /// What could not be applied.
  private(set) var unresolved: [UnresolvedReference] = []
  /// Whether an address was written as such, so that the image holds only where it was laid out.
  private(set) var hasAbsolute = false

  init(
    file: ELFFile, section: ELFSection, address: UInt64, baseOf: @escaping (Int) -> UInt64?
  ) {
    self.file = file
    self.section = section
    self.address = address
    self.baseOf = baseOf
  }

  /// Applies `entries`, sorted by offset, to the section's `bytes`; several at one offset, which
  /// would have to be composed, stay unresolved.
  mutating func apply(_ entries: [Entry], to bytes: inout [UInt8]) throws(ObjectFileError) {
    let isa = file.isa
    let entries = entries.filter {
      RelocationType.named($0.relocation.type, isa: isa).action != .none
    }
    for (index, entry) in entries.enumerated() {
      let relocation = entry.relocation
      let type = RelocationType.named(relocation.type, isa: isa)
      let place = try checkedPlace(relocation, type, in: bytes.count)
      let isShared =
        index > 0 && entries[index - 1].relocation.offset == relocation.offset
        || index + 1 < entries.count && entries[index + 1].relocation.offset == relocation.offset
      switch try isShared ? .unknown(type.name) : target(of: entry, type) {
      case .unknown(let name):
        leave(relocation, name, byteCount: min(type.action.byteCount, bytes.count - place))
      case .address(let target):
        try patch(&bytes, at: place, entry, type, target: target)
        hasAbsolute = hasAbsolute || type.action.isAbsolute
      }
    }
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

  /// Where a relocation's symbol is, or what to call it when that is not known.
  private enum Target {
    case address(UInt64)
    case unknown(String)
  }

  /// The address of a relocation's symbol; an unsupported type is as good as an unknown symbol.
  private func target(
    of entry: Entry, _ type: RelocationType
  ) throws(ObjectFileError) -> Target {
    let index = entry.relocation.symbol
    if case .unsupported = type.action, index == 0 { return .unknown(type.name) }
    if index == 0 { return .address(0) }
    guard let symbols = file.symbolTables[entry.symbolTable], index < symbols.count else {
      throw file.error(
        at: entry.relocation.fileOffset,
        "\(type.name) refers to symbol \(index), which does not exist")
    }
    let symbol = symbols[index]
    if case .unsupported = type.action {
      return .unknown("\(file.title(of: symbol, in: entry.symbolTable)) (\(type.name))")
    }
    if symbol.isAbsolute { return .address(symbol.value) }
    guard let section = symbol.section, let base = baseOf(section),
      symbol.type != UInt8(STT_GNU_IFUNC), symbol.type != UInt8(STT_TLS)
    else { return .unknown(file.title(of: symbol, in: entry.symbolTable)) }
    return .address(base &+ symbol.value)
  }

  /// Writes a field whose symbol is at `target`.
  private mutating func patch(
    _ bytes: inout [UInt8], at place: Int, _ entry: Entry, _ type: RelocationType, target: UInt64
  ) throws(ObjectFileError) {
    let relocation = entry.relocation
    let width = type.action.byteCount
    let current = Self.integer(bytes[place..<place + width])
    let addend = relocation.addend ?? Self.signExtended(current, bytes: width)
    let value = target &+ addend
    let position = address &+ UInt64(place)
    let result: UInt64?
    switch type.action {
    case .none, .unsupported: return
    case .absolute(let count, let range):
      result = range.holds(value, bytes: count) ? value : nil
    case .relative(let count, let range):
      result = range.holds(value &- position, bytes: count) ? value &- position : nil
    case .instruction(let field):
      // The implicit addend of an instruction is not worth decoding: no assembler makes one.
      if relocation.addend == nil { return leave(relocation, type.name, byteCount: 4) }
      result = field.filled(UInt32(current), target: value, place: position).map { UInt64($0) }
    case .x86TableLoad:
      // mov foo@GOTPCREL(%rip), %r → lea foo(%rip), %r: opcode 8b, ModRM 00 reg 101.
      guard place >= 2, bytes[place - 2] == 0x8b, bytes[place - 1] & 0xc7 == 0x05,
        relocation.addend == UInt64(bitPattern: -4)
      else { return leave(relocation, type.name, byteCount: 4) }
      bytes[place - 2] = 0x8d
      result = DataRange.signed.holds(value &- position, bytes: 4) ? value &- position : nil
    }
    guard let result else { throw overflow(entry, type) }
    for index in 0..<width {
      bytes[place + index] = UInt8(truncatingIfNeeded: result >> UInt64(8 * index))
    }
  }

  /// Records that the relocation's bytes are not known.
  private mutating func leave(_ relocation: ELFRelocation, _ name: String, byteCount: Int) {
    unresolved.append(
      UnresolvedReference(
        address: address &+ relocation.offset, byteCount: byteCount, symbol: name))
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

  /// The little-endian number in `bytes`, at most eight.
  private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// `value`'s low `bytes` bytes as a signed number.
  private static func signExtended(_ value: UInt64, bytes: Int) -> UInt64 {
    let shift = UInt64(64 - 8 * bytes)
    return UInt64(bitPattern: Int64(bitPattern: value << shift) >> Int64(shift))
  }
}
