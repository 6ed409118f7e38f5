import Synchronization

/// A vocabulary as masks are made from it.
final class WordTables: Sendable {
  let vocabulary: TokenVocabulary
  let texts: TokenTexts
  let trie: SymbolTrie
  /// Whether there is a token for every single unit of text.
  let spellsEverything: Bool

  init(_ vocabulary: TokenVocabulary) {
    let spelling = Spelling(alphabet: vocabulary.alphabet)
    self.vocabulary = vocabulary
    texts = TokenTexts(vocabulary) { spelling.symbols($0) }
    trie = SymbolTrie(texts)
    spellsEverything = vocabulary.spellsEverything
  }

  /// The bytes that the tables take.
  var memory: Int { trie.memory + texts.memory }
}

/// What a constraint and a vocabulary are compiled to, budgets aside.
final class LexicalTables: Sendable {
  let words: WordTables
  let text: TextAutomaton
  private let made = Mutex<MaskTable?>(nil)

  init(_ code: CodeAutomaton, _ words: WordTables) {
    self.words = words
    text = TextAutomaton(code, Spelling(alphabet: words.vocabulary.alphabet))
  }

  /// The masks where no budget matters, which are made when first asked for.
  var masks: MaskTable {
    made.withLock { made in
      if let made { return made }
      let masks = MaskTable(text, words.trie, words.texts, words: words.vocabulary.maskWords)
      made = masks
      return masks
    }
  }

  /// The bytes that the tables take.
  var memory: Int {
    text.code.memory + words.memory + made.withLock { $0?.memory ?? 0 }
  }
}
