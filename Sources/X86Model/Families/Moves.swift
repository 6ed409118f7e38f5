import MachineModel
import Terms

/// MOV, MOVZX, MOVSX, MOVSXD, LEA, XCHG, BSWAP, CMOVcc, SETcc (Intel SDM, volume 2).
extension Tables {
  static let moves: [Entry] =
    [
      Entry(move, moveRows), Entry(moveZeroExtended, movzxRows),
      Entry(moveSignExtended, movsxRows), Entry(loadAddress, [Row("lea rv, m", "8D /r")]),
      Entry(exchange, exchangeRows), Entry(byteSwap, [Row("bswap rv", "0F C8+rv")]),
    ] + Condition.all.map(conditionalMove) + Condition.all.map(setOnCondition)

  private static let move = Family(
    title: "MOV: move", source: "Intel SDM, volume 2, MOV", tier: "T1"
  ) { instruction, state in
    state[instruction[0]] = state.read(instruction, 1)
  }

  // swift-format-ignore
  private static let moveRows: [Row] = [
    Row("mov r/m8, r8",      "88 /r"),
    Row("mov r/mv, rv",      "89 /r"),
    Row("mov r8, r/m8",      "8A /r"),
    Row("mov rv, r/mv",      "8B /r"),
    Row("mov r8, imm8",      "B0+rb ib"),
    Row("mov r16, imm16",    "B8+rw iw"),
    Row("mov r32, imm32",    "B8+rd id"),
    Row("mov r64, imm64",    "REX.W + B8+ro io"),
    Row("mov r/m8, imm8",    "C6 /0 ib"),
    Row("mov r/mv, immz",    "C7 /0 iz"),
    Row("mov AL, moffs8",    "A0"),
    Row("mov AX, moffs16",   "A1"),
    Row("mov EAX, moffs32",  "A1"),
    Row("mov RAX, moffs64",  "REX.W + A1"),
    Row("mov moffs8, AL",    "A2"),
    Row("mov moffs16, AX",   "A3"),
    Row("mov moffs32, EAX",  "A3"),
    Row("mov moffs64, RAX",  "REX.W + A3"),
  ]

  private static let moveZeroExtended = Family(
    title: "MOVZX: move with zero extension", source: "Intel SDM, volume 2, MOVZX", tier: "T1"
  ) { instruction, state in
    let source = state.read(instruction, 1)
    state[instruction[0]] = state.terms.zeroExtend(source, to: instruction.width)
  }

  // swift-format-ignore
  private static let movzxRows: [Row] = [
    Row("movzx rv, r/m8",    "0F B6 /r"),
    Row("movzx rv, r/m16",   "0F B7 /r"),
  ]

  private static let moveSignExtended = Family(
    title: "MOVSX, MOVSXD: move with sign extension", source: "Intel SDM, volume 2, MOVSX",
    tier: "T1"
  ) { instruction, state in
    let source = state.read(instruction, 1)
    state[instruction[0]] = state.terms.signExtend(source, to: instruction.width)
  }

  // swift-format-ignore
  private static let movsxRows: [Row] = [
    Row("movsx rv, r/m8",      "0F BE /r"),
    Row("movsx rv, r/m16",     "0F BF /r"),
    Row("movsxd r16, r/m16",   "63 /r"),
    Row("movsxd r32, r/m32",   "63 /r"),
    Row("movsxd r64, r/m32",   "REX.W + 63 /r"),
  ]

  private static let loadAddress = Family(
    title: "LEA: load effective address", source: "Intel SDM, volume 2, LEA", tier: "T1"
  ) { instruction, state in
    guard case .memory(let operand) = instruction[1] else { return }
    state[instruction[0]] = state.terms.extract(
      state.address(of: operand), instruction.width - 1, 0)
  }

  private static let exchange = Family(
    title: "XCHG: exchange", source: "Intel SDM, volume 2, XCHG", tier: "T1"
  ) { instruction, state in
    let (first, second) = (state.read(instruction, 0), state.read(instruction, 1))
    // Memory first: its address may depend on the register that is written.
    state[instruction[0]] = second
    state[instruction[1]] = first
  }

  // swift-format-ignore
  private static let exchangeRows: [Row] = [
    Row("xchg rv, rAX",     "90+rv"),
    Row("xchg r/m8, r8",    "86 /r"),
    Row("xchg r/mv, rv",    "87 /r"),
  ]

  private static let byteSwap = Family(
    title: "BSWAP: reverse the bytes; undefined for 16 bits",
    source: "Intel SDM, volume 2, BSWAP", tier: "T1"
  ) { instruction, state in
    if instruction.width == 16 {
      state[instruction[0]] = state.undefined(.bitVector(16), "16-bit bswap")
      return
    }
    let (value, terms) = (state.read(instruction, 0), state.terms)
    state[instruction[0]] = terms.concat(
      (0..<instruction.width / 8).map { terms.extract(value, $0 * 8 + 7, $0 * 8) })
  }

  /// A false condition still writes the register, so that a 32-bit form clears the upper half.
  private static func conditionalMove(_ condition: Condition) -> Entry {
    let family = Family(
      title: "CMOVcc: move if \(condition.name)", source: "Intel SDM, volume 2, CMOVcc",
      tier: "T1", flags: FlagEffects(reads: condition.reads)
    ) { instruction, state in
      let (old, new) = (state.read(instruction, 0), state.read(instruction, 1))
      state[instruction[0]] = state.terms.ifThenElse(state.holds(condition), new, old)
    }
    return Entry(
      family, [Row("cmov\(condition.name) rv, r/mv", "0F \(hex(0x40 + condition.number)) /r")])
  }

  private static func setOnCondition(_ condition: Condition) -> Entry {
    let family = Family(
      title: "SETcc: set byte if \(condition.name)", source: "Intel SDM, volume 2, SETcc",
      tier: "T1", flags: FlagEffects(reads: condition.reads)
    ) { instruction, state in
      state[instruction[0]] = state.terms.bits(state.holds(condition), width: 8)
    }
    return Entry(
      family, [Row("set\(condition.name) r/m8", "0F \(hex(0x90 + condition.number)) /r")])
  }
}

extension Instruction {
  /// The width in bits of the first operand.
  var width: Int {
    switch operands.first {
    case .register(let register): register.width
    case .memory(let memory): memory.width
    case .immediate(let value): value.width
    case .modified(let register, _, _): register.width
    case .target, .code, nil: 64
    }
  }
}
