import MachineModel
import Terms

/// The pseudocode functions that several instructions share (Arm ARM, shared pseudocode).
extension MachineState {
  // MARK: Flags

  /// Sets the flags of `left + right`, whose value is `sum`.
  mutating func setFlags(ofSum sum: Term, _ left: Term, _ right: Term) {
    setNZ(sum)
    self[ARM64.c] = terms.unsignedLess(sum, left)
    self[ARM64.v] = overflow(ofSum: sum, left, right)
  }

  /// Sets the flags of `left - right`, so that conditions on them fold to comparisons.
  mutating func setFlags(ofDifference difference: Term, _ left: Term, _ right: Term) {
    self[ARM64.n] = terms.isNegative(difference)
    self[ARM64.z] = terms.equal(left, right)
    self[ARM64.c] = terms.not(terms.unsignedLess(left, right))
    self[ARM64.v] = terms.xor(terms.signedLess(left, right), self[ARM64.n])
  }

  /// Sets N and Z to those of `result`.
  mutating func setNZ(_ result: Term) {
    self[ARM64.n] = terms.isNegative(result)
    self[ARM64.z] = terms.equal(result, terms.constant(0, width: terms.width(result)))
  }

  /// Whether a sum, with or without carry, has another sign than two summands of one sign.
  func overflow(ofSum sum: Term, _ left: Term, _ right: Term) -> Term {
    terms.isNegative(terms.and(terms.xor(left, sum), terms.xor(right, sum)))
  }

  /// Whether the condition with the number `code` holds; 15 is always, as 14 is.
  func holds(_ code: Int) -> Term {
    let (n, z, c, v) = (self[ARM64.n], self[ARM64.z], self[ARM64.c], self[ARM64.v])
    let condition =
      switch code >> 1 {
      case 0: z
      case 1: c
      case 2: n
      case 3: v
      case 4: terms.and(c, terms.not(z))
      case 5: terms.not(terms.xor(n, v))
      case 6: terms.and(terms.not(z), terms.not(terms.xor(n, v)))
      default: terms.true
      }
    return code & 1 == 1 && code != 15 ? terms.not(condition) : condition
  }

  // MARK: Operands

  /// The value of an extended register operand at `width` bits.
  func extended(_ operand: Operand, to width: Int) -> Term {
    guard case .modified(let register, let modifier, let amount) = operand else {
      preconditionFailure("\(operand) is no extended register")
    }
    return terms.shiftLeft(extend(self[register], modifier, to: width), by: amount)
  }

  /// Where an access goes; an address from a misaligned stack pointer faults, as Linux has it
  /// (SCTLR_EL1.SA0 is set).
  mutating func access(_ memory: MemoryOperand) -> Term {
    if let base = memory.base, base.isSP {
      let low = terms.extract(self[base], 3, 0)
      raise(.misaligned, when: terms.distinct(low, terms.constant(0, width: 4)))
    }
    return address(of: memory)
  }

  /// The new value of the base of a write-back; nil where there is none. To be asked for before
  /// registers are loaded.
  func writeBack(_ memory: MemoryOperand) -> (Register, Term)? {
    guard memory.mode != .offset, let base = memory.base else { return nil }
    let constant = displacement(of: memory, width: 64)
    let offset = memory.mode == .postIndex ? memory.index.map { self[$0] } ?? constant : constant
    return (base, terms.add(self[base], offset))
  }
}

extension Instruction {
  /// The number that operand `index` is.
  func code(_ index: Int) -> Int {
    guard case .code(let value) = operands[index] else {
      preconditionFailure("\(operands[index]) is no code")
    }
    return value
  }

  /// The register that operand `index` is.
  func register(_ index: Int) -> Register {
    guard case .register(let register) = operands[index] else {
      preconditionFailure("\(operands[index]) is no register")
    }
    return register
  }

  /// The memory that operand `index` is.
  func memory(_ index: Int) -> MemoryOperand {
    guard case .memory(let memory) = operands[index] else {
      preconditionFailure("\(operands[index]) is no memory")
    }
    return memory
  }
}
