import MachineModel
import Terms

/// What the closures of vector instructions share: their sources, and how a result is written.
///
/// A family serves the legacy, VEX and EVEX forms of an operation. A legacy form has its first source
/// in the destination and demands that memory of 16 bytes is aligned (Intel SDM, volume 1,
/// 4.6.4.1); a VEX form has three operands and does not.
extension Form {
  /// Whether the encoding has neither a VEX nor an EVEX prefix.
  var isLegacy: Bool {
    let first = encoding.utf8.first
    return first != UInt8(ascii: "V") && first != UInt8(ascii: "E")
  }
}

extension Instruction {
  /// The number of bits of the widest vector register or memory operand.
  var vectorWidth: Int {
    operands.reduce(0) { width, operand in
      switch operand {
      case .register(let register):
        register.bank == .vector ? Swift.max(width, register.width) : width
      case .memory(let memory): Swift.max(width, memory.width)
      default: width
      }
    }
  }

  /// The value of the immediate byte, which is the last operand but for a mask.
  var control: Int {
    for case .immediate(let value) in operands.reversed() { return Int(value.low & 0xFF) }
    return 0
  }
}

extension MachineState {
  /// Says that an access to memory has to be aligned to its own size.
  mutating func requireAlignment(_ memory: MemoryOperand) {
    let address = address(of: memory)
    let bits = (memory.width / 8).trailingZeroBitCount
    let low = terms.extract(address, bits - 1, 0)
    raise(.misaligned, when: terms.distinct(low, terms.constant(0, width: bits)))
  }

  /// A source operand at its own width, aligned if it must be.
  mutating func source(_ instruction: Instruction, _ operand: Int) -> Term {
    guard case .memory(let memory) = instruction[operand] else {
      return self[instruction[operand]]
    }
    if instruction.form.isLegacy, memory.width == 128 { requireAlignment(memory) }
    let value = self[instruction[operand]]
    guard !instruction.form.isLegacy, instruction.form.syntax.contains("bcst") else { return value }
    // An element for the whole vector.
    let count = instruction.vectorWidth / memory.width
    return terms.joined([Term](repeating: value, count: count))
  }

  /// The low `width` bits of a source operand: of a register, or all of memory.
  mutating func low(_ width: Int, _ instruction: Instruction, _ operand: Int) -> Term {
    terms.extract(source(instruction, operand), width - 1, 0)
  }

  /// Both sources of an operation on two: the destination and the operand after it in a legacy form,
  /// else the two after the destination.
  mutating func sources(_ instruction: Instruction) -> (Term, Term) {
    let first = instruction.form.isLegacy ? 0 : 1
    return (self[instruction[first]], source(instruction, first + 1))
  }

  /// Writes the first operand, element by element under a mask if the form has one.
  mutating func write(_ instruction: Instruction, _ result: Term, of element: Int) {
    self[instruction[0]] = masked(instruction, result, of: element)
  }

  /// `result` where the mask says so, and elsewhere zeros or what the destination held; all of it
  /// in a form without mask and under k0.
  private func masked(_ instruction: Instruction, _ result: Term, of element: Int) -> Term {
    guard !instruction.form.isLegacy, instruction.form.syntax.contains("{k"),
      let place = instruction.operands.lastIndex(where: { $0.isMask }),
      case .register(let mask) = instruction[place], mask.number != 0,
      case .register(let destination) = instruction[0]
    else { return result }
    let isZeroing = instruction.operands.last == .code(1)
    let zero = terms.constant(0, width: element)
    let old = terms.lanes(self[destination], of: element)
    let bits = self[mask]
    return terms.joined(
      terms.lanes(result, of: element).enumerated().map { index, lane in
        terms.ifThenElse(terms.bit(bits, index), lane, isZeroing ? zero : old[index])
      })
  }
}

extension Operand {
  fileprivate var isMask: Bool {
    if case .register(let register) = self { register.bank == .mask } else { false }
  }
}
