import MachineModel

/// What instructions do that differ in displacement, immediate, branch target, length and registers of the
/// same kind only.
final class EffectTemplate: Sendable {
  /// What tells one from another.
  struct Content: Hashable, Sendable {
    /// What one of the instructions does, those left open; its length is zero.
    let effect: InstructionEffect
    /// The registers in it that stand for others.
    let replacements: CellList
    /// Registers that every instruction touches and that might be named besides; such ones are other effects.
    let implied: [Int]
  }

  let content: Content
  let isOpen: Bool
  let isOpenImmediate: Bool
  private let openReads: RenamedParts
  private let openDefines: RenamedParts
  private let openUndefines: RenamedParts

  init(
    _ effect: InstructionEffect, _ replacements: CellList, implied: [Int], _ parts: RegisterParts
  ) {
    content = Content(effect: effect, replacements: replacements, implied: implied)
    isOpen = effect.isOpen
    isOpenImmediate = effect.isOpenImmediate
    openReads = RenamedParts(effect.reads, replacements, parts)
    openDefines = RenamedParts(effect.defines, replacements, parts)
    openUndefines = RenamedParts(effect.undefines, replacements, parts)
  }

  @inline(__always)
  var effect: InstructionEffect { content.effect }

  @inline(__always)
  var replacements: CellList { content.replacements }

  /// Whether registers may stand for those in it.
  func allows(_ cells: CellList) -> Bool { !content.implied.contains { cells.contains($0) } }

  /// What of the effect decides whether an instruction with registers may stand somewhere.
  @inline(__always)
  func sets(_ cells: CellList, _ parts: RegisterParts) -> EffectSets {
    EffectSets(
      reads: reads(cells, parts), defines: defines(cells, parts),
      undefines: undefines(cells, parts), usesUndefined: effect.usesUndefined,
      isRepeated: effect.isRepeated, flow: effect.flow)
  }

  /// Each of these sets by itself.
  @inline(__always)
  func reads(_ cells: CellList, _ parts: RegisterParts) -> PartSet {
    openReads.named(cells, parts)
  }

  @inline(__always)
  func defines(_ cells: CellList, _ parts: RegisterParts) -> PartSet {
    openDefines.named(cells, parts)
  }

  @inline(__always)
  func undefines(_ cells: CellList, _ parts: RegisterParts) -> PartSet {
    openUndefines.named(cells, parts)
  }

  /// What a cell of the effect is with registers.
  @inline(__always)
  func cell(_ cell: Int, _ cells: CellList) -> Int {
    replacements.firstIndex(of: cell).map { cells[$0] } ?? cell
  }
}

/// A set of parts of which those of some registers are named later.
struct RenamedParts: Sendable {
  private var fixed: PartSet
  /// By register: its parts, the first lowest.
  private var own = InlineArray<8, UInt8>(repeating: 0)
  private let count: Int

  /// The parts of a set, those of `cells` to be named.
  init(_ set: PartSet, _ cells: CellList, _ parts: RegisterParts) {
    fixed = set
    count = cells.count
    for index in 0..<count {
      let range = parts.ranges[cells[index]]
      for (bit, part) in range.enumerated() where set.contains(part) {
        own[index] |= 1 << UInt8(bit)
      }
      fixed.subtract(parts.all(of: cells[index]))
    }
  }

  /// The set with registers of the same kinds.
  @inline(__always)
  func named(_ cells: CellList, _ parts: RegisterParts) -> PartSet {
    var result = fixed
    for index in 0..<count where own[index] != 0 {
      result.insert(own[index], from: parts.ranges[cells[index]].lowerBound)
    }
    return result
  }
}

/// What of an effect decides, without memory, whether an instruction may stand somewhere.
struct EffectSets {
  var reads: PartSet
  var defines: PartSet
  var undefines: PartSet
  var usesUndefined: Bool
  var isRepeated: Bool
  var flow: Flow

  /// What may be other than before.
  var changes: PartSet {
    var result = defines
    result.formUnion(undefines)
    return result
  }
}

extension InstructionEffect {
  var sets: EffectSets {
    EffectSets(
      reads: reads, defines: defines, undefines: undefines, usesUndefined: usesUndefined,
      isRepeated: isRepeated, flow: flow)
  }
}
