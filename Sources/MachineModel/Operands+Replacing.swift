/// Operands with parts of them replaced, for those who look at many instructions that are alike.
extension Operands {
  /// The operands with other registers, those of the memory operand included.
  @inlinable
  package func replacingRegisters(_ replacement: (Register) -> Register) -> Operands {
    var result = self
    for index in 0..<count {
      switch Kind(rawValue: details[index] >> 12) {
      case .register, .modified:
        result.values[index] = replacement(Register(bits: values[index])).bits
      case .memory:
        result.memory.base = memory.base.map(replacement)
        result.memory.index = memory.index.map(replacement)
      case .immediate, .target, .code, nil: break
      }
    }
    return result
  }

  /// The operands with all immediates made the low bits of a value, and all branch targets an address.
  @inlinable
  package func replacing(immediates value: UInt64?, targets address: UInt64?) -> Operands {
    var result = self
    for index in 0..<count {
      switch Kind(rawValue: details[index] >> 12) {
      case .immediate:
        if let value {
          result.values[index] = value & .max >> UInt64(64 - Int(details[index] & 0xFF))
        }
      case .target: if let address { result.values[index] = address }
      case .register, .memory, .modified, .code, nil: break
      }
    }
    return result
  }

  /// The operands with the displacement, immediates and targets made zero.
  @inlinable package var withoutNumbers: Operands {
    var result = replacing(immediates: 0, targets: 0)
    result.memory.displacement = 0
    return result
  }

  /// The operand in memory; only where there is one it can be set.
  @inlinable package var memoryOperand: MemoryOperand? {
    get { hasMemory ? memory : nil }
    set { if hasMemory, let newValue { memory = newValue } }
  }

  /// The low bits of the only immediate, sign-extended; nil where there is none or several.
  @inlinable package var onlyImmediate: Int64? {
    var result: Int64?
    for index in 0..<count where Kind(rawValue: details[index] >> 12) == .immediate {
      if result != nil { return nil }
      let shift = UInt64(64 - Int(details[index] & 0xFF))
      result = Int64(bitPattern: values[index] << shift) >> Int64(shift)
    }
    return result
  }

  /// All of it in one word, for quick hashes.
  @inlinable package var digest: UInt64 {
    var result = UInt64(count)
    func add(_ word: UInt64) {
      result = (result ^ word) &* 0x9E37_79B9_7F4A_7C15
      result ^= result >> 32
    }
    for index in 0..<count {
      add(values[index])
      add(UInt64(details[index]))
    }
    if hasMemory {
      add(memory.baseBits)
      add(memory.indexBits)
      add(UInt64(bitPattern: memory.displacement))
      add(UInt64(memory.scale) | UInt64(memory.addressWidth) << 8 | UInt64(memory.width) << 16)
    }
    return result
  }
}

extension Register {
  /// The register in the place of others like it: in another cell, and of its name only the arrangement of
  /// lanes, from the full stop on.
  @inlinable
  package func inPlace(_ cell: Int) -> Register {
    var name = bits & (1 << 42 - 1)
    while name != 0, name & 63 != 37 { name >>= 6 }
    return Register(bits: bits & ~(1 << 50 - 1) | UInt64(cell + 1) << 42 | name)
  }
}
