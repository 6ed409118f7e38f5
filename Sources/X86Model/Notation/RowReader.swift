/// Reads rows: what forms they stand for, and what these look like.
struct RowReader {
  private var lexicon = Lexicon()
  private let sizes = SizedWords()

  /// The single forms that a row stands for, narrowest first.
  mutating func forms(of row: Row) throws(NotationError) -> [(row: Row, pattern: Pattern)] {
    let words = (syntax: Word.words(of: row.syntax), encoding: Word.words(of: row.encoding))
    if !words.syntax.contains(where: sizes.isSized) {
      return [(row, try Pattern(syntax: words.syntax, encoding: words.encoding, &lexicon))]
    }
    var forms: [(row: Row, pattern: Pattern)] = []
    forms.reserveCapacity(3)
    for size in 0..<3 {
      let syntax = words.syntax.map { sizes.word($0, size) }
      let encoding = sizes.prefix(size) + words.encoding.map { sizes.word($0, size) }
      let row = Row(Word.text(of: syntax), Word.text(of: encoding), row.feature)
      forms.append((row, try Pattern(syntax: syntax, encoding: encoding, &lexicon)))
    }
    return forms
  }
}

/// The letters of the opcode maps, and what they stand for at 16, 32 and 64 bits.
private struct SizedWords {
  private typealias Letters = (word: Word, sizes: [Word])

  /// Of these words each makes a row one of three forms.
  private let operands: [Letters] = [
    ("rv", ["r16", "r32", "r64"]), ("r/mv", ["r/m16", "r/m32", "r/m64"]),
    ("rAX", ["AX", "EAX", "RAX"]),
  ]
  private let others: [Letters] = [
    ("immz", ["imm16", "imm32", "imm32"]), ("iz", ["iw", "id", "id"]),
  ]
  /// `50+rv`: what `+rv` becomes.
  private let suffix: Letters = ("+rv", ["+rw", "+rd", "+ro"])
  private let wide: [Word] = ["REX.W", "+"]

  /// Whether a word of a syntax says that the row stands for three forms.
  func isSized(_ word: Word) -> Bool {
    let name = word.bare
    return operands.contains { $0.word == name }
  }

  /// What comes before an encoding.
  func prefix(_ size: Int) -> [Word] { size == 2 ? wide : [] }

  /// A word at a size: 0, 1 and 2 for 16, 32 and 64 bits.
  func word(_ word: Word, _ size: Int) -> Word {
    let name = word.bare
    for letters in operands where letters.word == name {
      return word.hasComma ? letters.sizes[size].appending(",") : letters.sizes[size]
    }
    for letters in others where letters.word == name { return letters.sizes[size] }
    guard word.hasSuffix(suffix.word) else { return word }
    return word.prefix(word.count - suffix.word.count).appending(suffix.sizes[size])
  }
}
