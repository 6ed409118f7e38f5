import MachineModel
import Terms

/// From one line of Intel syntax to an instruction.
///
/// Of several encodings the shortest is chosen, of equally short ones the first in the tables
/// (which lists `op r/m, r` before `op r, r/m`); so a text does not determine the bytes it came
/// from, but always the meaning.
struct Assembler {
  let tables: Tables
  let address: UInt64
  let line: Line

  func assemble() throws(AssemblyError) -> Instruction {
    guard let forms = Tables.byMnemonic[line.mnemonic] else {
      throw AssemblyError(column: 1, reason: "unknown instruction '\(line.mnemonic)'")
    }
    var best: Instruction?
    var failure: AssemblyError?
    var widths: Set<Int> = []
    for index in forms {
      let pattern = tables.patterns[index]
      guard pattern.operands.count - pattern.maskCount == line.parts.count,
        let operands = operands(pattern)
      else { continue }
      do throws(AssemblyError) {
        let instruction = try finished(tables.forms[index], operands, pattern)
        for case .memory(let memory) in operands { widths.insert(memory.width) }
        if instruction.length < best?.length ?? .max { best = instruction }
      } catch {
        failure = error
      }
    }
    let isOpen = line.parts.contains { part in
      if case .memory(_, isSized: false) = part { true } else { false }
    }
    if isOpen, widths.count > 1 {
      throw AssemblyError(
        column: line.columns[0], reason: "the size of the memory operand is ambiguous")
    }
    guard let best else {
      throw failure
        ?? AssemblyError(
          column: line.columns.first ?? 1,
          reason: "no form of '\(line.mnemonic)' has these operands")
    }
    return best
  }

  /// The instruction with its length, and with displacements from its end made addresses.
  private func finished(
    _ form: Form, _ operands: [Operand], _ pattern: Pattern
  ) throws(AssemblyError) -> Instruction {
    let annotation = try annotation(form, operands, pattern)
    func instruction(_ operands: [Operand], _ length: Int) -> Instruction {
      Instruction(
        form: form, operands: operands, address: address, length: length,
        annotation: annotation)
    }
    // A relative operand takes the same bytes whatever its value: measure with a near one.
    let near = operands.map { operand -> Operand in
      guard case .memory(var memory) = operand, memory.isRelative else { return operand }
      memory.displacement = MemoryOperand.wrapped(address, memory.addressWidth)
      return .memory(memory)
    }
    let length = try Encoder.encode(instruction(near, 0), pattern).count
    let final = operands.map { operand -> Operand in
      guard case .memory(var memory) = operand, memory.isRelative else { return operand }
      let target = address &+ UInt64(length) &+ UInt64(bitPattern: memory.displacement)
      memory.displacement = MemoryOperand.wrapped(target, memory.addressWidth)
      return .memory(memory)
    }
    let result = instruction(final, length)
    _ = try Encoder.encode(result, pattern)
    return result
  }

  /// The prefix LOCK, which is not part of a form.
  private func annotation(
    _ form: Form, _ operands: [Operand], _ pattern: Pattern
  ) throws(AssemblyError) -> Int {
    guard line.isLocked else { return 0 }
    guard case .memory(let memory)? = operands.first, Mnemonic.lockable.contains(form.mnemonic)
    else { throw AssemblyError(column: 1, reason: "lock is not allowed here") }
    var layout = Layout()
    layout.prefixes = Layout.canonical(
      pattern, has67: memory.addressWidth == 32, isLocked: true)
    return layout.annotation
  }

  private func operands(_ pattern: Pattern) -> [Operand]? {
    var result: [Operand] = []
    for (part, place) in zip(line.parts, pattern.operands) {
      guard let operand = operand(part, place) else { return nil }
      result.append(operand)
    }
    guard line.broadcast == nil || pattern.operands.contains(where: { $0.broadcast != 0 })
    else { return nil }
    for place in pattern.operands.suffix(pattern.maskCount) {
      result.append(
        place.place == .mask
          ? .register(line.mask ?? VectorRegisters.masks[0]) : .code(line.isZeroing ? 1 : 0))
    }
    let allowsZeroing = pattern.operands.last?.place == .zeroing
    guard pattern.maskCount > 0 || line.mask == nil, allowsZeroing || !line.isZeroing else {
      return nil
    }
    return result
  }

  private func operand(_ part: Line.Part, _ place: OperandPattern) -> Operand? {
    switch (part, place.place) {
    case (.register(let register), .fixed(let expected)):
      return register == expected ? .register(register) : nil
    case (.register(let register), .register), (.register(let register), .vector),
      (.register(let register), .registerOrMemory), (.register(let register), .immediateRegister):
      guard register.width == place.registerWidth, register.bank == place.bank else { return nil }
      return .register(register.seen(place.upper))
    case (.memory(let memory, let isSized), .registerOrMemory),
      (.memory(let memory, let isSized), .memory):
      return resized(memory, isSized, place).map { .memory(settled($0)) }
    case (.memory(let memory, let isSized), .offset):
      guard memory.base == nil, memory.index == nil, !memory.isRelative, !memory.isStackGuard
      else { return nil }
      return resized(memory, isSized, place).map { .memory($0) }
    case (.number(let number), .one):
      return number.bits == 1 ? .immediate(BitVector(1, width: 8)) : nil
    case (.number(let number), .immediate):
      guard number.fits(place.width) else { return nil }
      return .immediate(BitVector(number.bits, width: place.width))
    case (.number(let number), .relative): return .target(number.bits)
    default: return nil
    }
  }

  private func resized(
    _ memory: MemoryOperand, _ isSized: Bool, _ place: OperandPattern
  ) -> MemoryOperand? {
    var result = memory
    result.width = place.width
    if let count = line.broadcast {
      guard place.broadcast * count == place.width else { return nil }
      result.width = place.broadcast
    }
    guard !isSized || memory.width == result.width || place.width == 0 else { return nil }
    return result
  }

  /// An absolute address above 2³¹ and below 2³² needs 32-bit addressing outside `movabs`.
  private func settled(_ memory: MemoryOperand) -> MemoryOperand {
    var result = memory
    let value = memory.displacement
    if memory.base == nil, memory.index == nil, !memory.isRelative,
      value > Int64(Int32.max), value <= Int64(UInt32.max)
    {
      result.addressWidth = 32
      result.displacement = Int64(Int32(truncatingIfNeeded: value))
    } else if memory.addressWidth == 32, !memory.isRelative {
      result.displacement = Int64(Int32(truncatingIfNeeded: value))
    }
    return result
  }
}
