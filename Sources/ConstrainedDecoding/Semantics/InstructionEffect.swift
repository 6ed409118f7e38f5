import MachineModel

/// What one instruction does to what a `SemanticState` knows, read off the terms that its form's own
/// closure builds.
///
/// Also what all instructions do that differ in displacement, target and length only: those are then left open.
struct InstructionEffect: Hashable, Sendable {
  /// Where a 64-bit register's new value comes from.
  enum Source: Hashable, Sendable {
    case unknown
    /// What a cell held before, plus a constant.
    case sum(cell: Int, Int64)
    /// The same, and the displacement or immediate that is left open.
    case open(cell: Int, Int64)
    case openImmediate(cell: Int, Int64, isSubtracted: Bool)
    /// What an access loaded.
    case load(Int)
    /// The sum of what these cells held before, in ascending order, and of what is not followed.
    case derived(CellList)

    /// Whether it is no copy of anything.
    var isNew: Bool {
      switch self {
      case .unknown, .derived: true
      case .sum, .open, .openImmediate, .load: false
      }
    }
  }

  /// The new value of a cell.
  struct CellSource: Hashable, Sendable {
    let cell: Int
    var source: Source
  }

  /// An access to memory, in order.
  struct Access: Hashable, Sendable {
    var isStore: Bool
    /// The cell whose value at the beginning the address is computed from; nil for any other address.
    var base: Int?
    /// Where there is none: the cells whose values are added in it, in ascending order.
    var derived = CellList()
    var offset: Int64 = 0
    /// Whether the displacement that is left open is added.
    var isOpen = false
    var byteCount: Int
    /// For a store: the cell whose whole value is written.
    var copied: Int?
    /// For a load: whether its value goes anywhere but unchanged into registers.
    var isUsed = false
    /// Whether there is an access only under a condition.
    var isConditional = false
  }

  /// A flag that becomes as undefined as other flags are.
  struct Propagation: Hashable, Sendable {
    let flag: Int
    let from: PartSet
  }

  var length: Int
  let flow: Flow
  /// Where a direct branch goes, from the end of the instruction.
  var target: Int?
  /// What has to be defined.
  var reads = PartSet()
  var defines = PartSet()
  var undefines = PartSet()
  var propagations: [Propagation] = []
  var sources: [CellSource] = []
  var accesses: [Access] = []
  /// Whether something undefined decides an address, a branch, a fault or what is stored.
  var usesUndefined = false
  /// Whether the instruction may run several times in a row, by itself.
  var isRepeated = false
  /// For a return: where it takes the address from.
  var returnSource = Source.unknown

  init(length: Int, flow: Flow) {
    self.length = length
    self.flow = flow
  }

  /// Whether a displacement is left open in it.
  var isOpen: Bool {
    accesses.contains { $0.isOpen }
      || sources.contains { if case .open = $0.source { true } else { false } }
  }

  /// Whether an immediate is left open in it.
  var isOpenImmediate: Bool {
    sources.contains { if case .openImmediate = $0.source { true } else { false } }
  }

  /// The effect of the instruction with a displacement.
  func closed(displacement: Int64) -> InstructionEffect {
    var result = self
    for index in accesses.indices where accesses[index].isOpen {
      result.accesses[index].isOpen = false
      result.accesses[index].offset &+= displacement
    }
    for index in sources.indices {
      guard case .open(let cell, let constant) = sources[index].source else { continue }
      result.sources[index].source = .sum(cell: cell, constant &+ displacement)
    }
    return result
  }

  /// The effect of the instruction with an immediate.
  func closed(immediate: Int64) -> InstructionEffect {
    var result = self
    for index in sources.indices {
      guard case .openImmediate(let cell, let constant, let isSubtracted) = sources[index].source
      else { continue }
      result.sources[index].source = .sum(
        cell: cell, isSubtracted ? constant &- immediate : constant &+ immediate)
    }
    return result
  }

  /// What may be other than before.
  var changes: PartSet { sets.changes }

  /// Whether it does nothing at all.
  var isEmpty: Bool {
    flow == .sequential && changes.isEmpty && accesses.isEmpty && reads.isEmpty && !isRepeated
  }
}
