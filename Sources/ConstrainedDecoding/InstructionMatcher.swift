import MachineModel

/// A synthesizer's place in the code that it writes: what may follow, and what was written.
///
/// A value: a copy is a fork, and neither affects the other.
public struct InstructionMatcher: Sendable {
  /// Code with the places where its instructions begin.
  public struct Program: Hashable, Sendable {
    /// The bytes that are complete; those of an instruction that was only begun are included.
    public let bytes: [UInt8]
    /// The offset of every instruction begun.
    public let boundaries: [Int]
  }

  public let decoder: CompiledDecoder
  var position: MatcherPosition
  /// The position before each token, to roll back to.
  private var history = MatcherHistory()
  /// The tokens that were accepted, the end included: with the decoder's constraint and vocabulary they
  /// are all that a matcher is, so that it can be written down and made again by
  /// `CompiledDecoder.matcher(after:)`.
  public private(set) var tokens: [Int32] = []
  private var code = WrittenCode()
  /// Whether an end token was accepted.
  public private(set) var isTerminated = false

  init(_ decoder: CompiledDecoder) {
    self.decoder = decoder
    position = decoder.start
  }

  /// Whether the code may end here.
  public var isCompleted: Bool { decoder.isComplete(position) }

  /// How many tokens were accepted, the end included.
  public var tokenCount: Int { tokens.count }

  public var program: Program {
    Program(bytes: code.bytes, boundaries: [0] + code.ends.filter { $0 < code.bytes.count })
  }

  // MARK: Masks

  /// Writes a whole row: bit `t & 31` of word `t >> 5` is one where token `t` is accepted next. All
  /// bits are zero once the code was ended.
  ///
  /// - Parameter row: at least `vocabulary.maskWords` words; those above are set to zero.
  public func fillNextTokenBitmask(into row: UnsafeMutableBufferPointer<Int32>) {
    let words = decoder.vocabulary.maskWords
    precondition(row.count >= words, "a row of \(row.count) words for \(words)")
    if isTerminated || row.count > words { row.update(repeating: 0) }
    if isTerminated { return }
    decoder.fill(UnsafeMutableBufferPointer(rebasing: row[..<words]), at: position)
  }

  /// The same for an array of at least `vocabulary.maskWords` words.
  public func fillNextTokenBitmask(into row: inout [Int32]) {
    row.withUnsafeMutableBufferPointer { fillNextTokenBitmask(into: $0) }
  }

  /// The ids of the tokens that are accepted next, ascending.
  public func allowedTokens() -> [Int] {
    var row = [Int32](repeating: 0, count: decoder.vocabulary.maskWords)
    fillNextTokenBitmask(into: &row)
    var result: [Int] = []
    for (index, word) in row.enumerated() where word != 0 {
      for bit in 0..<32 where word & 1 << Int32(bit) != 0 { result.append(index << 5 | bit) }
    }
    return result
  }

  // MARK: Tokens

  /// Takes a token; false, with nothing changed, if it is refused.
  public mutating func accept(token: Int) -> Bool {
    if isTerminated { return false }
    if decoder.vocabulary.endTokens.contains(token) {
      guard isCompleted else { return false }
      history.append(position)
      tokens.append(Int32(token))
      isTerminated = true
      return true
    }
    guard let next = step(token) else { return false }
    history.append(position)
    tokens.append(Int32(token))
    position = next
    return true
  }

  /// Where a token leads, with its code written; nil, with nothing changed, if it is refused.
  private mutating func step(_ token: Int) -> MatcherPosition? {
    switch (decoder.engine, position) {
    case (.lexical(let engine), .lexical(let place)):
      return engine.step(place, token: token, writing: &code).map { .lexical($0) }
    case (.semantic(let core), .semantic(let place)):
      guard let next = core.with({ $0.step(place, token: token) }) else { return nil }
      append(decoder.vocabulary.tokens[token] ?? [])
      return .semantic(next)
    default: return nil
    }
  }

  /// Notes the bytes of a text and where instructions end in them.
  private mutating func append(_ text: some Sequence<UInt8>) {
    var place = position
    for unit in text {
      guard let next = decoder.step(place, unit: unit) else { break }
      if next.bytes > place.bytes {
        let half = decoder.openHalf(at: place)
        code.append(
          half.map { $0 << 4 | Walker.nibble(unit) } ?? unit,
          isEnd: next.instructions > place.instructions)
      }
      place = next
    }
  }

  /// Goes on by text of which every byte can follow, outside the history.
  mutating func note(_ text: some Sequence<UInt8>) {
    append(text)
    for unit in text { position = decoder.step(position, unit: unit) ?? position }
  }

  /// The bytes of the instruction that was only begun.
  var openBytes: [UInt8] { Array(code.openBytes) }

  /// How many of the tokens, from the first on, are accepted one after the other; the matcher stays
  /// as it is.
  public func validate(tokens: some Sequence<Int>) -> Int {
    var copy = self
    var count = 0
    for token in tokens {
      guard copy.accept(token: token) else { break }
      count += 1
    }
    return count
  }

  /// Takes back the last `count` tokens; false, with nothing changed, if there are fewer.
  public mutating func rollback(_ count: Int) -> Bool {
    guard count >= 0, count <= tokens.count else { return false }
    guard count > 0 else { return true }
    position = history.rollback(to: tokens.count - count, &code)
    tokens.removeLast(count)
    isTerminated = false
    return true
  }

  /// Goes back to the start.
  public mutating func reset() { self = InstructionMatcher(decoder) }

  /// The tokens that must follow: at each step there is only one; at most `limit` of them.
  public func forcedTokens(limit: Int = 64) -> [Int] {
    var copy = self
    var result: [Int] = []
    while result.count < limit {
      let allowed = copy.allowedTokens()
      guard allowed.count == 1, copy.accept(token: allowed[0]) else { break }
      result.append(allowed[0])
    }
    return result
  }

  /// The fewest tokens, the end not counted, after which the code may end. Where the constraint follows
  /// the machine's state: a number of tokens that suffices.
  public var minimumTokensToComplete: Int {
    isTerminated ? 0 : decoder.minimumTokens(from: position) ?? 0
  }
}

extension Walker {
  /// The value of a hexadecimal digit.
  static func nibble(_ unit: UInt8) -> UInt8 {
    unit < 58 ? unit - 48 : (unit | 32) - 87
  }
}
