import MachineModel

/// A row as the machine uses it: its syntax and its diagram, compiled.
final class Layout: Sendable {
  /// What the manual calls UNPREDICTABLE about registers, whatever their other values.
  enum Restriction: Sendable {
    /// The base of a write-back is also transferred.
    case writeBack(base: BitField, transfer: BitField)
    /// Both registers of a load are the same.
    case samePair(BitField, BitField)
    /// The status of a store-exclusive goes to a register that it stores, or to its base.
    case status(BitField, transfer: BitField)
    case statusBase(BitField, base: BitField)

    /// The two fields that may not hold the same number.
    var registers: (BitField, BitField) {
      switch self {
      case .writeBack(let base, let transfer): (base, transfer)
      case .samePair(let first, let second): (first, second)
      case .status(let status, let transfer): (status, transfer)
      case .statusBase(let status, let base): (status, base)
      }
    }

    /// Whether number 31 is the stack pointer in one field and the zero register in the other.
    var exempts31: Bool {
      switch self {
      case .writeBack, .statusBase: true
      case .samePair, .status: false
      }
    }

    var reason: String {
      switch self {
      case .writeBack: "write-back to a register that is transferred"
      case .samePair: "a pair loaded to one register"
      case .status: "the status goes to a register that is stored"
      case .statusBase: "the status goes to the register of the address"
      }
    }
  }

  let mnemonic: String
  let diagram: BitDiagram
  let operands: [OperandKind]
  /// A word that stands where operands do: `csync`, the `c` of `bti c`.
  let word: String?
  let restrictions: [Restriction]
  let redundancy: Redundancy?

  init(syntax: String, encoding: String) {
    let mnemonic = String(syntax.prefix { $0 != " " })
    diagram = BitDiagram(encoding)
    self.mnemonic = mnemonic
    var texts = SyntaxContext.split(syntax.dropFirst(mnemonic.utf8.count + 1))
    word = texts.first.flatMap { $0.contains { "<[#".contains($0) } ? nil : $0 }
    if word != nil { texts = [] }
    if mnemonic == "b.<cond>" { texts.insert("<cond>", at: 0) }
    let context = SyntaxContext(mnemonic: mnemonic, operands: texts, diagram: diagram)
    operands = texts.flatMap { text in
      text.utf8.first == 123 && text.utf8.dropFirst().first == 32
        ? VectorNotation.list(text, in: context).map { OperandKind.vector($0) }
        : [OperandKind(text, in: context)]
    }
    restrictions = Layout.restrictions(operands, mnemonic: mnemonic)
    redundancy =
      Layout.redundancy(operands) ?? diagram.fields["ignored"].map { .ignored($0) }
  }

  /// The loads of two registers that have to be different ones.
  private static let pairLoads: Set = ["ldp", "ldpsw", "ldnp", "ldxp", "ldaxp"]

  private static func restrictions(
    _ operands: [OperandKind], mnemonic: String
  ) -> [Restriction] {
    var result: [Restriction] = []
    var transfers: [BitField] = []
    var isVector = false
    for operand in operands {
      if case .register(let field, _, _) = operand { transfers.append(field) }
      if case .vector(let notation) = operand, notation.isScalar {
        isVector = true
        transfers.append(notation.number)
      }
      guard case .memory(let memory) = operand else { continue }
      if memory.mode != .offset, !isVector {
        result += transfers.map { .writeBack(base: memory.base, transfer: $0) }
      }
      if Layout.pairLoads.contains(mnemonic) {
        result.append(.samePair(transfers[0], transfers[1]))
      }
      if mnemonic.hasPrefix("stx") || mnemonic.hasPrefix("stlx") {
        result += transfers.dropFirst().map { .status(transfers[0], transfer: $0) }
        result.append(.statusBase(transfers[0], base: memory.base))
      }
    }
    return result
  }

  /// What makes a word that has this row's fixed bits UNPREDICTABLE; nil if nothing does.
  func unpredictable(_ word: UInt32) -> String? {
    for restriction in restrictions {
      let (first, second) = restriction.registers
      let number = first.value(in: word)
      if number == second.value(in: word), number != 31 || !restriction.exempts31 {
        return "UNPREDICTABLE: " + restriction.reason
      }
    }
    return nil
  }

  /// The operands of a word with this row's fixed bits at `address`; nil if a field is reserved.
  func decode(_ word: UInt32, at address: UInt64) -> Operands? {
    var result = Operands()
    for kind in operands {
      guard let operand = kind.decode(word, at: address) else { return nil }
      result.append(operand)
    }
    return result
  }

  /// Throws where a vector register of `operands` is not the one that `word` holds: the registers of
  /// an instruction share the fields that say the lanes.
  func checkLanes(_ operands: some Sequence<Operand>, _ word: UInt32) throws(AssemblyError) {
    for (kind, operand) in zip(self.operands, operands) {
      guard case .vector(let notation) = kind, case .register(let register) = operand else {
        continue
      }
      guard notation.decode(word) == register else {
        throw AssemblyError(reason: "the lanes of \(register.name) do not fit the others'")
      }
    }
  }

  /// Bits of a word that change nothing: which of several encodings of the same instruction it is.
  /// They are kept as the instruction's annotation; zero is what the assembler chooses.
  enum Redundancy: Sendable {
    /// An access of bytes shifts its index by zero bits, and says so.
    case zeroShift(BitField)
    /// A bitmask immediate rotates by multiples of its element's size.
    case rotation(BitfieldFields)
    /// The manual says that the field is ignored.
    case ignored(BitField)
  }

  private static func redundancy(_ operands: [OperandKind]) -> Redundancy? {
    for operand in operands {
      switch operand {
      case .memory(let memory):
        if case .register(_, _, let isScaled, 0) = memory.offset { return .zeroShift(isScaled) }
      case .bitmask(let fields, _, _): return .rotation(fields)
      default: break
      }
    }
    return nil
  }

  /// Whether assembly tells this encoding from the others of the same instruction.
  func isTold(_ annotation: Int) -> Bool {
    if case .zeroShift = redundancy { return true }
    return annotation == 0
  }

  /// `word` with its redundant bits set to `annotation`.
  func annotated(_ word: UInt32, _ annotation: Int) -> UInt32 {
    guard annotation != 0, let bits = UInt32(exactly: annotation) else { return word }
    switch redundancy {
    case nil: return word
    case .zeroShift(let field), .ignored(let field): return field.inserting(bits, into: word)
    case .rotation(let fields):
      let free = bits & ~BitmaskImmediate.levels(fields, word)
      return fields.immr.inserting(fields.immr.value(in: word) | free, into: word)
    }
  }
}
