import MachineModel

/// What closures say, run once for all instructions that differ in displacement, immediate, branch target,
/// length and registers of the same kind only.
///
/// That a closure treats registers alike is found by a second run with others: where the effects differ in more
/// than the registers, or registers are touched that are not named, each choice of registers that could matter is
/// run by itself.
final class EffectTemplates {
  /// What is known of instructions that are alike.
  private enum Entry {
    case template(Int32)
    /// The immediate matters.
    case needsImmediate
    /// The registers matter.
    case needsRegisters
  }

  private let shared: KnownEffects
  private let reader: EffectReader
  /// Two choices of what stands for registers.
  private let pools: [[RegisterNaming.Pool]]
  private let known = KnownInstructions<Entry>()
  @exclusivity(unchecked) private var numbers: [EffectTemplate.Content: Int32] = [:]
  @exclusivity(unchecked) private var templates: [EffectTemplate] = []
  private static let limit = 1 << 17
  /// Registers of a kind that are replaced in an instruction, at most.
  private static let poolSize = 4

  init(_ architecture: any Architecture, _ shared: KnownEffects) {
    self.shared = shared
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
          replacements: CellList(last.suffix(EffectTemplates.poolSize)))
      }
    }
  }

  var parts: RegisterParts { reader.parts }

  /// Whether everything should be forgotten.
  var isFull: Bool { known.count >= EffectTemplates.limit }

  /// Forgets everything: templates then have other numbers.
  func removeAll() {
    known.removeAll()
    numbers.removeAll()
    templates.removeAll()
  }

  subscript(number: Int32) -> EffectTemplate { templates[Int(number)] }

  // MARK: Finding one

  /// The template of an instruction, and the registers that stand in it.
  func find(_ instruction: Instruction) -> (template: Int32, cells: CellList) {
    let open = OpenInstruction(instruction)
    if let open = open.withOpenImmediate, let found = find(open) { return found }
    guard let found = find(open) else { preconditionFailure("no effect") }
    return found
  }

  /// The same of an instruction that may have its immediate left open; nil if the immediate matters.
  private func find(_ open: OpenInstruction) -> (template: Int32, cells: CellList)? {
    var naming = RegisterNaming(pools[0])
    let renamed = open.named(&naming)
    if isRenamable(open, naming) {
      switch known[renamed] ?? make(renamed, of: open, naming) {
      case .template(let number) where templates[Int(number)].allows(naming.cells):
        return (number, naming.cells)
      case .needsImmediate: return nil
      case .template, .needsRegisters: break
      }
    }
    guard case .template(let number) = known[open] ?? make(open) else { return nil }
    return (number, CellList())
  }

  /// Whether an instruction does the same with every immediate like its own (`ImmediatePattern`).
  func isSame(forImmediatesLike instruction: Instruction) -> Bool {
    guard let open = OpenInstruction(instruction).withOpenImmediate else { return true }
    return find(open).map { !templates[Int($0.template)].isOpenImmediate } ?? false
  }

  private func isRenamable(_ open: OpenInstruction, _ naming: RegisterNaming) -> Bool {
    guard naming.isComplete, !naming.cells.isEmpty else { return false }
    switch open.form.family.flow {
    case .sequential, .jump, .conditionalJump: return true
    case .call, .indirectJump, .indirectCall, .return, .trap: return false
    }
  }

  // MARK: Making them

  /// What is to be known of instructions whose registers were replaced.
  private func make(
    _ renamed: OpenInstruction, of open: OpenInstruction, _ naming: RegisterNaming
  ) -> Entry {
    entry(renamed) {
      if renamed.immediate != nil, !isIndifferent(renamed) { return .needsImmediate }
      let effect = read(renamed)
      var other = RegisterNaming(pools[1])
      let second = read(open.named(&other))
      guard effect.renamed(naming.replacements, other.replacements, parts) == second else {
        return .needsRegisters
      }
      let implied = effect.cells(parts).filter { cell in
        !naming.replacements.contains(cell) && pools[0].contains { $0.contains(cell) }
      }
      return .template(
        EffectTemplate(effect, naming.replacements, implied: implied.sorted(), parts))
    }
  }

  /// What is to be known of an instruction by itself.
  private func make(_ open: OpenInstruction) -> Entry {
    entry(open) {
      open.immediate != nil && !isIndifferent(open)
        ? .needsImmediate : .template(EffectTemplate(read(open), CellList(), implied: [], parts))
    }
  }

  /// What other decoders know, or what `make` makes.
  private func entry(
    _ open: OpenInstruction, _ make: () -> KnownEffects.Entry
  ) -> Entry {
    let found: KnownEffects.Entry
    if let other = shared[open] {
      found = other
    } else {
      found = make()
      shared.insert(found, for: open)
    }
    let result: Entry =
      switch found {
      case .template(let template): .template(number(of: template))
      case .needsImmediate: .needsImmediate
      case .needsRegisters: .needsRegisters
      }
    known.insert(result, for: open)
    return result
  }

  /// Whether an effect with the immediate left open says all that those with two immediates say.
  private func isIndifferent(_ open: OpenInstruction) -> Bool {
    let examples = open.examples
    let effects = examples.map { reader.effect(of: $0, isOpen: open.isOpen, open.immediate) }
    guard let first = effects[0], effects.allSatisfy({ $0 == first }) else { return false }
    return examples.allSatisfy {
      first.closed(immediate: $0.operands.onlyImmediate ?? 0)
        == reader.effect(of: $0, isOpen: open.isOpen)
    }
  }

  private func read(_ open: OpenInstruction) -> InstructionEffect {
    let example = open.example
    var effect =
      reader.effect(of: example, isOpen: open.isOpen, open.immediate)
      ?? reader.effect(of: example, isOpen: open.isOpen)
    effect.length = 0
    effect.target = nil
    return effect
  }

  private func number(of template: EffectTemplate) -> Int32 {
    if let number = numbers[template.content] { return number }
    let number = Int32(templates.count)
    templates.append(template)
    numbers[template.content] = number
    return number
  }

  /// The bytes that the tables take, about, those that are shared included.
  var memory: Int { known.count * 200 + templates.count * 2_000 + shared.memory }
}
