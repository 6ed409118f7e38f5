import DifferentialTesting
import MachineModel
import NativeExecution
import Terms
import X86Model

/// Rows of x86-64 against a CPU.
package struct X86RowTest: RowTest {
  package let test: DifferentialTest

  /// - Parameter runner: runs x86-64 code.
  package init(on runner: any NativeRunner) {
    test = DifferentialTest(
      X86(), on: runner, layout: X86RowTest.layout,
      isAtomic: { $0.form.mnemonic == "xchg" }, prepare: X86RowTest.prepare)
  }

  package var architecture: any Architecture { X86() }

  private static let flagBits = [0, 2, 4, 6, 7, 10, 11]
  /// General registers, flags, then vector and mask registers; MMX registers are not there.
  private static let layout: StateLayout = {
    let general = (0..<16).map { StateLayout.Place(word: $0) }
    let flags = flagBits.map { StateLayout.Place(word: 16, bit: $0, width: 1) }
    let vectors = (0..<32).map { StateLayout.Place(word: 17 + 8 * $0, width: 512) }
    let masks = (0..<8).map { StateLayout.Place(word: 17 + 256 + $0) }
    return StateLayout(
      general + flags + vectors + masks + Array(repeating: nil, count: 8),
      general: NativeISA.x86.generalWordCount, vectors: NativeISA.x86.vectorWordCount)
  }()

  package func code(
    of form: Form, using random: inout any RandomNumberGenerator
  ) -> [Instruction]? {
    let draft = X86().randomInstruction(of: form, at: Scratch.code, using: &random)
    let operands = draft.operands.map { X86RowTest.aimed($0, form, &random) }
    let changed = Instruction(
      form: form, operands: operands, address: Scratch.code, length: draft.length)
    guard let bytes = try? X86().encode(changed), !X86RowTest.isHopeless(changed) else {
      return nil
    }
    return [
      Instruction(form: form, operands: operands, address: Scratch.code, length: bytes.count)
    ]
  }

  /// A call of rsp would have to be both on the stack and in the code.
  private static func isHopeless(_ instruction: Instruction) -> Bool {
    guard instruction.form.family.flow == .indirectCall,
      case .register(let register) = instruction[0]
    else { return false }
    return register.name == "rsp"
  }

  private static func aimed(
    _ operand: Operand, _ form: Form, _ random: inout any RandomNumberGenerator
  ) -> Operand {
    switch operand {
    case .immediate(let value) where form.mnemonic.hasPrefix("enter"):
      // A frame that the scratch memory holds: at most six levels (modulo 32).
      return .immediate(
        value.width == 8
          ? BitVector(value.low & 0xE0 | value.low % 7, width: 8)
          : BitVector(value.low & 0x3F, width: 16))
    case .target:
      let reach = form.syntax.contains("rel8") ? 2 : Scratch.landings.count
      return .target(Scratch.landings[Int.random(in: 0..<reach, using: &random)])
    case .memory(var memory):
      // `lea` and hints access nothing.
      let size = Int64(memory.width / 8)
      if memory.base == nil, memory.index == nil {
        let room = Int64(Scratch.byteCount) - size
        memory.displacement =
          Int64(Scratch.address) + Int64.random(in: 0...room, using: &random)
      } else if memory.base?.cell?.index == 4 || memory.base?.cell == memory.index?.cell
        || memory.base == nil
      {
        // Two accesses from rsp must both fit; a scaled register alone must be able to hit.
        memory.displacement = Int64.random(in: -48...48, using: &random)
      }
      return .memory(memory)
    default: return operand
    }
  }

  /// Makes quotients fit often enough, and repetitions few.
  private static func prepare(_ instruction: Instruction) -> DifferentialTest.Preparation? {
    let form = instruction.form
    if form.mnemonic.hasPrefix("rep") {
      let isNarrow = form.syntax.contains("addr32")
      return { words, random in
        words[1] = random.next() % 6 | (isNarrow ? random.next() << 32 : 0)
      }
    }
    guard form.mnemonic.hasSuffix("div") else { return nil }
    return { words, random in
      let (rax, rdx) = (0, 2)
      switch random.next() & 7 {
      case 0: words[rdx] = 0
      case 1: words[rdx] = UInt64(bitPattern: Int64(bitPattern: words[rax]) >> 63)
      case 2: words[rdx] = UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: words[rax])) >> 31)
      case 3: words[rdx] &= 0xFF
      case 4: words[rax] &= 0xFF
      case 5: words[rax] = UInt64(bitPattern: Int64(Int8(truncatingIfNeeded: words[rax])))
      default: break
      }
    }
  }
}
