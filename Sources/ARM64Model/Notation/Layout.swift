import MachineModel

/// A row as the machine uses it: its syntax and its diagram, compiled.
struct Layout: Sendable {
  /// What the manual calls UNPREDICTABLE about registers, whatever their other values.
  enum Restriction: Sendable {
    /// The base of a write-back is also transferred.
    case writeBack(base: BitField, transfer: BitField)
    /// Both registers of a load are the same.
    case samePair(BitField, BitField)
  }

  let mnemonic: String
  let diagram: BitDiagram
  let operands: [OperandKind]
  /// A word that stands where operands do: `csync`, the `c` of `bti c`.
  let word: String?
  let restrictions: [Restriction]

  init(syntax: String, encoding: String) {
    let mnemonic = String(syntax.prefix { $0 != " " })
    diagram = BitDiagram(encoding)
    self.mnemonic = mnemonic
    var texts = SyntaxContext.split(syntax.dropFirst(mnemonic.utf8.count + 1))
    word = texts.first.flatMap { $0.contains { "<[#".contains($0) } ? nil : $0 }
    if word != nil { texts = [] }
    if mnemonic == "b.<cond>" { texts.insert("<cond>", at: 0) }
    let context = SyntaxContext(mnemonic: mnemonic, operands: texts, diagram: diagram)
    operands = texts.map { OperandKind($0, in: context) }
    restrictions = Layout.restrictions(operands, mnemonic: mnemonic)
  }

  private static func restrictions(
    _ operands: [OperandKind], mnemonic: String
  ) -> [Restriction] {
    var result: [Restriction] = []
    var transfers: [BitField] = []
    for operand in operands {
      if case .register(let field, _, _) = operand { transfers.append(field) }
      guard case .memory(let memory) = operand else { continue }
      if memory.mode != .offset {
        result += transfers.map { .writeBack(base: memory.base, transfer: $0) }
      }
      if mnemonic.hasPrefix("ld"), transfers.count == 2 {
        result.append(.samePair(transfers[0], transfers[1]))
      }
    }
    return result
  }

  /// What makes a word that has this row's fixed bits UNPREDICTABLE; nil if nothing does.
  func unpredictable(_ word: UInt32) -> String? {
    for restriction in restrictions {
      switch restriction {
      case .writeBack(let base, let transfer):
        let number = base.value(in: word)
        if number != 31, transfer.value(in: word) == number {
          return "UNPREDICTABLE: write-back to a register that is transferred"
        }
      case .samePair(let first, let second):
        if first.value(in: word) == second.value(in: word) {
          return "UNPREDICTABLE: a pair loaded to one register"
        }
      }
    }
    return nil
  }

  /// The operands of a word with this row's fixed bits at `address`; nil if a field is reserved.
  func decode(_ word: UInt32, at address: UInt64) -> [Operand]? {
    var result: [Operand] = []
    result.reserveCapacity(operands.count)
    for kind in operands {
      guard let operand = kind.decode(word, at: address) else { return nil }
      result.append(operand)
    }
    return result
  }

  /// The bit that says that an access of bytes shifts its index, by zero: an encoding of its own
  /// with the same meaning, kept as the instruction's annotation.
  var explicitZeroShift: BitField? {
    for case .memory(let memory) in operands {
      if case .register(_, _, let isScaled, 0) = memory.offset { return isScaled }
    }
    return nil
  }
}
