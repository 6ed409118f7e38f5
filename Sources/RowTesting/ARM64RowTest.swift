import ARM64Model
import DifferentialTesting
import MachineModel
import NativeExecution

/// Rows of ARM64 against a CPU or an emulator.
package struct ARM64RowTest: RowTest {
  package let test: DifferentialTest

  /// - Parameter runner: runs ARM64 code.
  package init(on runner: any NativeRunner) {
    test = DifferentialTest(ARM64(), on: runner, layout: ARM64RowTest.layout)
  }

  package var architecture: any Architecture { ARM64() }

  /// General registers, the stack pointer, NZCV, vector registers, QC. Nothing is marked for a
  /// store-exclusive.
  private static let layout: StateLayout = {
    let general = (0..<31).map { StateLayout.Place(word: $0) }
    let stackPointer = StateLayout.Place(word: 31, alignment: 16)
    let flags = [31, 30, 29, 28].map { StateLayout.Place(word: 32, bit: $0, width: 1) }
    let vectors = (0..<32).map { StateLayout.Place(word: 33 + 2 * $0, width: 128) }
    let saturation = StateLayout.Place(word: 32, bit: 27, width: 1)
    let places = general + [stackPointer] + flags + vectors + [saturation]
    return StateLayout(
      places + [nil, nil], hidden: [places.count, places.count + 1],
      general: NativeISA.arm64.generalWordCount, vectors: NativeISA.arm64.vectorWordCount)
  }()

  package func code(
    of form: Form, using random: inout any RandomNumberGenerator
  ) -> [Instruction]? {
    let draft = ARM64().randomInstruction(of: form, at: Scratch.code, using: &random)
    let operands = draft.operands.map { ARM64RowTest.aimed($0, &random) }
    func instruction(at address: UInt64) -> Instruction {
      Instruction(
        form: form, operands: operands, address: address, length: draft.length,
        annotation: draft.annotation)
    }
    let alone = instruction(at: Scratch.code)
    guard ARM64RowTest.isRunnable(alone) else { return nil }
    if let mark = ARM64RowTest.mark(for: alone), Bool.random(using: &random) {
      return [mark, instruction(at: mark.end)]
    }
    return [alone]
  }

  /// The load-exclusive that lets a store-exclusive after it succeed; alone that fails.
  private static func mark(for instruction: Instruction) -> Instruction? {
    let name = instruction.form.mnemonic
    guard name.hasPrefix("stx") || name.hasPrefix("stlx"),
      case .memory(let memory) = instruction.operands[instruction.operands.count - 1],
      let base = memory.base
    else { return nil }
    let letter = memory.width == 64 ? "x" : "w"
    let second = name.hasSuffix("p") ? ", \(letter)\(base.name == "x9" ? 10 : 9)" : ""
    let kind = name.drop { $0 != "x" }
    return try? ARM64().parse(
      "ld\(kind) \(letter)zr\(second), [\(base.name)]", at: Scratch.code, labels: [:])
  }

  /// A literal is read from the scratch memory.
  private static func aimed(
    _ operand: Operand, _ random: inout any RandomNumberGenerator
  ) -> Operand {
    guard case .memory(var memory) = operand, memory.isRelative, memory.width > 0 else {
      return operand
    }
    let room = (Scratch.byteCount - memory.width / 8) / 4
    memory.displacement =
      Int64(Scratch.address) + 4 * Int64(Int.random(in: 0...room, using: &random))
    return .memory(memory)
  }

  /// Whether the instruction can be run alone. Address 0 cannot be gone to; a branch must stay away from the code's own pages and
  /// in reach of the harness; hints of pointer authentication are no-operations in the model and not
  /// in QEMU's CPU; `hlt #0xf000` is a call of the emulator.
  private static func isRunnable(_ instruction: Instruction) -> Bool {
    // QEMU writes what belongs into the zero register behind x30 to sp.
    if instruction.form.mnemonic.hasPrefix("casp"), case .register(let second) = instruction[1],
      second.cell == nil
    {
      return false
    }
    let isIndirect = [.indirectJump, .indirectCall, .return].contains(
      instruction.form.family.flow)
    if isIndirect, case .register(let register) = instruction[0], register.cell == nil {
      return false
    }
    if let target = instruction.target {
      let distance = abs(Int64(bitPattern: target &- Scratch.code))
      let data = abs(Int64(bitPattern: target &- Scratch.address))
      if distance < 8192 || distance > 100 << 20 || data < 8192 { return false }
    }
    let text = ARM64().text(of: instruction)
    return !["pac", "aut", "xpac", "hlt #0xf000"].contains { text.hasPrefix($0) }
  }
}
