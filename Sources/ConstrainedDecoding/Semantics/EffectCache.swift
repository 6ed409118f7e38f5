import MachineModel

/// The effects of instructions, in numbers.
///
/// A class for its tables; it is used under the lock of `CompiledDecoder`.
final class EffectCache {
  typealias Numbered = NumberedEffect

  private let architecture: any Architecture
  private let templates: EffectTemplates
  @exclusivity(unchecked) private(set) var effects = NumberedEffects()
  @exclusivity(unchecked) private var isNumbers: [UInt128: Bool] = [:]
  @exclusivity(unchecked) private var freeImmediates: [LastBytes: Bool] = [:]

  /// So many last bytes of an instruction in which they are zeros.
  private struct LastBytes: Hashable {
    let instruction: OpenInstruction
    let count: Int
  }

  /// - Parameter shared: what decoders have found together.
  init(_ architecture: any Architecture, _ shared: KnownEffects = KnownEffects()) {
    self.architecture = architecture
    templates = EffectTemplates(architecture, shared)
  }

  /// Whether all instructions are as long.
  var isFixed: Bool { architecture.instructionAlignment > 1 }

  /// Whether everything should be forgotten.
  var isFull: Bool { templates.isFull }

  /// Forgets everything: effects then have other numbers.
  func removeAll() {
    if templates.isFull { templates.removeAll() }
    effects.removeAll()
    isNumbers.removeAll()
    freeImmediates.removeAll()
  }

  func template(of effect: Numbered) -> EffectTemplate { templates[effect.template] }

  /// The effect of a number.
  subscript(number: Int32) -> InstructionEffect {
    let found = effects[number]
    let template = templates[found.template]
    var effect = template.effect
    if !found.cells.isEmpty {
      effect = effect.renamed(template.replacements, found.cells, templates.parts)
    }
    if template.isOpen { effect = effect.closed(displacement: found.displacement) }
    if template.isOpenImmediate { effect = effect.closed(immediate: found.immediate) }
    effect.length = Int(found.length)
    effect.target = found.target
    return effect
  }

  /// The number of what an instruction does, of which `begun` are the bytes as in `Position.begun`.
  func number(of begun: UInt128) -> Int32 { number(of: numbered(begun)) }

  /// The number of an effect.
  func number(of effect: Numbered) -> Int32 { effects.number(of: effect) }

  /// What an instruction does, without a number.
  func numbered(_ begun: UInt128) -> Numbered {
    let instruction: Instruction
    do {
      instruction = try decode(begun, count: begun.byteCount)
    } catch {
      preconditionFailure("\(begun.bytes) are no instruction: \(error.reason)")
    }
    let (number, cells) = templates.find(instruction)
    let template = templates[number]
    return Numbered(
      template: number, cells: cells, length: UInt8(instruction.length),
      displacement: template.isOpen ? OpenInstruction.displacement(of: instruction) : 0,
      immediate: template.isOpenImmediate ? instruction.operands.onlyImmediate ?? 0 : 0,
      target: instruction.target.map { Int(Int64(bitPattern: $0 &- instruction.end)) })
  }

  /// What an instruction does.
  func effect(of begun: UInt128) -> InstructionEffect { self[number(of: begun)] }

  /// The instruction that `begun` is the beginning of, with zeros after it up to `count` bytes.
  private func decode(_ begun: UInt128, count: Int) throws(DecodingError) -> Instruction {
    let own = begun.byteCount
    var bytes = InlineArray<15, UInt8>(repeating: 0)
    for index in 0..<own {
      bytes[index] = UInt8(truncatingIfNeeded: begun >> UInt128(8 * (own - 1 - index)))
    }
    return try architecture.decode(bytes.span.bytes.extracting(first: count), at: 0)
  }

  /// An instruction that begins with some bytes and goes on with zeros; nil if there is none.
  func instruction(after begun: UInt128) -> Instruction? { try? decode(begun, count: 15) }

  /// The bytes of an instruction with another memory operand, as in `Position.begun`; nil if there are none.
  func begun(of instruction: Instruction, with memory: MemoryOperand) -> UInt128? {
    var changed = instruction
    changed.operands.memoryOperand = memory
    return (try? architecture.encode(changed)).map { $0.begun }
  }

  // MARK: Numbers in instructions

  /// Whether the next byte of an instruction only changes a displacement or an immediate: its form and
  /// registers are the same whatever it is.
  ///
  /// - Parameter isInNumber: whether the byte before was such a one; where instructions are made of bytes only
  ///   others follow.
  func isNumber(after begun: UInt128, isInNumber: Bool) -> Bool {
    if isInNumber, architecture.instructionAlignment == 1 { return true }
    if let known = isNumbers[begun] { return known }
    let first = fields(begun << 8)
    let result =
      first != nil && EffectCache.probes.allSatisfy { fields(begun << 8 | UInt128($0)) == first }
    isNumbers[begun] = result
    return result
  }

  /// Whether the bytes that an instruction goes on with, at least two, are those of an immediate of which only counts
  /// what `NumberByte` says of each.
  func isFreeImmediate(after begun: UInt128) -> Bool {
    guard architecture.instructionAlignment == 1, let zero = try? decode(begun, count: 15),
      zero.target == nil, zero.operands.onlyImmediate != nil
    else { return false }
    let count = zero.length - begun.byteCount
    guard (2...8).contains(count) else { return false }
    let key = LastBytes(instruction: OpenInstruction(zero), count: count)
    if let known = freeImmediates[key] { return known }
    let result = EffectCache.immediates(count).allSatisfy {
      guard let instruction = try? decode($0.reduce(begun) { $0 << 8 | UInt128($1) }, count: 15)
      else { return false }
      return instruction.operands.onlyImmediate != nil
        && instruction.operands.memoryOperand == zero.operands.memoryOperand
        && templates.isSame(forImmediatesLike: instruction)
    }
    freeImmediates[key] = result
    return result
  }

  /// Immediates of so many bytes, one for each choice of `ImmediatePattern` and sign at least.
  private static func immediates(_ count: Int) -> [[UInt8]] {
    [0..<1, 1..<2, 2..<4, 4..<8].map { $0.clamped(to: 0..<count).count }.reduce([[]]) { all, next in
      next == 0
        ? all
        : all.flatMap { bytes in
          [0xFF, 0x55, 0, 0xAA].map { bytes + [UInt8](repeating: $0, count: next) }
        }
    }
  }

  /// Bytes other than zero of which each bit of a field is in one.
  private static let probes: [UInt8] = [0xFF, 0x24]

  /// What an instruction is but for numbers.
  private struct Fields: Equatable {
    let form: Form
    let operands: Operands
  }

  /// An instruction that begins with some bytes and goes on with zeros, without its numbers.
  private func fields(_ begun: UInt128) -> Fields? {
    guard let instruction = try? decode(begun, count: 15) else { return nil }
    return Fields(form: instruction.form, operands: instruction.operands.withoutNumbers)
  }

  /// The bytes that the tables take, about, without the templates.
  var memory: Int { effects.memory + isNumbers.count * 40 + freeImmediates.count * 200 }

  var templateMemory: Int { templates.memory }
}
