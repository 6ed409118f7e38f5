import MachineModel

/// The instructions of a vocabulary whose tokens are whole instructions, those of them that are a token by
/// themselves: a synthesizer that chooses instructions has no others.
struct InstructionWords: Sendable {
  /// In the order of the tokens; the address of each is its place here.
  let instructions: [Instruction]
  private let codes: [[UInt8]]

  /// Nil unless every token that can stand at the beginning of an instruction ends with one.
  init?(
    _ vocabulary: TokenVocabulary, _ automaton: CodeAutomaton, _ architecture: any Architecture
  ) {
    var codes: Set<[UInt8]> = []
    var ordered: [[UInt8]] = []
    for token in vocabulary.tokens.indices {
      guard let text = vocabulary.text(token) else { continue }
      guard let code = vocabulary.alphabet.code(of: text) else { return nil }
      switch InstructionWords.count(code, automaton) {
      case .none: return nil
      case .some(0): continue
      case .some(1): if codes.insert(code).inserted { ordered.append(code) }
      case .some: continue
      }
    }
    var instructions: [Instruction] = []
    for (place, code) in ordered.enumerated() {
      guard let instruction = try? architecture.decode(code[...], at: UInt64(place)) else {
        return nil
      }
      instructions.append(instruction)
    }
    self.instructions = instructions
    self.codes = ordered
  }

  /// How many instructions bytes are: zero if none of the constraint begins so, nil if the last one is not whole.
  private static func count(_ code: [UInt8], _ automaton: CodeAutomaton) -> Int? {
    var state = CodeAutomaton.open
    var count = 0
    for byte in code {
      // What may be last is followed by another one as well here: budgets and flow are looked at elsewhere.
      if automaton.isBoundary(state) { state = CodeAutomaton.open }
      state = automaton.step(state, byte)
      if state < 0 { return 0 }
      if automaton.isBoundary(state) { count += 1 }
    }
    return automaton.isBoundary(state) ? count : nil
  }

  /// The bytes of one of the instructions.
  func bytes(of instruction: Instruction) -> [UInt8] { codes[Int(instruction.address)] }
}

extension TokenVocabulary.Alphabet {
  /// The bytes that the text of a token writes; nil where it begins or ends inside a byte, or where what may
  /// stand between bytes depends on the place.
  fileprivate func code(of text: [UInt8]) -> [UInt8]? {
    guard case .hex(let rule) = self else { return text }
    if rule.spacing == .single { return nil }
    var digits: [UInt8] = []
    for unit in text {
      if rule.spacing == .free, digits.count % 2 == 0, unit == 32 || (9...13).contains(unit) {
        continue
      }
      guard let digit = Spelling.digit(unit, rule.digits) else { return nil }
      digits.append(digit)
    }
    guard digits.count % 2 == 0 else { return nil }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }
}
