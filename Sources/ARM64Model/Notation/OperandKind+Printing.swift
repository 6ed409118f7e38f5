import MachineModel
import Terms

/// From operands to assembly, as LLVM prints it; places are absolute addresses.
extension OperandKind {
  /// The text of `operand`, which `word` holds; empty where the syntax leaves it out.
  func text(of operand: Operand, in word: UInt32) -> String {
    switch (self, operand) {
    case (.vector(let notation), .register(let register)): return notation.text(of: register)
    case (.vectorImmediate(let notation), _): return notation.text(of: operand)
    case (_, .register(let register)): return register.name
    case (.extended(_, let width, _, _, let stackPointers), .modified(let r, let m, let amount)):
      let plain = width == 32 ? Modifier.uxtw : .uxtx
      let prefersShift = m == plain && stackPointers.contains { $0.value(in: word) == 31 }
      return OperandKind.text(r, prefersShift ? .lsl : m, amount)
    case (_, .modified(let register, let modifier, let amount)):
      return OperandKind.text(register, modifier, amount)
    case (.immediate(_, _, true), .immediate(let value)):
      return value.isZero ? "#0" : "#0x" + String(value.low, radix: 16)
    case (.immediate, .immediate(let value)): return "#" + String(value.low)
    case (.bitmask(_, _, false), .immediate(let value)):
      return "#0x" + String(value.low, radix: 16)
    case (_, .immediate(let value)): return "#" + value.signedDecimal
    case (.shiftAmount, .code(let amount)): return amount == 0 ? "" : "lsl #\(amount)"
    case (.condition, .code(let code)): return NamedCode.conditions[code & 15]
    case (.named(_, let names), .code(let code)): return names.name(code) ?? "#\(code)"
    case (_, .code(let code)): return "#\(code)"
    case (_, .target(let address)): return "0x" + String(address, radix: 16)
    case (.relative, .memory(let memory)):
      return "0x" + String(UInt64(bitPattern: memory.displacement), radix: 16)
    case (.memory(let notation), .memory(let memory)): return notation.text(of: memory, in: word)
    case (_, .memory): return "?"
    }
  }

  private static func text(_ register: Register, _ modifier: Modifier, _ amount: Int) -> String {
    if amount == 0 {
      return modifier == .lsl ? register.name : keepsZero(modifier, register.name)
    }
    return "\(register.name), \(modifier.rawValue) #\(amount)"
  }

  /// LSR, ASR and ROR by zero are written out, extensions by zero bits are not.
  private static func keepsZero(_ modifier: Modifier, _ name: String) -> String {
    switch modifier {
    case .lsr, .asr, .ror: "\(name), \(modifier.rawValue) #0"
    default: "\(name), \(modifier.rawValue)"
    }
  }
}

extension MemoryNotation {
  /// The text of a memory operand.
  func text(of memory: MemoryOperand, in word: UInt32) -> String {
    let base = memory.base?.name ?? "?"
    switch (offset, mode) {
    case (.none, _): return "[\(base)]"
    case (.immediate, .offset):
      return memory.displacement == 0 ? "[\(base)]" : "[\(base), #\(memory.displacement)]"
    case (.immediate, .preIndex): return "[\(base), #\(memory.displacement)]!"
    case (.transferSize, _), (.immediate, .postIndex): return "[\(base)], #\(memory.displacement)"
    case (.postRegister, _): return "[\(base)], \(memory.index?.name ?? "?")"
    case (.register(_, _, let isScaled, _), _):
      var text = "[\(base), \(memory.index?.name ?? "?")"
      let isShifted = isScaled.value(in: word) == 1
      if memory.extend != nil || isShifted {
        text += ", \(memory.extend?.rawValue ?? "lsl")"
      }
      return text + (isShifted ? " #\(memory.scale)]" : "]")
    }
  }
}
