import MachineModel
import Terms

/// ADX, CRC32, MOVBE, XADD, CMPXCHG (Intel SDM, volume 2); LOCK adds nothing to a meaning that is
/// sequential.
extension Tables {
  static let extensions: [Entry] = [
    Entry(addCarrying("ADCX: add with CF only", .cf), feature: "ADX", adxRows("adcx", "NFx 66")),
    Entry(addCarrying("ADOX: add with OF only", .of), feature: "ADX", adxRows("adox", "F3")),
    Entry(checksum, feature: "SSE4_2", checksumRows),
    Entry(moveSwapped, feature: "MOVBE", moveSwappedRows),
    Entry(exchangeAdd, [Row("xadd r/m8, r8", "0F C0 /r"), Row("xadd r/mv, rv", "0F C1 /r")]),
    Entry(
      compareExchange,
      [Row("cmpxchg r/m8, r8", "0F B0 /r"), Row("cmpxchg r/mv, rv", "0F B1 /r")]),
    Entry(
      compareExchangeWide,
      [
        Row("cmpxchg8b m64", "0F C7 /1"), Row("cmpxchg16b m128", "REX.W + 0F C7 /1", "CMPXCHG16B"),
      ]),
  ]

  private static func adxRows(_ name: String, _ prefix: String) -> [Row] {
    [
      Row("\(name) r32, r/m32", "\(prefix) 0F 38 F6 /r"),
      Row("\(name) r64, r/m64", "REX.W + \(prefix) 0F 38 F6 /r"),
    ]
  }

  private static func addCarrying(_ title: String, _ flag: Flag) -> Family {
    Family(
      title: title, source: "Intel SDM, volume 2", tier: "T2",
      flags: FlagEffects(reads: [flag], writes: [flag])
    ) { instruction, state in
      let (left, right) = (state.read(instruction, 0), state.read(instruction, 1))
      let (terms, carry) = (state.terms, state[flag])
      let sum = terms.add(terms.add(left, right), terms.bits(carry, width: instruction.width))
      state[instruction[0]] = sum
      state[flag] = state.carryOut(left, sum, carry)
    }
  }

  private static let checksum = Family(
    title: "CRC32: checksum with the Castagnoli polynomial",
    source: "Intel SDM, volume 2, CRC32", tier: "T2"
  ) { instruction, state in
    let (terms, source) = (state.terms, state.read(instruction, 1))
    let polynomial = terms.constant(0x82F6_3B78, width: 32)
    let zero = terms.constant(0, width: 32)
    var sum = terms.extract(state.read(instruction, 0), 31, 0)
    for index in 0..<terms.width(source) {
      let bit = terms.xor(terms.extract(sum, 0, 0), terms.extract(source, index, index))
      let isOdd = terms.equal(bit, terms.constant(1, width: 1))
      sum = terms.xor(
        terms.logicalShiftRight(sum, by: 1), terms.ifThenElse(isOdd, polynomial, zero))
    }
    state[instruction[0]] = terms.zeroExtend(sum, to: instruction.width)
  }

  // swift-format-ignore
  private static let checksumRows: [Row] = [
    Row("crc32 r32, r/m8",   "F2 0F 38 F0 /r"),
    Row("crc32 r64, r/m8",   "REX.W + F2 0F 38 F0 /r"),
    Row("crc32 r32, r/m16",  "66 F2 0F 38 F1 /r"),
    Row("crc32 r32, r/m32",  "F2 0F 38 F1 /r"),
    Row("crc32 r64, r/m64",  "REX.W + F2 0F 38 F1 /r"),
  ]

  private static let moveSwapped = Family(
    title: "MOVBE: move with the bytes reversed", source: "Intel SDM, volume 2, MOVBE",
    tier: "T2"
  ) { instruction, state in
    let (terms, value) = (state.terms, state.read(instruction, 1))
    state[instruction[0]] = terms.concat(
      (0..<instruction.width / 8).map { terms.extract(value, $0 * 8 + 7, $0 * 8) })
  }

  private static let moveSwappedRows: [Row] = [16, 32, 64].flatMap { width in
    let wide = width == 64 ? "REX.W + " : ""
    return [
      Row("movbe r\(width), m\(width)", wide + "NFx 0F 38 F0 /r"),
      Row("movbe m\(width), r\(width)", wide + "NFx 0F 38 F1 /r"),
    ]
  }

  private static let exchangeAdd = Family(
    title: "XADD: exchange and add", source: "Intel SDM, volume 2, XADD", tier: "T2",
    flags: FlagEffects(writes: .status)
  ) { instruction, state in
    let (target, source) = (state.read(instruction, 0), state.read(instruction, 1))
    let sum = state.add(target, source, carry: state.terms.false)
    // Memory first, whose address the register may be part of; of equal registers the sum stays.
    if case .memory = instruction[0] { state[instruction[0]] = sum }
    state[instruction[1]] = target
    if case .register = instruction[0] { state[instruction[0]] = sum }
  }

  private static let compareExchange = Family(
    title: "CMPXCHG: compare with the accumulator and exchange",
    source: "Intel SDM, volume 2, CMPXCHG", tier: "T2", flags: FlagEffects(writes: .status)
  ) { instruction, state in
    let (terms, width) = (state.terms, instruction.width)
    let (target, source) = (state.read(instruction, 0), state.read(instruction, 1))
    let accumulator = Register.accumulator(width)
    let old = state[.rax]
    _ = state.subtract(state[accumulator], target, borrow: terms.false)
    let isEqual = state[.zf]
    let address: Term? =
      if case .memory(let memory) = instruction[0] { state.address(of: memory) } else { nil }
    if case .register(let register) = instruction[0] {
      state.write(terms.ifThenElse(isEqual, source, target), to: register, unless: isEqual)
    }
    let written = state[.rax]
    state[accumulator] = target
    state[.rax] = terms.ifThenElse(isEqual, address == nil ? written : old, state[.rax])
    if let address { state.store(address, terms.ifThenElse(isEqual, source, target)) }
  }
}

extension Tables {
  /// Both forms write the memory in any case: the old value where it is not equal.
  static let compareExchangeWide = Family(
    title: "CMPXCHG8B, CMPXCHG16B: compare two registers with memory and exchange",
    source: "Intel SDM, volume 2, CMPXCHG8B/CMPXCHG16B", tier: "T2",
    flags: FlagEffects(writes: [.zf])
  ) { instruction, state in
    guard case .memory(let memory) = instruction[0] else { return }
    let (terms, half) = (state.terms, memory.width / 2)
    let address = state.address(of: memory)
    if half == 64 {
      let isAligned = terms.equal(
        terms.extract(address, 3, 0), terms.constant(0, width: 4))
      state.raise(.misaligned, when: terms.not(isAligned))
    }
    let target = state.load(address, byteCount: memory.width / 8)
    let (low, high) = (Register.accumulator(half), Register.data(half))
    let isEqual = terms.equal(terms.concat(state[high], state[low]), target)
    let (base, count) = (
      X86Registers.register(3, width: half, hasREX: true),
      X86Registers.register(1, width: half, hasREX: true)
    )
    let new = terms.concat(state[count], state[base])
    state.store(address, terms.ifThenElse(isEqual, new, target))
    // Where it is equal, the registers are not written: upper halves stay.
    for (register, part) in [
      (low, terms.extract(target, half - 1, 0)), (high, terms.extract(target, 2 * half - 1, half)),
    ] {
      guard let cell = register.cell else { continue }
      let old = state[cell]
      state[register] = part
      state[cell] = terms.ifThenElse(isEqual, old, state[cell])
    }
    state[.zf] = isEqual
  }
}

extension MachineState {
  /// Writes a register that CMPXCHG found `isEqual` or else writes its old value back to: the
  /// manual says that the upper half is cleared in either case, AMD's Zen 4 then keeps it, so it
  /// is undefined.
  mutating func write(_ value: Term, to register: Register, unless isEqual: Term) {
    self[register] = value
    guard register.width == 32, let cell = register.cell else { return }
    let upper = terms.ifThenElse(
      isEqual, terms.constant(0, width: 32), undefined(.bitVector(32), "upper half of cmpxchg"))
    self[cell] = terms.concat(upper, value)
  }
}
