import MachineModel
import Terms

/// The effects of instructions, in numbers. Those of instructions that differ in displacement, branch target and
/// length only have one shape.
///
/// A class for its tables; it is used under the lock of `CompiledDecoder`.
final class EffectCache {
  /// What a closure says, the rest left open.
  final class Shape: Sendable {
    let effect: InstructionEffect
    let isOpen: Bool
    let isOpenImmediate: Bool

    init(_ effect: InstructionEffect) {
      self.effect = effect
      isOpen = effect.isOpen
      isOpenImmediate = effect.isOpenImmediate
    }
  }

  /// An effect: the shape, and what is left open in it.
  struct Numbered: Hashable {
    let shape: Int32
    let length: UInt8
    let displacement: Int64
    let immediate: Int64
    /// As in `InstructionEffect`.
    let target: Int?
  }

  private let architecture: any Architecture
  private let templates: EffectTemplates
  private var knownShapes: [InstructionEffect: Int32] = [:]
  private(set) var shapes: [Shape] = []
  private(set) var effects: [Numbered] = []
  private var known: [Numbered: Int32] = [:]
  private var numbered: [UInt128: Bool] = [:]
  /// As many shapes, and as many effects, are kept.
  private static let shapeLimit = 1 << 15
  private static let limit = 1 << 17

  init(_ architecture: any Architecture) {
    self.architecture = architecture
    templates = EffectTemplates(architecture)
  }

  /// Whether everything should be forgotten.
  var isFull: Bool {
    shapes.count >= EffectCache.shapeLimit || effects.count >= EffectCache.limit
      || numbered.count >= EffectCache.limit || templates.isFull
  }

  /// Forgets everything: effects then have other numbers.
  func removeAll() {
    if templates.isFull { templates.removeAll() }
    knownShapes.removeAll()
    shapes.removeAll()
    effects.removeAll()
    known.removeAll()
    numbered.removeAll()
  }

  /// The effect of a number.
  subscript(number: Int32) -> InstructionEffect {
    let found = effects[Int(number)]
    let shape = shapes[Int(found.shape)]
    var effect = shape.effect
    if shape.isOpen { effect = effect.closed(displacement: found.displacement) }
    if shape.isOpenImmediate { effect = effect.closed(immediate: found.immediate) }
    effect.length = Int(found.length)
    effect.target = found.target
    return effect
  }

  /// The number of what an instruction does, of which `begun` are the bytes as in `Position.begun`.
  func number(of begun: UInt128) -> Int32 {
    let instruction: Instruction
    do {
      instruction = try architecture.decode(begun.bytes[...], at: 0)
    } catch {
      preconditionFailure("\(begun.bytes) are no instruction: \(error.reason)")
    }
    let parts = Parts(instruction)
    let shapeNumber = shape(of: parts)
    let shape = shapes[Int(shapeNumber)]
    let effect = Numbered(
      shape: shapeNumber, length: UInt8(instruction.length),
      displacement: shape.isOpen ? parts.displacement : 0,
      immediate: shape.isOpenImmediate ? parts.immediate ?? 0 : 0,
      target: instruction.target.map { Int(Int64(bitPattern: $0 &- instruction.end)) })
    if let number = known[effect] { return number }
    let number = Int32(effects.count)
    effects.append(effect)
    known[effect] = number
    return number
  }

  /// What an instruction does.
  func effect(of begun: UInt128) -> InstructionEffect { self[number(of: begun)] }

  // MARK: Shapes

  private func shape(of parts: Parts) -> Int32 {
    let isOpen = parts.displacement != 0
    var effect =
      parts.immediate == nil
      ? nil : templates.openEffect(of: EffectCache.immediates.map(parts.with), isOpen: isOpen)
    effect = effect ?? templates.effect(of: parts.example, isOpen: isOpen)
    effect?.length = 0
    effect?.target = nil
    guard let effect else { preconditionFailure("no effect") }
    if let number = knownShapes[effect] { return number }
    let number = Int32(shapes.count)
    shapes.append(Shape(effect))
    knownShapes[effect] = number
    return number
  }

  /// Two immediates that have nothing in common.
  private static let immediates: [Int64] = [0x6B3A_59D1, -0x5C17_3E2B]

  // MARK: Numbers in instructions

  /// Whether the next byte of an instruction only changes a displacement or an immediate: its form and
  /// registers are the same whatever it is.
  func isNumber(after begun: UInt128) -> Bool {
    if let known = numbered[begun] { return known }
    let first = registers(begun << 8)
    let result =
      first != nil
      && EffectCache.probes.allSatisfy { registers(begun << 8 | UInt128($0)) == first }
    numbered[begun] = result
    return result
  }

  private static let probes: [UInt8] = [0x09, 0x12, 0x24, 0x3F, 0xC0, 0xFF]

  /// An instruction that begins with some bytes and goes on with zeros, without its numbers.
  private func registers(_ begun: UInt128) -> Instruction? {
    let padded = begun << UInt128(8 * (15 - begun.byteCount))
    guard let instruction = try? architecture.decode(padded.bytes[...], at: 0) else { return nil }
    var operands = Operands()
    for operand in instruction.operands {
      switch operand {
      case .immediate, .target: operands.append(.code(0))
      case .memory(var memory):
        memory.displacement = 0
        operands.append(.memory(memory))
      case .register, .modified, .code: operands.append(operand)
      }
    }
    return Instruction(form: instruction.form, operands: operands, address: 0, length: 0)
  }

  /// The bytes that the tables take, about.
  var memory: Int {
    effects.count * 112 + shapes.count * 1_000 + numbered.count * 40 + templates.memory
  }
}

/// An instruction without what its effect is left open in.
private struct Parts {
  /// The instruction with another displacement and target.
  let example: Instruction
  /// Zero where there is none that counts.
  private(set) var displacement: Int64 = 0
  /// The only immediate, where it is no mask of a part of a register, which means something of its own.
  private(set) var immediate: Int64?

  private static let anyTarget: UInt64 = 0x1000
  private static let anyLength = 4

  init(_ instruction: Instruction) {
    var operands = Operands()
    var immediates: [Int64] = []
    for operand in instruction.operands {
      switch operand {
      case .memory(var memory):
        if !memory.isRelative { displacement = memory.displacement }
        // Zero is a case of its own, which says more.
        memory.displacement = displacement == 0 ? 0 : 1
        operands.append(.memory(memory))
      case .target: operands.append(.target(Parts.anyTarget))
      case .immediate(let value):
        immediates.append(value.signedLow)
        operands.append(operand)
      case .register, .modified, .code: operands.append(operand)
      }
    }
    example = Instruction(
      form: instruction.form, operands: operands, address: 0, length: Parts.anyLength)
    if immediates.count == 1, !Parts.isMask(immediates[0]) { immediate = immediates[0] }
  }

  /// Whether one of the parts of 8, 8 and 16 bits is all zeros or all ones.
  private static func isMask(_ value: Int64) -> Bool {
    let parts: [(low: Int64, ones: Int64)] = [(0, 0xFF), (8, 0xFF), (16, 0xFFFF)]
    return parts.contains { low, ones in
      let part = value >> low & ones
      return part == 0 || part == ones
    }
  }

  /// The example with another immediate, cut to its width.
  func with(_ immediate: Int64) -> EffectTemplates.Example {
    var operands = Operands()
    var value = BitVector(signed: immediate, width: 64)
    for operand in example.operands {
      if case .immediate(let old) = operand {
        value = BitVector(signed: immediate, width: old.width)
        operands.append(.immediate(value))
      } else {
        operands.append(operand)
      }
    }
    return EffectTemplates.Example(
      instruction: Instruction(
        form: example.form, operands: operands, address: 0, length: example.length),
      immediate: value.signedLow)
  }
}
