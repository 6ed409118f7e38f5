import MachineModel

extension InstructionMatcher {
  /// Why a token is refused here; nil if it is accepted.
  public func explain(token: Int) -> String? {
    var copy = self
    if copy.accept(token: token) { return nil }
    if isTerminated { return "the code was ended" }
    let vocabulary = decoder.vocabulary
    if vocabulary.endTokens.contains(token) { return "the code is not complete" }
    guard vocabulary.tokens.indices.contains(token) else { return "there is no token \(token)" }
    guard let text = vocabulary.tokens[token] else { return "a special token stands for no code" }
    return explain(text: text)
  }

  /// Why text, or bytes for a vocabulary of bytes, cannot follow here.
  func explain(text: [UInt8]) -> String {
    if text.isEmpty { return "an empty token adds nothing" }
    var place = position
    var index = 0
    while index < text.count, let next = decoder.step(place, unit: text[index]) {
      place = next
      index += 1
    }
    if index == text.count {
      return decoder.canEnd(place)
        ? "the code cannot be completed with this vocabulary in the tokens that are left"
        : "the code could not be completed in the instructions and bytes that are left"
    }
    return refusal(text, index, place)
  }

  private func refusal(_ text: [UInt8], _ index: Int, _ place: MatcherPosition) -> String {
    let unit = text[index]
    guard case .hex = decoder.vocabulary.alphabet else {
      return "byte \(index) of the token (0x\(hex(unit))): \(reason(text[..<index] + [unit]))"
    }
    let character = "character \(index) of the token"
    let isDigit = 48...57 ~= unit || 97...102 ~= unit | 32
    if !isDigit || decoder.awaitsSpace(at: place) {
      return "\(character): a \(isDigit ? "space" : "hexadecimal digit") was expected"
    }
    let digit = Walker.nibble(unit)
    guard let half = decoder.openHalf(at: place) else {
      return "\(character): no byte from 0x\(hex(digit << 4)) to 0x\(hex(digit << 4 | 15)) can "
        + "follow"
    }
    var copy = self
    copy.note(text[..<index])
    let byte = half << 4 | digit
    return "\(character) (byte 0x\(hex(byte))): \(copy.reason(copy.openBytes + [byte]))"
  }

  /// What the decoder says of the instruction that these bytes begin.
  private func reason(_ text: ArraySlice<UInt8>) -> String {
    var copy = self
    copy.note(text.dropLast())
    return copy.reason(copy.openBytes + text.suffix(1))
  }

  private func reason(_ bytes: [UInt8]) -> String {
    let listed = bytes.map(hex).joined(separator: " ")
    if let refusal = semanticReason(bytes) {
      return "no instruction that begins with \(listed) may stand here: \(refusal)"
    }
    let padded = bytes + [UInt8](repeating: 0, count: Swift.max(0, 15 - bytes.count))
    do throws(DecodingError) {
      let instruction = try decoder.architecture.decode(padded[...], at: 0)
      let text = decoder.architecture.text(of: instruction)
      return "no instruction of the constraint begins with \(listed) (\(text) is outside it)"
    } catch {
      return "no instruction of the constraint begins with \(listed): \(error.reason)"
    }
  }

  /// What the machine's state says against an instruction that the automaton allows.
  private func semanticReason(_ bytes: [UInt8]) -> String? {
    guard case .semantic(let core) = decoder.engine, case .semantic(let position) = position,
      let state = position.semantics
    else { return nil }
    return core.with { core in
      let search = core.walker.search
      if state.isEnded { return Refusal.ended.text(search.machine.rules) }
      var place = CodeAutomaton.open
      var begun: UInt128 = 1
      for byte in bytes {
        place = search.automaton.step(place, byte)
        if place < 0 { return nil }
        begun = begun << 8 | UInt128(byte)
      }
      return search.refusal(after: begun, place, state)?.text(search.machine.rules)
        ?? "the code could not be completed in the instructions and bytes that are left"
    }
  }

  private func hex(_ byte: UInt8) -> String {
    (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
