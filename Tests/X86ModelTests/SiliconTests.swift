import DifferentialTesting
import FoundationEssentials
import MachineModel
import NativeExecution
import Terms
import Testing
import X86Model

/// Every row against the CPU of this machine.
///
/// The number of states for each row is `SILICON_STATES` of the environment, 2,048 without it; with
/// `SILICON_TIER` only the rows of a tier are run.
@Suite(.enabled(if: HostRunner()?.isa == .x86))
struct SiliconTests {
  static let states =
    ProcessInfo.processInfo.environment["SILICON_STATES"].flatMap { Int($0) } ?? 2_048

  static let forms = X86().forms.filter { form in
    ProcessInfo.processInfo.environment["SILICON_TIER"].map { form.tier == $0 } ?? true
  }

  static let flagBits = [0, 2, 4, 6, 7, 10, 11]
  /// General registers, flags, then vector and mask registers; MMX registers are not there.
  static let layout: StateLayout = {
    let general = (0..<16).map { StateLayout.Place(word: $0) }
    let flags = flagBits.map { StateLayout.Place(word: 16, bit: $0, width: 1) }
    let vectors = (0..<32).map { StateLayout.Place(word: 17 + 8 * $0, width: 512) }
    let masks = (0..<8).map { StateLayout.Place(word: 17 + 256 + $0) }
    return StateLayout(
      general + flags + vectors + masks + Array(repeating: nil, count: 8),
      general: NativeISA.x86.generalWordCount, vectors: NativeISA.x86.vectorWordCount)
  }()

  @Test(arguments: forms)
  func agreesWithTheProcessor(form: Form) throws {
    let runner = try #require(HostRunner())
    let test = DifferentialTest(
      X86(), on: runner, layout: Self.layout, prepare: Self.prepare)
    var random = RandomBits(seed: UInt64(form.index) &* 77)
    var (states, attempts) = (0, 0)
    while states < Self.states, attempts < Self.states / 4 {
      let instructions = (0..<16).map { _ in Self.instruction(form, &random) }
      let (count, disagreements) = try test.compare(instructions, random: &random)
      states += count
      attempts += instructions.count
      for disagreement in disagreements.prefix(2) {
        Issue.record("\(form.testDescription): \(disagreement)")
      }
      if !disagreements.isEmpty { return }
    }
    #expect(states >= Self.states, "only \(states) states were possible")
  }

  /// An instruction whose fixed addresses and branch targets are where the test can follow.
  private static func instruction(_ form: Form, _ random: inout RandomBits) -> Instruction {
    var generator: any RandomNumberGenerator = random
    defer { random = (generator as? RandomBits) ?? random }
    while true {
      let draft = X86().randomInstruction(of: form, at: Scratch.code, using: &generator)
      let operands = draft.operands.map { aimed($0, form, &generator) }
      let changed = Instruction(
        form: form, operands: operands, address: Scratch.code, length: draft.length)
      guard let bytes = try? X86().encode(changed), !isHopeless(changed) else { continue }
      return Instruction(
        form: form, operands: operands, address: Scratch.code, length: bytes.count)
    }
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
  private static let prepare: DifferentialTest.Preparation = { instruction, cells, random in
    if instruction.form.mnemonic.hasPrefix("rep") {
      let isNarrow = instruction.form.syntax.contains("addr32")
      cells[1] = random.next() % 6 | (isNarrow ? random.next() << 32 : 0)
    }
    guard instruction.form.mnemonic.hasSuffix("div") else { return }
    switch random.next() & 7 {
    case 0: cells[2] = 0
    case 1: cells[2] = UInt64(bitPattern: Int64(bitPattern: cells[0]) >> 63)
    case 2: cells[2] = UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: cells[0])) >> 31)
    case 3: cells[2] &= 0xFF
    case 4: cells[0] &= 0xFF
    case 5: cells[0] = UInt64(bitPattern: Int64(Int8(truncatingIfNeeded: cells[0])))
    default: break
    }
  }
}
