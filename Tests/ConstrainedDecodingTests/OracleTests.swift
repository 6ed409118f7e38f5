import ConstrainedDecoding
import MachineModel
import Testing
import X86Model

/// Masks, `accept` and budgets against all programs of a small constraint, listed by decoding.
@Suite struct OracleTests {
  static let mnemonics: Set = ["nop", "ret", "cdq", "inc"]

  static var constraint: DecodingConstraint {
    var result = DecodingConstraint(isa: "x86-64")
    result.allowedMnemonics = mnemonics
    result.maximumBytes = 2
    result.maximumInstructions = 2
    return result
  }

  /// Every program of at most two bytes: instructions of one byte or two, the last a return.
  static let programs: Set<[UInt8]> = {
    var ends: [[UInt8]: Bool] = [:]
    for first in UInt8(0)...255 {
      note([first], &ends)
      for second in UInt8(0)...255 { note([first, second], &ends) }
    }
    var result: Set<[UInt8]> = []
    for (last, isReturn) in ends where isReturn {
      result.insert(last)
      for one in ends.keys where one.count + last.count <= 2 { result.insert(one + last) }
    }
    return result
  }()

  private static func note(_ bytes: [UInt8], _ ends: inout [[UInt8]: Bool]) {
    guard let instruction = try? X86().decode(bytes[...], at: 0),
      instruction.length == bytes.count, mnemonics.contains(instruction.form.mnemonic)
    else { return }
    ends[bytes] = instruction.form.family.flow == .return
  }

  /// Texts that the rest of a program may be spelled with.
  static func canSpell(_ text: ArraySlice<UInt8>, _ tokens: [[UInt8]?]) -> Bool {
    if text.isEmpty { return true }
    return tokens.contains { token in
      guard let token, !token.isEmpty, text.starts(with: token) else { return false }
      return canSpell(text.dropFirst(token.count), tokens)
    }
  }

  static let byteVocabularies: [[[UInt8]?]] = [
    (0...255).map { [UInt8($0)] } + [nil],
    [[0xC3], [0x90, 0xC3], [0x90], [0x99], [], [0x90], nil, [0xC3, 0xC3], [0x66], [0xF3, 0xC3]],
    [[0x90, 0xC3], [0x90], [0x99, 0xC3], nil, [0x90, 0x90, 0xC3], [0x0F], [0x99]],
  ]

  @Test(arguments: byteVocabularies.indices) func bytesAreExact(index: Int) throws {
    let tokens = Self.byteVocabularies[index]
    let texts = Self.programs.map { Array($0) }
    try compare(
      try TokenVocabulary(tokens: tokens, endTokens: Set([tokens.count - 1]), width: 300), texts)
  }

  static let hexVocabularies: [[String?]] = [
    "0123456789abcdef".map { String($0) } + [nil],
    ["9", "90", "c3", "3", "c", "0c", "99c3", "0", "66", "", "6", "90c", "c", nil],
    ["90c", "3", "99", "C3", "9", "09", nil],
  ]

  @Test(arguments: hexVocabularies.indices) func digitsAreExact(index: Int) throws {
    let tokens = Self.hexVocabularies[index].map { $0.map { Array($0.utf8) } }
    let texts = Self.programs.map { program in
      program.flatMap { byte in
        let text = String(byte, radix: 16)
        return Array((text.count == 1 ? "0" + text : text).utf8)
      }
    }
    let rule = TokenVocabulary.HexRule(digits: .lower)
    try compare(
      try TokenVocabulary(tokens: tokens, endTokens: [tokens.count - 1], alphabet: .hex(rule)),
      texts)
  }

  /// Walks all positions; `texts` are the whole programs.
  private func compare(_ vocabulary: TokenVocabulary, _ texts: [[UInt8]]) throws {
    let spelled = texts.filter { Self.canSpell($0[...], vocabulary.tokens) }
    #expect(!spelled.isEmpty)
    let compiled = try decoder(Self.constraint, vocabulary)
    var open: [(InstructionMatcher, [UInt8])] = [(compiled.matcher(), [])]
    var seen: Set<[UInt8]> = []
    var count = 0
    while let (matcher, text) = open.popLast() {
      guard seen.insert(text).inserted else { continue }
      let rest = spelled.filter { $0.starts(with: text) }
      #expect(matcher.isCompleted == rest.contains(text), "\(text)")
      let mask = Set(matcher.allowedTokens())
      for token in -1...vocabulary.width {
        var next = matcher
        let isAccepted = next.accept(token: token)
        let isEnd = vocabulary.endTokens.contains(token)
        var expected = isEnd && matcher.isCompleted
        if !isEnd, vocabulary.tokens.indices.contains(token),
          let added = vocabulary.tokens[token], !added.isEmpty
        {
          expected = rest.contains {
            $0.starts(with: text + added)
              && Self.canSpell($0.dropFirst(text.count + added.count), vocabulary.tokens)
          }
          if isAccepted { open.append((next, text + added)) }
        }
        #expect(isAccepted == expected && mask.contains(token) == expected, "\(text) \(token)")
        #expect(
          (next.explain(token: -1) != nil) && (matcher.explain(token: token) == nil) == expected)
        count += 1
      }
    }
    #expect(count > 20)
  }

  @Test func vocabulariesThatCannotFinishAreRefused() throws {
    for tokens: [[UInt8]?] in [
      [[0x90], nil], [[], nil], [[0x90, 0xC3, 0x90], nil], [[0x0F], nil],
    ] {
      let vocabulary = try TokenVocabulary(tokens: tokens, endTokens: [1])
      #expect(throws: DecoderError.self) { _ = try decoder(Self.constraint, vocabulary) }
    }
  }

  @Test func whatIsNotSupportedIsRefused() throws {
    var constraint = Self.constraint
    constraint.onlyDefinedReads = true
    constraint.branches = .unchecked
    #expect(throws: DecoderError.self) { _ = try decoder(constraint) }
    constraint = Self.constraint
    constraint.allowedMnemonics = ["no-such"]
    #expect(throws: DecoderError.self) { _ = try decoder(constraint) }
  }

  @Test func rollbackAndForkAreExact() throws {
    let compiled = try decoder(Self.constraint)
    var matcher = compiled.matcher()
    var rows: [[Int]] = []
    for token in [0x90, 0xC3, 256] {
      rows.append(matcher.allowedTokens())
      let fork = matcher
      let isAccepted = matcher.accept(token: token)
      #expect(isAccepted)
      #expect(fork.allowedTokens() == rows.last)
    }
    #expect(matcher.isTerminated && matcher.program.bytes == [0x90, 0xC3])
    #expect(matcher.program.boundaries == [0, 1])
    let isAccepted = matcher.accept(token: 0x90)
    #expect(matcher.allowedTokens().isEmpty && !isAccepted)
    for row in rows.reversed() {
      let isDone = matcher.rollback(1)
      #expect(isDone)
      #expect(matcher.allowedTokens() == row)
    }
    let isDone = matcher.rollback(1)
    #expect(!isDone && matcher.program.bytes.isEmpty)
  }
}
