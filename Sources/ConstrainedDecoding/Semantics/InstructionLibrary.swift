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

  private let source: Source
  private let effects: EffectCache

  /// Where the instructions come from.
  private enum Source {
    /// Some of every form that the constraint may have, with operands that can be replaced.
    case samples(InstructionSamples)
    /// Those of a vocabulary, each as it is.
    case given(InstructionWords)
  }

  /// No shorter instruction is looked for.
  var shortestOfInterest: Int { 4 }

  init(_ samples: InstructionSamples, _ effects: EffectCache) {
    source = .samples(samples)
    self.effects = effects
  }

  init(_ words: InstructionWords, _ effects: EffectCache) {
    source = .given(words)
    self.effects = effects
  }

  /// Whether operands are never replaced.
  var isGiven: Bool { if case .given = source { true } else { false } }

  /// Instructions after which the next one follows.
  var samples: [Instruction] {
    switch source {
    case .samples(let samples): samples.sequential
    case .given(let words): words.instructions.filter { $0.form.family.flow == .sequential }
    }
  }

  /// The returns.
  var returns: [Found] {
    switch source {
    case .samples(let samples): samples.returns.map { found($0) }
    case .given(let words):
      words.instructions.filter { $0.form.family.flow == .return }.map {
        found(words.bytes(of: $0))
      }
    }
  }

  /// A sample with all its registers replaced by views of one cell, its immediates and the base and
  /// displacement of its memory operand too where they are given; nil if there is no such instruction. One of a
  /// vocabulary is left as it is.
  func changed(
    _ sample: Instruction, registers cell: Int, base: Int? = nil, displacement: Int64 = 0,
    immediate: Int64? = nil
  ) -> Found? {
    switch source {
    case .given(let words): return found(words.bytes(of: sample))
    case .samples(let samples):
      let values = OperandValues(
        general: cell, vector: cell, base: base, displacement: displacement, immediate: immediate)
      return samples.bytes(of: sample, with: values).map { found($0) }
    }
  }

  private func found(_ bytes: [UInt8]) -> Found {
    Found(bytes: bytes, effect: effects.effect(of: bytes.begun))
  }
}
