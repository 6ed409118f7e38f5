import MachineModel

/// A row's assembly text, read and written.
extension Layout {
  /// The text of operands that `word` holds.
  func text(_ operands: [Operand], in word: UInt32) -> String {
    var pieces = zip(self.operands, operands).map { $0.text(of: $1, in: word) }
    var head = mnemonic
    if mnemonic.hasSuffix("<cond>") { head = mnemonic.dropLast(6) + pieces.removeFirst() }
    if let word = self.word { pieces = [word] }
    pieces.removeAll { $0.isEmpty }
    return pieces.isEmpty ? head : head + " " + pieces.joined(separator: ", ")
  }

  /// The word of a line of assembly with this row's mnemonic.
  func parse(_ start: AssemblyScanner) throws(AssemblyError) -> UInt32 {
    var scanner = start
    var word = diagram.value
    if let expected = self.word {
      let item = try scanner.next(expected)
      guard item.text.lowercased() == expected else {
        throw AssemblyError(column: item.column, reason: "\"\(item.text)\" is not \(expected)")
      }
    }
    var found: [Operand] = []
    for kind in operands {
      let operand = kind.scaled(try kind.parse(&scanner), word)
      found.append(operand)
      do throws(AssemblyError) {
        try kind.encode(operand, into: &word, at: scanner.address)
      } catch {
        throw AssemblyError(column: scanner.column, reason: error.reason)
      }
    }
    if let extra = scanner.items.first {
      throw AssemblyError(column: extra.column, reason: "\"\(extra.text)\" is too much")
    }
    if scanner.hasExplicitZeroShift { word = annotated(word, 1) }
    do throws(AssemblyError) {
      try checkLanes(found, word)
      return try checked(diagram.aligningTwins(word))
    } catch {
      throw AssemblyError(column: scanner.column, reason: error.reason)
    }
  }

  /// `word` if it is an encoding of this row that the manual defines.
  func checked(_ word: UInt32) throws(AssemblyError) -> UInt32 {
    guard diagram.matches(word) else {
      throw AssemblyError(reason: "a reserved combination of operands")
    }
    if let reason = unpredictable(word) { throw AssemblyError(reason: reason) }
    return word
  }
}
