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

  /// A source operand: a register, or memory, aligned if it must be; an element of memory for the
  /// whole vector where the form broadcasts.
  ///
  /// - Parameter element: the width of the elements of a form whose masked elements are not read
  ///   from memory (Intel SDM, volume 2, 2.8.3); zero for one that reads all of it.
  mutating func source(_ instruction: Instruction, _ operand: Int, of element: Int = 0) -> Term {
    guard case .memory(let memory) = instruction[operand] else {
      return self[instruction[operand]]
    }
    if instruction.form.isLegacy {
      if memory.width == 128 { requireAlignment(memory) }
      return self[instruction[operand]]
    }
    let mask = element == 0 ? nil : self.mask(of: instruction)
    let isBroadcast = instruction.form.syntax.contains("bcst") && memory.width == element
    guard mask != nil || isBroadcast else { return self[instruction[operand]] }
    let address = address(of: memory)
    let lanes = instruction.vectorWidth / element
    if memory.width == element {
      let used = mask.map { terms.extract($0, lanes - 1, 0) }
      let value = load(
        address, byteCount: element / 8,
        when: used.map { terms.distinct($0, terms.constant(0, width: lanes)) })
      return isBroadcast ? terms.joined([Term](repeating: value, count: lanes)) : value
    }
    return terms.joined(
      (0..<memory.width / element).map { index in
        load(
          terms.add(address, terms.constant(UInt64(index * element / 8), width: 64)),
          byteCount: element / 8, when: mask.map { terms.bit($0, index) })
      })
  }

  /// The low `width` bits of a source operand: of a register, or all of memory.
  mutating func low(
    _ width: Int, _ instruction: Instruction, _ operand: Int, of element: Int = 0
  ) -> Term {
    terms.extract(source(instruction, operand, of: element), width - 1, 0)
  }

  /// Both sources of an operation on two: the destination and the operand after it in a legacy form,
  /// else the two after the destination.
  mutating func sources(_ instruction: Instruction, of element: Int = 0) -> (Term, Term) {
    let first = instruction.form.isLegacy ? 0 : 1
    return (self[instruction[first]], source(instruction, first + 1, of: element))
  }

  /// Writes the first operand, element by element under a mask if the form has one; a register that
  /// is wider than the result has zeros above it.
  mutating func write(_ instruction: Instruction, _ result: Term, of element: Int) {
    guard let mask = mask(of: instruction) else {
      self[instruction[0]] = terms.zeroExtend(result, to: instruction.width)
      return
    }
    let lanes = terms.lanes(result, of: element)
    if case .memory(let memory) = instruction[0] {
      let address = address(of: memory)
      for (index, lane) in lanes.enumerated() {
        let place = terms.add(address, terms.constant(UInt64(index * element / 8), width: 64))
        store(place, lane, when: terms.bit(mask, index))
      }
      return
    }
    let isZeroing = instruction.operands.last == .code(1)
    let zero = terms.constant(0, width: element)
    let old = terms.lanes(self[instruction[0]], of: element)
    let merged = lanes.enumerated().map { index, lane in
      terms.ifThenElse(terms.bit(mask, index), lane, isZeroing ? zero : old[index])
    }
    self[instruction[0]] = terms.zeroExtend(terms.joined(merged), to: instruction.width)
  }

  /// The mask of the elements that an instruction works on; nil in a form without one and for k0,
  /// which stands for all.
  func mask(of instruction: Instruction) -> Term? {
    guard !instruction.form.isLegacy, instruction.form.syntax.contains("{k"),
      let place = instruction.operands.lastIndex(where: { $0.isMask }),
      case .register(let mask) = instruction[place], mask.number != 0
    else { return nil }
    return self[mask]
  }
}

extension Operand {
  fileprivate var isMask: Bool {
    if case .register(let register) = self { register.bank == .mask } else { false }
  }
}
