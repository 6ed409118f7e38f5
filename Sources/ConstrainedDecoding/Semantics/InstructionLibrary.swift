import MachineModel

/// Instructions of a constraint to look among for those with a wanted effect.
final class InstructionLibrary {
  /// An instruction with what it does.
  struct Found {
    let bytes: [UInt8]
    let effect: InstructionEffect

    /// The bytes as in `Position.begun`.
    var begun: UInt128 { bytes.begun }
  }

  private let all: InstructionSamples
  private let effects: EffectCache

  /// No shorter instruction is looked for.
  var shortestOfInterest: Int { 4 }

  init(_ samples: InstructionSamples, _ effects: EffectCache) {
    all = samples
    self.effects = effects
  }

  /// A few instructions of every form that the constraint may have, after which the next one follows.
  var samples: [Instruction] { all.sequential }

  /// The returns.
  var returns: [Found] { all.returns.map { found($0) } }

  /// A sample with all its registers replaced by views of one cell, its immediates and the base and
  /// displacement of its memory operand too where they are given; nil if there is no such instruction.
  func changed(
    _ sample: Instruction, registers cell: Int, base: Int? = nil, displacement: Int64 = 0,
    immediate: Int64? = nil
  ) -> Found? {
    let values = OperandValues(
      general: cell, vector: cell, base: base, displacement: displacement, immediate: immediate)
    return all.bytes(of: sample, with: values).map { found($0) }
  }

  private func found(_ bytes: [UInt8]) -> Found {
    Found(bytes: bytes, effect: effects.effect(of: bytes.begun))
  }
}
