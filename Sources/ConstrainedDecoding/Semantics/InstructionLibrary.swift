import MachineModel
import Terms

/// Instructions of a constraint to look among for those with a wanted effect: samples of every form,
/// whose operands can be replaced.
final class InstructionLibrary {
  /// An instruction with what it does.
  struct Found {
    let bytes: [UInt8]
    let effect: InstructionEffect

    /// The bytes as in `Position.begun`.
    var begun: UInt128 { bytes.reduce(1) { $0 << 8 | UInt128($1) } }
  }

  /// A few instructions of every form that the constraint may have.
  let samples: [Instruction]
  /// The returns.
  private(set) var returns: [Found] = []
  private let architecture: any Architecture
  private let effects: EffectCache
  private let choice: InstructionChoice
  private var views: [View: Register] = [:]

  private struct View: Hashable {
    let cell: Int
    let low: Int
    let width: Int
    let upper: Register.Upper

    /// The place of a register, or the same place in another cell.
    init?(_ register: Register, in cell: Int? = nil) {
      guard let place = register.cell?.index ?? cell else { return nil }
      self.init(cell ?? place, register.low, register.width, register.upper)
    }

    init(_ cell: Int, _ low: Int, _ width: Int, _ upper: Register.Upper) {
      self.cell = cell
      self.low = low
      self.width = width
      self.upper = upper
    }
  }

  private static let samplesOfForm = 3
  private static let samplesOfReturn = 200
  /// By how much stack pointers move in examples.
  private static let frame: Int64 = 16
  /// As many more are drawn for one with or without memory.
  private static let moreOfForm = 8

  /// No shorter instruction is looked for.
  var shortestOfInterest: Int { 4 }

  init(_ architecture: any Architecture, _ effects: EffectCache, _ choice: InstructionChoice) {
    self.architecture = architecture
    self.effects = effects
    self.choice = choice
    var random: any RandomNumberGenerator = SplitMix64(seed: 1)
    var samples: [Instruction] = []
    for form in architecture.forms where choice.acceptsSome(form) {
      let flow = form.family.flow
      guard flow == .sequential || flow == .return else { continue }
      let count =
        flow == .return
        ? InstructionLibrary.samplesOfReturn : InstructionLibrary.samplesOfForm
      let all = (0..<count + InstructionLibrary.moreOfForm).map { _ in
        architecture.randomInstruction(of: form, at: 0, using: &random)
      }
      samples += all.prefix(count)
      // Operands that may be in a register or in memory have been either.
      if !all.prefix(count).contains(where: { !$0.hasMemory }) {
        samples += all.first { !$0.hasMemory }.map { [$0] } ?? []
      }
      if !all.prefix(count).contains(where: \.hasMemory) {
        samples += all.first(where: \.hasMemory).map { [$0] } ?? []
      }
    }
    self.samples = samples.filter { $0.form.family.flow == .sequential }
    for sample in samples {
      for register in sample.operands.flatMap(\.registers) {
        guard let view = View(register) else { continue }
        views[view] = register
      }
    }
    returns = samples.filter { $0.form.family.flow == .return }
      .compactMap { found($0) }
  }

  /// A sample with all its registers replaced by views of one cell, its immediates and the base and
  /// displacement of its memory operand too where they are given; nil if there is no such instruction.
  func changed(
    _ sample: Instruction, registers cell: Int, base: Int? = nil, displacement: Int64 = 0,
    immediate: Int64? = nil
  ) -> Found? {
    replaced(sample, (cell, cell), base, displacement, immediate).flatMap { found($0) }
  }

  /// - Parameter cells: what vector registers become views of, and what all others do.
  private func replaced(
    _ sample: Instruction, _ cells: (general: Int, vector: Int), _ base: Int?,
    _ displacement: Int64, _ immediate: Int64?
  ) -> Instruction? {
    var operands: [Operand] = []
    for operand in sample.operands {
      switch operand {
      case .register(let register):
        guard let view = view(of: register, in: cells) else { return nil }
        operands.append(.register(view))
      case .modified(let register, let modifier, let amount):
        guard let view = view(of: register, in: cells) else { return nil }
        operands.append(.modified(view, modifier, amount: amount))
      case .immediate(let value):
        guard let immediate else {
          operands.append(operand)
          continue
        }
        operands.append(.immediate(BitVector(signed: immediate, width: value.width)))
      case .memory(let memory):
        guard let base, let register = view(64, of: base), memory.mode == .offset else {
          return nil
        }
        operands.append(
          .memory(
            MemoryOperand(base: register, displacement: displacement, width: memory.width)))
      case .target: return nil
      case .code: operands.append(operand)
      }
    }
    return Instruction(
      form: sample.form, operands: operands, address: 0, length: sample.length,
      annotation: sample.annotation)
  }

  /// Every form with the registers and pointers that have a value at entry, and the stack.
  func examples(_ rules: SemanticRules) -> [[UInt8]] {
    let known = rules.entry
    let cells = known.values.indices.filter {
      rules.parts.all(of: $0).intersects(known.defined) && $0 != rules.stackPointer
    }
    var result: [[UInt8]] = []
    let vectors = rules.file.cells.filter { rules.file[$0].sort.width > 64 }.map(\.index)
    let general = cells.first { !vectors.contains($0) } ?? 0
    let vector = cells.first { vectors.contains($0) } ?? vectors.first ?? 0
    for sample in samples {
      for cell in (cells + [0]).prefix(6) {
        let own = vectors.contains(cell) ? (general, cell) : (cell, vector)
        for (base, displacement) in [
          (cells.first { known.values[$0].kind == .buffer }, Int64(0)),
          (rules.stackPointer, -8),
        ] {
          let made = replaced(sample, own, base, displacement, nil)
          if let bytes = made.flatMap({ encoded($0) }) { result.append(bytes) }
        }
      }
      if sample.hasImmediate {
        let stack = (rules.stackPointer, vector)
        let made = replaced(sample, stack, nil, 0, InstructionLibrary.frame)
        if let bytes = made.flatMap({ encoded($0) }) { result.append(bytes) }
      }
    }
    return result
  }

  private func view(
    of register: Register, in cells: (general: Int, vector: Int)
  ) -> Register? {
    let isVector = register.cell.map { architecture.registerFile[$0].sort.width > 64 } ?? false
    return View(register, in: isVector ? cells.vector : cells.general).flatMap { views[$0] }
  }

  private func view(_ width: Int, of cell: Int) -> Register? {
    views[View(cell, 0, width, .keep)] ?? views[View(cell, 0, width, .zero)]
  }

  private func found(_ instruction: Instruction) -> Found? {
    encoded(instruction).map { bytes in
      Found(bytes: bytes, effect: effects.effect(of: bytes.reduce(1) { $0 << 8 | UInt128($1) }))
    }
  }

  /// The bytes of an instruction; nil if it is none of the constraint.
  private func encoded(_ instruction: Instruction) -> [UInt8]? {
    guard let bytes = try? architecture.encode(instruction),
      let decoded = try? architecture.decode(bytes[...], at: 0), decoded.length == bytes.count,
      choice.contains(decoded)
    else { return nil }
    return bytes
  }
}

extension Instruction {
  /// Whether an operand is an immediate.
  var hasImmediate: Bool {
    operands.contains { if case .immediate = $0 { true } else { false } }
  }

  /// Whether an operand is in memory.
  var hasMemory: Bool {
    operands.contains { if case .memory = $0 { true } else { false } }
  }
}
