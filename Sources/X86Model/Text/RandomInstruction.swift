import MachineModel
import Terms

/// Chooses operands of a form at random.
struct RandomOperands {
  let pattern: Pattern
  let address: UInt64
  /// Whether registers of this instruction may include those that REX selects, or the high bytes.
  var allowsHighBytes = false

  mutating func operands(using random: inout any RandomNumberGenerator) -> [Operand] {
    allowsHighBytes = Int.random(in: 0..<4, using: &random) == 0 && !pattern.rexW
    return pattern.operands.map { operand($0, &random) }.consistent
  }

  private func operand(
    _ operand: OperandPattern, _ random: inout any RandomNumberGenerator
  ) -> Operand {
    switch operand.place {
    case .fixed(let register): return .register(register)
    case .one: return .immediate(BitVector(1, width: 8))
    case .register, .vector, .immediateRegister: return register(operand, &random)
    case .registerOrMemory:
      return !pattern.allowsMemory || Bool.random(using: &random)
        ? register(operand, &random) : .memory(vector(operand, &random))
    case .memory: return .memory(vector(operand, &random))
    case .offset: return .memory(offset(operand.width, &random))
    case .immediate(let bits):
      let value = RandomOperands.edge(bits, &random)
      return .immediate(BitVector(signed: value, width: operand.width))
    case .relative(let bits):
      let offset = RandomOperands.edge(bits, &random)
      // The end is not known yet: stay clear of the limits.
      let kept = bits == 8 ? Swift.max(-100, Swift.min(100, offset)) : offset / 2
      return .target(address &+ UInt64(bitPattern: kept))
    case .mask:
      return .register(VectorRegisters.masks[Int.random(in: 0..<8, using: &random)])
    case .zeroing: return .code(Int.random(in: 0...1, using: &random))
    }
  }

  private func register(
    _ operand: OperandPattern, _ random: inout any RandomNumberGenerator
  ) -> Operand {
    if operand.bank == .general {
      return .register(register(operand.registerWidth, &random))
    }
    let count = operand.registerCount(isEVEX: pattern.map.isEVEX)
    return .register(
      X86Registers.register(
        Int.random(in: 0..<count, using: &random), operand.bank, width: operand.registerWidth,
        upper: operand.upper, hasREX: false))
  }

  /// Memory that holds all of an operand, or at random the one element of it that is broadcast.
  private func vector(
    _ operand: OperandPattern, _ random: inout any RandomNumberGenerator
  ) -> MemoryOperand {
    if operand.indexWidth != 0 { return gathered(operand, &random) }
    let isBroadcast = operand.broadcast != 0 && Bool.random(using: &random)
    var memory = memory(isBroadcast ? operand.broadcast : operand.width, &random)
    // Often a multiple of the unit that displacements of one byte count in.
    let unit = pattern.displacementUnit(isBroadcast: isBroadcast)
    if unit > 1, !memory.isRelative, Bool.random(using: &random) {
      memory.displacement = Int64(Int32(truncatingIfNeeded: memory.displacement * unit))
    }
    return memory
  }

  /// Memory at a vector of indices.
  private func gathered(
    _ operand: OperandPattern, _ random: inout any RandomNumberGenerator
  ) -> MemoryOperand {
    var memory = memory(operand.width, &random)
    if memory.isRelative { memory = MemoryOperand(width: operand.width) }
    memory.index = X86Registers.register(
      Int.random(in: 0..<16, using: &random), .vector, width: operand.indexWidth, upper: .keep,
      hasREX: false)
    memory.scale = Int.random(in: 0..<4, using: &random)
    return memory
  }

  /// A signed value of `bits` bits, often at an edge.
  static func edge(_ bits: Int, _ random: inout any RandomNumberGenerator) -> Int64 {
    let shift = UInt64(64 - bits)
    let edges: [UInt64] = [0, 1, .max, 1 << UInt64(bits - 1), (1 << UInt64(bits - 1)) - 1, 8]
    let value =
      Int.random(in: 0..<3, using: &random) == 0
      ? edges[Int.random(in: 0..<edges.count, using: &random)]
      : UInt64.random(in: 0 ... .max, using: &random)
    return Int64(bitPattern: value << shift) >> Int64(shift)
  }

  private func register(
    _ width: Int, _ random: inout any RandomNumberGenerator
  ) -> Register {
    if width == 8, allowsHighBytes {
      // No REX: al cl dl bl and ah ch dh bh.
      let number = Int.random(in: 0..<8, using: &random)
      return X86Registers.register(number, width: 8, hasREX: false)
    }
    let first = pattern.excludesZero ? 1 : 0
    let last = allowsHighBytes ? 7 : 15
    let number = Int.random(in: first...last, using: &random)
    return X86Registers.register(number, width: width, hasREX: true)
  }

  private func offset(
    _ width: Int, _ random: inout any RandomNumberGenerator
  ) -> MemoryOperand {
    let narrow = Int.random(in: 0..<8, using: &random) == 0
    return MemoryOperand(
      displacement: RandomOperands.edge(narrow ? 32 : 64, &random),
      addressWidth: narrow ? 32 : 64, width: width)
  }

  private func memory(
    _ width: Int, _ random: inout any RandomNumberGenerator
  ) -> MemoryOperand {
    let narrow = Int.random(in: 0..<8, using: &random) == 0
    let registers = narrow ? X86Registers.bits32 : X86Registers.bits64
    let last = allowsHighBytes ? 7 : 15
    var memory = MemoryOperand(addressWidth: narrow ? 32 : 64, width: width)
    let shape = Int.random(in: 0..<16, using: &random)
    if shape == 0 {
      memory.isRelative = true
      let target = address &+ UInt64(bitPattern: RandomOperands.edge(32, &random) / 2)
      memory.displacement = MemoryOperand.wrapped(target, memory.addressWidth)
      return memory
    }
    if shape != 1, shape != 2 {
      memory.base = registers[Int.random(in: 0...last, using: &random)]
    }
    if shape > 9 || shape == 2 {
      var index = Int.random(in: 0...last, using: &random)
      if index == 4 { index = 5 }
      memory.index = registers[index]
      memory.scale = Int.random(in: 0..<4, using: &random)
    }
    let bits = [0, 8, 32][Int.random(in: 0..<3, using: &random)]
    if bits > 0 { memory.displacement = RandomOperands.edge(bits, &random) }
    return memory
  }
}

extension [Operand] {
  /// The operands with zeroing only where a mask and a register make it possible.
  fileprivate var consistent: [Operand] {
    guard case .code(1) = last, case .register(let mask) = self[count - 2] else { return self }
    if case .register = self[0], mask.number != 0 { return self }
    return dropLast() + [.code(0)]
  }
}
