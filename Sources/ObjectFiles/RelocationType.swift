/// What a relocation type does to the bytes at its place; S is the symbol, A the addend, P the place.
enum RelocationAction: Sendable, Equatable {
  /// Nothing.
  case none
  /// A little-endian integer: S + A.
  case absolute(bytes: Int, DataRange)
  /// A little-endian integer: S + A − P.
  case relative(bytes: Int, DataRange)
  /// An immediate field of an A64 instruction.
  case instruction(ARM64Field)
  /// The same, about the entry of the symbol in the global offset table instead of the symbol.
  case slot(ARM64Field)
  /// A load of the symbol's address from the global offset table, relative to the place; a `mov`
  /// becomes a `lea`, an indirect call or jump a direct one. Linkers rewrite the whole instruction; whether
  /// a REX prefix is part of it is not known of all.
  case x86TableLoad(hasREX: Bool?)
  /// Something that only the dynamic linker or a full linker can do, perhaps to bytes before the place too.
  case unsupported(bytes: Int, before: Int = 0)

  /// The number of bytes that it may change.
  var byteCount: Int {
    switch self {
    case .none: 0
    case .absolute(let bytes, _), .relative(let bytes, _), .unsupported(let bytes, _): bytes
    case .instruction, .slot, .x86TableLoad: 4
    }
  }

  /// The number of bytes before its place in a section's `bytes` that a linker may change.
  func bytesBefore(_ place: Int, in bytes: [UInt8]) -> Int {
    switch self {
    case .x86TableLoad(let hasREX):
      hasREX ?? Self.hasREX(bytes, place) ? 3 : 2
    case .unsupported(_, let before): before
    case .none, .absolute, .relative, .instruction, .slot: 0
    }
  }

  /// Whether what it writes changes when everything moves by the same whole number of pages.
  var isAbsolute: Bool {
    switch self {
    case .absolute: true
    case .instruction(.move): true
    case .none, .relative, .instruction, .slot, .x86TableLoad, .unsupported: false
    }
  }

  /// Whether what it writes changes when everything moves by less than a page.
  var dependsOnPage: Bool {
    switch self {
    case .instruction(.page), .instruction(.low12), .slot: true
    default: isAbsolute
    }
  }

  /// Whether it is about an entry of the global offset table.
  var isOfTable: Bool {
    switch self {
    case .slot, .x86TableLoad: true
    case .none, .absolute, .relative, .instruction, .unsupported: false
    }
  }

  /// Whether it writes a whole address.
  var isWord: Bool {
    if case .absolute(bytes: 8, _) = self { return true }
    return false
  }
}

/// The numbers that a data field holds without overflow.
enum DataRange: Sendable {
  case signed, unsigned
  /// Either reading of the field.
  case either
  /// Every number: the field has 64 bits.
  case any

  /// Whether `value`, taken modulo 2⁶⁴, fits into `bytes` bytes.
  func holds(_ value: UInt64, bytes: Int) -> Bool {
    let bits = UInt64(bytes) * 8
    let isUnsigned = bits >= 64 || value >> bits == 0
    let high = Int64(bitPattern: value) >> Int64(min(bits, 64) - 1)
    let isSigned = high == 0 || high == -1
    switch self {
    case .signed: return isSigned
    case .unsigned: return isUnsigned
    case .either: return isSigned || isUnsigned
    case .any: return true
    }
  }
}

/// A row of an ABI's relocation table.
struct RelocationType: Sendable {
  let number: UInt32
  let name: String
  let action: RelocationAction

  init(_ number: Int32, _ name: String, _ action: RelocationAction) {
    self.number = UInt32(number)
    self.name = name
    self.action = action
  }

  /// The row for `number`; an unknown one is named by its number and may change 16 bytes.
  static func named(_ number: UInt32, isa: String) -> RelocationType {
    let table = isa == "x86-64" ? x86 : arm64
    return table[number]
      ?? RelocationType(
        Int32(truncatingIfNeeded: number & 0x7fff_ffff), "relocation type \(number)",
        .unsupported(bytes: 16))
  }

  /// The rows by number.
  private static let x86 = byNumber(x86Types)
  private static let arm64 = byNumber(arm64Types)

  private static func byNumber(_ rows: [RelocationType]) -> [UInt32: RelocationType] {
    Dictionary(rows.map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
