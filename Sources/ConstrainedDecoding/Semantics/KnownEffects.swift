import MachineModel
import Synchronization

/// What closures were found to do, for decoders that are made from one another: what one of them has run no
/// other runs again. Threads may share it.
final class KnownEffects: Sendable {
  /// What is known of instructions that are alike.
  enum Entry: Sendable {
    case template(EffectTemplate)
    /// The immediate matters.
    case needsImmediate
    /// The registers matter.
    case needsRegisters
  }

  private let entries = Mutex<[OpenInstruction: Entry]>([:])
  private static let limit = 1 << 17

  subscript(open: OpenInstruction) -> Entry? { entries.withLock { $0[open] } }

  func insert(_ entry: Entry, for open: OpenInstruction) {
    entries.withLock { entries in
      if entries.count >= KnownEffects.limit { entries.removeAll() }
      entries[open] = entry
    }
  }

  /// The bytes that it takes, about.
  var memory: Int { entries.withLock { $0.count * 200 } }
}
