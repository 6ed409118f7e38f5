import FoundationEssentials
import MachineModel
import Terms
import X86Model

/// Zydis, by the program in Tests/Oracles/zydis: validity, length, mnemonic and operands.
package struct X86Zydis: DecoderOracle {
  package let name: String
  private let program: String

  /// - Parameters:
  ///   - program: the path of the program.
  ///   - version: Zydis's version.
  package init(program: String, version: String) {
    self.program = program
    name = "Zydis \(version)"
  }

  package func outcomes(_ codes: [[UInt8]]) throws -> [Outcome] {
    var input: [UInt8] = []
    for code in codes {
      input.append(UInt8(code.count))
      input += code + [UInt8](repeating: 0, count: 15 - code.count)
    }
    let lines = try Command.run("\(program) <$INPUT", input: input).output
      .split(separator: "\n")
    guard lines.count == codes.count else { throw CocoaError(.fileReadCorruptFile) }
    return zip(codes, lines).map { code, line in outcome(code, line) }
  }

  private func outcome(_ code: [UInt8], _ line: Substring) -> Outcome {
    let parts = line.split(separator: " ", maxSplits: 1)
    let theirs = parts.count == 2 ? (length: Int(parts[0]) ?? 0, text: String(parts[1])) : nil
    do throws(DecodingError) {
      let instruction = try X86().decode(code[...], at: 0)
      let ours = Self.spelled(instruction)
      guard let theirs else {
        return differ(ZydisRules.refusing(instruction, code), code, "\(ours), Zydis refuses")
      }
      if theirs.length == instruction.length, ZydisRules.plain(theirs.text) == ours { return .same }
      return differ(
        ZydisRules.reading(instruction, code, theirs.text), code,
        "\(ours) of \(instruction.length) bytes, Zydis reads \(line)")
    } catch {
      guard let theirs else { return .bothRefuse }
      if error.kind == .unsupported { return .notInTables }
      return differ(
        ZydisRules.accepting(code, theirs.text), code, "\(error.reason), Zydis reads \(line)")
    }
  }

  private func differ(_ rule: AgreementRule?, _ code: [UInt8], _ text: String) -> Outcome {
    rule.map { .explained($0) } ?? .different("\(hexText(code)): \(text)")
  }

  // MARK: Spelling

  /// Our instruction as the program spells it.
  static func spelled(_ instruction: Instruction) -> String {
    let text = X86().text(of: instruction)
    let isBroadcast = text.contains("{1to")
    let words = text.split(separator: " ").drop { ZydisRules.prefixes.contains(String($0)) }
    let own = words.first.map(String.init) ?? text
    var operands: [String] = []
    let mask = maskIndex(instruction)
    for (index, operand) in instruction.operands.enumerated() {
      switch operand {
      case .register(let register):
        if index != mask || register.name != "k0" { operands.append(register.name) }
      case .immediate(let value): operands.append("imm:" + value.signedDecimal)
      case .target(let target): operands.append("to:0x" + String(target, radix: 16))
      case .memory(let memory): operands.append(spelled(memory, instruction, isBroadcast))
      case .code(let code): if code == 1 { operands.append("z") }
      case .modified: operands.append("?")
      }
    }
    let mnemonic = ZydisRules.names[own] ?? own
    // XMM0 is no operand for Zydis where the opcode implies it.
    if instruction.form.syntax.hasSuffix(" XMM0") { operands.removeLast() }
    return operands.isEmpty ? mnemonic : mnemonic + " " + operands.joined(separator: ", ")
  }

  /// The position of the mask of an EVEX instruction: its last register.
  private static func maskIndex(_ instruction: Instruction) -> Int? {
    guard instruction.form.syntax.contains("{k") else { return nil }
    return instruction.operands.lastIndex { if case .register = $0 { true } else { false } }
  }

  private static func spelled(
    _ memory: MemoryOperand, _ instruction: Instruction, _ isBroadcast: Bool
  ) -> String {
    var displacement = memory.displacement
    var base = memory.base?.name ?? ""
    if memory.isRelative {
      base = memory.addressWidth == 32 ? "eip" : "rip"
      let offset = UInt64(bitPattern: displacement) &- instruction.end
      displacement = Int64(Int32(truncatingIfNeeded: offset))
    }
    let index = memory.index.map { "+\($0.name)*\(1 << memory.scale)" } ?? ""
    let isGathered = memory.index?.name.contains("mm") ?? false
    let width = isBroadcast ? "b" : memory.width == 0 || isGathered ? "" : String(memory.width)
    let sign = displacement < 0 ? "" : "+"
    return "mem\(width)[\(base)\(index)\(sign)\(displacement)]"
  }
}
