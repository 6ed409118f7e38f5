import MachineModel

/// What closures say, run once for all instructions that differ in displacement, branch target, length and
/// registers of the same kind only.
///
/// That a closure treats registers alike is found by a second run with others: where the effects differ in more
/// than the registers, or registers are touched that are not named, each choice of registers that could matter is
/// run by itself.
final class EffectTemplates {
  /// An effect, and the registers in it to be replaced.
  final class Template {
    let effect: InstructionEffect
    let replacements: [Int]
    /// Cells that the instruction does not name; nil where each choice of registers is a case of its own.
    let implied: Set<Int>?

    init(_ effect: InstructionEffect, _ replacements: [Int] = [], implied: Set<Int>? = nil) {
      self.effect = effect
      self.replacements = replacements
      self.implied = implied
    }
  }

  /// An instruction with an immediate that is not small.
  struct Example {
    let instruction: Instruction
    let immediate: Int64
  }

  private struct Key: Hashable {
    let instruction: Instruction
    let isOpen: Bool
    let opensImmediate: Bool

    func with(_ instruction: Instruction) -> Key {
      Key(instruction: instruction, isOpen: isOpen, opensImmediate: opensImmediate)
    }
  }

  private let reader: EffectReader
  /// Two choices of what stands for registers.
  private let pools: [[RegisterNaming.Pool]]
  private var known: [Key: Template] = [:]
  private var indifferent: [Key: Bool] = [:]
  private static let limit = 1 << 15
  /// Registers of a kind that are replaced in an instruction, at most.
  private static let poolSize = 4

  init(_ architecture: any Architecture) {
    reader = EffectReader(architecture)
    let file = architecture.registerFile
    let stackPointer = architecture.convention.stackPointer.cell?.index
    // The general registers come first in both files.
    let general = 0..<file.cells.prefix { file[$0].sort == .bitVector(64) }.count
    let vectors = file.cells.filter { file[$0].sort.width > 64 }.map(\.index)
    let kinds = [general, (vectors.first ?? 0)..<(vectors.last ?? -1) + 1]
    pools = [0, EffectTemplates.poolSize].map { dropped in
      kinds.map { members in
        let last = members.filter { $0 != stackPointer }.dropLast(dropped)
        return RegisterNaming.Pool(
          members: members, exception: stackPointer,
          replacements: Array(last.suffix(EffectTemplates.poolSize)))
      }
    }
  }

  var parts: RegisterParts { reader.parts }

  /// Whether everything should be forgotten.
  var isFull: Bool { known.count >= EffectTemplates.limit }

  func removeAll() {
    known.removeAll()
    indifferent.removeAll()
  }

  /// What an instruction does.
  ///
  /// - Parameter isOpen: whether its displacement is left open.
  func effect(of example: Instruction, isOpen: Bool) -> InstructionEffect {
    effect(Key(instruction: example, isOpen: isOpen, opensImmediate: false))
  }

  /// What an instruction does whatever its immediate is; nil where that may matter.
  ///
  /// - Parameter examples: the instruction with two immediates.
  func openEffect(of examples: [Example], isOpen: Bool) -> InstructionEffect? {
    let renamed = examples.map { example in
      var naming = RegisterNaming(pools[0])
      return Example(
        instruction: naming.replace(example.instruction), immediate: example.immediate)
    }
    let key = Key(instruction: renamed[0].instruction, isOpen: isOpen, opensImmediate: true)
    let isIndifferent = indifferent[key] ?? isIndifferent(renamed, isOpen)
    indifferent[key] = isIndifferent
    guard isIndifferent else { return nil }
    return effect(
      Key(instruction: examples[0].instruction, isOpen: isOpen, opensImmediate: true))
  }

  /// Whether an effect with the immediate left open says all that those with two immediates say.
  private func isIndifferent(_ examples: [Example], _ isOpen: Bool) -> Bool {
    let effects = examples.map { reader.openEffect(of: $0.instruction, isOpen: isOpen) }
    guard let first = effects[0], effects.allSatisfy({ $0 == first }) else { return false }
    return examples.allSatisfy {
      first.closed(immediate: $0.immediate)
        == reader.effect(of: $0.instruction, isOpen: isOpen)
    }
  }

  private func effect(_ key: Key) -> InstructionEffect {
    switch key.instruction.form.family.flow {
    case .sequential, .jump, .conditionalJump:
      var naming = RegisterNaming(pools[0])
      let renamed = key.with(naming.replace(key.instruction))
      guard naming.isComplete, !naming.cells.isEmpty else { break }
      let template = template(renamed, of: key, naming)
      guard let implied = template.implied, implied.isDisjoint(with: naming.cells) else { break }
      return template.effect.renamed(template.replacements, naming.cells, parts)
    default: break
    }
    if let template = known[key] { return template.effect }
    let template = Template(read(key))
    known[key] = template
    return template.effect
  }

  /// The template of an instruction whose registers were replaced.
  private func template(_ renamed: Key, of key: Key, _ naming: RegisterNaming) -> Template {
    if let template = known[renamed] { return template }
    let effect = read(renamed)
    var other = RegisterNaming(pools[1])
    let second = read(key.with(other.replace(key.instruction)))
    let isAlike = effect.renamed(naming.replacements, other.replacements, parts) == second
    let template = Template(
      effect, naming.replacements,
      implied: isAlike ? effect.cells(parts).subtracting(naming.replacements) : nil)
    known[renamed] = template
    return template
  }

  private func read(_ key: Key) -> InstructionEffect {
    let open = key.opensImmediate ? reader.openEffect(of: key.instruction, isOpen: key.isOpen) : nil
    return open ?? reader.effect(of: key.instruction, isOpen: key.isOpen)
  }

  /// The bytes that the tables take, about.
  var memory: Int { known.count * 900 + indifferent.count * 160 }
}
