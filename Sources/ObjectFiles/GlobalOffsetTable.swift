import CElfutils
import MachineModel

/// The entries of the global offset table that an object's code loads addresses from, each as if it were a section
/// of its own: linkers put them where they like.
struct GlobalOffsetTable {
  /// A symbol by its table and its number there.
  struct Key: Hashable, Comparable {
    let table: Int
    let symbol: Int

    static func < (left: Key, right: Key) -> Bool {
      (left.table, left.symbol) < (right.table, right.symbol)
    }
  }

  /// The variable of the C library that holds the stack protector's guard, where it is not with the thread.
  private static let guardName = Array("__stack_chk_guard".utf8)

  let slots: [Key: UInt64]
  /// The address of the stack protector's guard; nil where nothing refers to it.
  let guardAddress: UInt64?
  private let guards: Set<Key>

  /// Finds what relocations refer to.
  /// - Parameters:
  ///   - place: gives addresses to eight bytes each in turn.
  ///   - guardPlace: an address for eight bytes that are not near anything.
  init(_ file: ELFFile, place: () -> UInt64, guardPlace: () -> UInt64) {
    var keys: Set<Key> = []
    var guards: Set<Key> = []
    for table in file.relocationTables where file.sections[table.target].isConstant {
      let symbols = file.symbolTables[table.symbolTable] ?? []
      for entry in table.entries where symbols.indices.contains(entry.symbol) {
        let key = Key(table: table.symbolTable, symbol: entry.symbol)
        let action = RelocationType.named(entry.type, isa: file.isa).action
        if case .slot = action { keys.insert(key) }
        let symbol = symbols[entry.symbol]
        if file.isa == "arm64", symbol.isUndefined, symbol.binding == UInt8(STB_GLOBAL),
          file.hasName(symbol, in: table.symbolTable, Self.guardName)
        {
          guards.insert(key)
        }
      }
    }
    self.guards = guards
    guardAddress = guards.isEmpty ? nil : guardPlace()
    slots = Dictionary(uniqueKeysWithValues: keys.sorted().map { ($0, place()) })
  }

  /// Where a symbol is that another file defines and every program has; nil for others.
  func address(ofUndefined key: Key) -> UInt64? { guards.contains(key) ? guardAddress : nil }

  /// Whether an address is near that of the stack protector's guard.
  func isNearGuard(_ address: UInt64) -> Bool {
    guardAddress.map { address &+ Code.page >= $0 && address <= $0 &+ Code.page + 8 } ?? false
  }

  /// The stack protector's guard, and the entries that hold the addresses of `targets`, by their own.
  func segments(_ targets: [UInt64: UInt64]) -> [Segment] {
    let entries = targets.map { address, target in
      Segment(
        name: ".got", address: address,
        bytes: (0..<8).map { UInt8(truncatingIfNeeded: target >> UInt64(8 * $0)) },
        isExecutable: false)
    }
    let protector = guardAddress.map {
      Segment(
        name: "stack guard", address: $0, bytes: Array(repeating: 0, count: 8),
        isExecutable: false, ownStep: 8, isKnown: false)
    }
    return entries + [protector].compactMap { $0 }
  }
}
