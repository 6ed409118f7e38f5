import MachineModel
import Terms

/// Intel syntax: `mov eax, dword ptr [rdi + 4*rcx + 8]`.
///
/// As LLVM prints it, but branch targets are absolute addresses, immediates signed decimals, and
/// prefixes without effect are left out.
struct Printer {
  let instruction: Instruction
  let pattern: Pattern

  var text: String {
    let isLocked = Layout(annotation: instruction.annotation).isLocked
    let mnemonic = (isLocked ? "lock " : "") + Mnemonic.printed(instruction.form)
    if instruction.operands.isEmpty { return mnemonic }
    var parts = instruction.operands.dropLast(pattern.maskCount).map(text)
    parts[0] += masking
    return mnemonic + " " + parts.joined(separator: ", ")
  }

  /// ` {k1} {z}` as far as the instruction has them.
  private var masking: String {
    instruction.operands.suffix(pattern.maskCount).reduce(into: "") { text, operand in
      if case .register(let mask) = operand, mask.number != 0 { text += " {\(mask.name)}" }
      if case .code(1) = operand { text += " {z}" }
    }
  }

  private func text(_ operand: Operand) -> String {
    switch operand {
    case .register(let register): return register.name
    case .immediate(let value): return value.signedDecimal
    case .target(let address): return "0x" + String(address, radix: 16)
    case .memory(let memory):
      let segment = memory.isStackGuard ? "fs:" : ""
      return Printer.size(memory.width) + segment + "[" + address(memory) + "]" + broadcast(memory)
    case .modified(let register, let modifier, let amount):
      return "\(register.name) \(modifier) \(amount)"
    case .code(let code): return String(code)
    }
  }

  /// `{1to4}` after an element that is read for a whole vector.
  private func broadcast(_ memory: MemoryOperand) -> String {
    guard
      let operand = pattern.operands.first(where: {
        $0.broadcast != 0 && $0.broadcast == memory.width
      })
    else { return "" }
    return "{1to\(operand.width / operand.broadcast)}"
  }

  /// The size of a memory operand in words; nothing for one that is only an address.
  static func size(_ width: Int) -> String {
    sizes.first { $0.width == width }.map { $0.name + " ptr " } ?? ""
  }

  static let sizes: [(name: String, width: Int)] = [
    ("byte", 8), ("word", 16), ("dword", 32), ("qword", 64),
    ("xmmword", 128), ("ymmword", 256), ("zmmword", 512),
  ]

  private func address(_ memory: MemoryOperand) -> String {
    var parts: [String] = []
    var displacement = memory.displacement
    if memory.isRelative {
      parts.append(memory.addressWidth == 32 ? "eip" : "rip")
      let offset = UInt64(bitPattern: displacement) &- instruction.end
      displacement =
        memory.addressWidth == 32
        ? Int64(Int32(truncatingIfNeeded: Int64(bitPattern: offset)))
        : Int64(bitPattern: offset)
    }
    if let base = memory.base { parts.append(base.name) }
    if let index = memory.index {
      let isPlain = memory.scale == 0 && memory.base != nil
      parts.append((isPlain ? "" : "\(1 << memory.scale)*") + index.name)
    }
    let sum = parts.joined(separator: " + ")
    if parts.isEmpty { return Printer.absolute(memory) }
    if displacement == 0 { return sum }
    return sum + (displacement < 0 ? " - " : " + ") + String(displacement.magnitude)
  }

  /// An address that is nothing but a number; at 32 bits it is not sign-extended.
  private static func absolute(_ memory: MemoryOperand) -> String {
    memory.addressWidth == 32
      ? String(UInt32(truncatingIfNeeded: memory.displacement)) : String(memory.displacement)
  }
}
