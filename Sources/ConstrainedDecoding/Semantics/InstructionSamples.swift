import MachineModel
import Terms

/// A few instructions of every form of a choice, whose operands can be replaced.
final class InstructionSamples: Sendable {
  /// Those after which the next instruction follows.
  let sequential: [Instruction]
  private let returning: [Instruction]
  private let architecture: any Architecture
  private let choice: InstructionChoice
  private let views: [View: Register]

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
  /// As many more are drawn for one with or without memory.
  private static let moreOfForm = 8

  init(_ architecture: any Architecture, _ choice: InstructionChoice) {
    self.architecture = architecture
    self.choice = choice
    var random: any RandomNumberGenerator = SplitMix64(seed: 1)
    var samples: [Instruction] = []
    for form in architecture.forms where choice.acceptsSome(form) {
      let flow = form.family.flow
      guard flow == .sequential || flow == .return else { continue }
      let count =
        flow == .return
        ? InstructionSamples.samplesOfReturn : InstructionSamples.samplesOfForm
      let all = (0..<count + InstructionSamples.moreOfForm).map { _ in
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
    sequential = samples.filter { $0.form.family.flow == .sequential }
    returning = samples.filter { $0.form.family.flow == .return }
    var views: [View: Register] = [:]
    for sample in samples {
      for register in sample.operands.flatMap(\.registers) {
        guard let view = View(register) else { continue }
        views[view] = register
      }
    }
    self.views = views
  }

  /// The bytes of the returns.
  var returns: [[UInt8]] { returning.compactMap { encoded($0) } }

  /// The bytes of a sample with other operands; nil if there is no such instruction in the choice.
  func bytes(of sample: Instruction, with values: OperandValues) -> [UInt8]? {
    replaced(sample, values).flatMap { encoded($0) }
  }

  private func replaced(_ sample: Instruction, _ values: OperandValues) -> Instruction? {
    var operands: [Operand] = []
    for operand in sample.operands {
      switch operand {
      case .register(let register):
        guard let view = view(of: register, in: values) else { return nil }
        operands.append(.register(view))
      case .modified(let register, let modifier, let amount):
        guard let view = view(of: register, in: values) else { return nil }
        operands.append(.modified(view, modifier, amount: amount))
      case .immediate(let value):
        guard let immediate = values.immediate else {
          operands.append(operand)
          continue
        }
        operands.append(.immediate(BitVector(signed: immediate, width: value.width)))
      case .memory(let memory):
        guard let base = values.base, let register = view(64, of: base), memory.mode == .offset
        else {
          return nil
        }
        operands.append(
          .memory(
            MemoryOperand(
              base: register, displacement: values.displacement, width: memory.width)))
      case .target: return nil
      case .code: operands.append(operand)
      }
    }
    return Instruction(
      form: sample.form, operands: operands, address: 0, length: sample.length,
      annotation: sample.annotation)
  }

  private func view(of register: Register, in values: OperandValues) -> Register? {
    let isVector = register.cell.map { architecture.registerFile[$0].sort.width > 64 } ?? false
    return View(register, in: isVector ? values.vector : values.general).flatMap { views[$0] }
  }

  private func view(_ width: Int, of cell: Int) -> Register? {
    views[View(cell, 0, width, .keep)] ?? views[View(cell, 0, width, .zero)]
  }

  /// The bytes of an instruction; nil if it is none of the choice.
  private func encoded(_ instruction: Instruction) -> [UInt8]? {
    guard let bytes = try? architecture.encode(instruction),
      let decoded = try? architecture.decode(bytes[...], at: 0), decoded.length == bytes.count,
      choice.contains(decoded)
    else { return nil }
    return bytes
  }
}

/// What operands of a sample are replaced by.
struct OperandValues: Hashable, Sendable {
  /// The cells that vector registers become views of, and all others.
  var general: Int
  var vector: Int
  /// The cell that an address begins at; nil for no memory.
  var base: Int?
  var displacement: Int64 = 0
  /// Nil for the sample's own.
  var immediate: Int64?
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
