/// What selects among the forms of one opcode: prefixes, sizes and kinds of operands as a set of
/// facts, of each group at most one.
///
/// A form allows some facts of every group; it matches bytes all of whose facts it allows.
struct Signature: OptionSet, Sendable {
  let rawValue: UInt32

  static let size16 = Signature(rawValue: 1 << 0)
  static let size32 = Signature(rawValue: 1 << 1)
  static let size64 = Signature(rawValue: 1 << 2)
  static let no66 = Signature(rawValue: 1 << 3)
  static let has66 = Signature(rawValue: 1 << 4)
  static let no67 = Signature(rawValue: 1 << 5)
  static let has67 = Signature(rawValue: 1 << 6)
  static let noRepeat = Signature(rawValue: 1 << 7)
  static let hasF2 = Signature(rawValue: 1 << 8)
  static let hasF3 = Signature(rawValue: 1 << 9)
  /// The rm field of ModRM is memory, or a register.
  static let memory = Signature(rawValue: 1 << 10)
  static let register = Signature(rawValue: 1 << 11)
  /// Opcode bits 2:0 with REX.B are register 0, 8, or another.
  static let registerZero = Signature(rawValue: 1 << 12)
  static let registerEight = Signature(rawValue: 1 << 13)
  static let registerLow = Signature(rawValue: 1 << 14)
  static let registerHigh = Signature(rawValue: 1 << 15)
  /// VEX.W and EVEX.W.
  static let wide0 = Signature(rawValue: 1 << 16)
  static let wide1 = Signature(rawValue: 1 << 17)
  /// EVEX.aaa is zero or not.
  static let noMask = Signature(rawValue: 1 << 18)
  static let mask = Signature(rawValue: 1 << 19)
  static let zeroingMemory = Signature(rawValue: 1 << 20)
  static let zeroingRegister = Signature(rawValue: 1 << 21)
  static let broadcast = Signature(rawValue: 1 << 22)
  /// What no form allows: zeroing without a mask, EVEX.b without memory.
  static let impossible = Signature(rawValue: 1 << 23)

  /// VEX.pp.
  static func vexPrefix(_ number: Int) -> Signature {
    Signature(rawValue: 1 << UInt32(24 + number))
  }

  /// VEX.L or EVEX.L'L.
  static func length(_ number: Int) -> Signature {
    Signature(rawValue: 1 << UInt32(28 + number))
  }

  static let anyLength: Signature = [length(0), length(1), length(2), length(3)]
}

extension Signature {
  /// What a form allows.
  init(_ pattern: Pattern) {
    self = pattern.map.isVEX ? Signature.vex(pattern) : Signature.legacy(pattern)
    if !pattern.hasModRM || pattern.allowsMemory { insert(.memory) }
    if !pattern.hasModRM || pattern.allowsRegister { insert(.register) }
  }

  private static func legacy(_ pattern: Pattern) -> Signature {
    var result = Signature(rawValue: UInt32(pattern.sizes) & 7)
    if !pattern.needs66 { result.insert(.no66) }
    if !pattern.forbids66 { result.insert(.has66) }
    if !pattern.needs67 { result.insert(.no67) }
    result.insert(.has67)
    switch pattern.repeats {
    case .ignored: result.formUnion([.noRepeat, .hasF2, .hasF3])
    case .forbidden: result.insert(.noRepeat)
    case .required2: result.insert(.hasF2)
    case .required3: result.insert(.hasF3)
    }
    result.insert(.registerLow)
    if !pattern.excludesZero { result.insert(.registerZero) }
    if !pattern.needsClearB { result.formUnion([.registerEight, .registerHigh]) }
    return result
  }

  private static func vex(_ pattern: Pattern) -> Signature {
    var result: Signature = [vexPrefix(pattern.vexPrefix), .noMask]
    result.formUnion(pattern.vexLength.map { length($0) } ?? anyLength)
    if pattern.vexWide == .ignored {
      result.formUnion([.wide0, .wide1])
    } else {
      result.insert(pattern.rexW ? .wide1 : .wide0)
    }
    guard pattern.map.isEVEX else { return result }
    if pattern.operands.contains(where: { $0.broadcast != 0 }) { result.insert(.broadcast) }
    if pattern.operands.contains(where: { $0.place == .mask }) { result.insert(.mask) }
    if pattern.operands.contains(where: { $0.place == .zeroing }) {
      // Zeroing needs a destination that is a register.
      result.insert(.zeroingRegister)
      if !(pattern.operands.first?.isModRM ?? false) { result.insert(.zeroingMemory) }
    }
    return result
  }
}

extension Decoder {
  /// The facts of the bytes read so far.
  mutating func signature() -> Signature {
    let isMemory = modRM < 0xC0
    var result: Signature = isMemory ? .memory : .register
    if map.isVEX {
      result.insert(prefixes.rex & 8 != 0 ? .wide1 : .wide0)
      result.insert(.vexPrefix(vexPrefix))
      result.insert(.length(vexLength))
      guard map.isEVEX else { return result }
      result.insert(evex.mask == 0 ? .noMask : .mask)
      if evex.isZeroing { result.insert(isMemory ? .zeroingMemory : .zeroingRegister) }
      if evex.isBroadcast { result.insert(.broadcast) }
      if evex.isZeroing && evex.mask == 0 || evex.isBroadcast && !isMemory {
        result.insert(.impossible)
      }
      return result
    }
    result.formUnion(Signature(rawValue: UInt32(prefixes.size)))
    result.insert(prefixes.has66 ? .has66 : .no66)
    result.insert(prefixes.has67 ? .has67 : .no67)
    result.insert(
      prefixes.repeats == 0 ? .noRepeat : prefixes.repeats == 0xF2 ? .hasF2 : .hasF3)
    let isZero = opcode & 7 == 0
    result.insert(
      prefixes.rex & 1 == 0
        ? isZero ? .registerZero : .registerLow : isZero ? .registerEight : .registerHigh)
    return result
  }
}
