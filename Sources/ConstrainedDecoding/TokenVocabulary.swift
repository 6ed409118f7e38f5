/// The tokens of a synthesizer: for each id the text or bytes it stands for.
public struct TokenVocabulary: Hashable, Sendable {
  /// What the bytes of tokens are.
  public enum Alphabet: Hashable, Sendable {
    /// The bytes of the code itself.
    case bytes
    /// Hexadecimal digits, two for each byte of the code.
    case hex(HexRule)
  }

  /// How hexadecimal text is written.
  public struct HexRule: Hashable, Sendable {
    public enum Digits: String, Hashable, Sendable { case any, lower, upper }

    public enum Spacing: String, Hashable, Sendable {
      /// Digits only.
      case none
      /// Spaces, tabs and line ends anywhere between bytes.
      case free
      /// Exactly one space between two bytes.
      case single
    }

    public var digits: Digits
    public var spacing: Spacing

    public init(digits: Digits = .any, spacing: Spacing = .none) {
      self.digits = digits
      self.spacing = spacing
    }
  }

  /// By id; nil for a special token, which stands for no text.
  public let tokens: [[UInt8]?]
  /// The tokens that end the code; at most allowed where it is complete.
  public let endTokens: Set<Int>
  public let alphabet: Alphabet
  /// The number of logits, at least that of tokens; those above it stand for no token.
  public let width: Int

  /// - Throws: `DecoderError` for an end token that is not in the vocabulary, or too small a width.
  public init(
    tokens: [[UInt8]?], endTokens: Set<Int> = [], alphabet: Alphabet = .bytes, width: Int? = nil
  ) throws(DecoderError) {
    let width = width ?? tokens.count
    guard width >= tokens.count, width <= 1 << 24 else {
      throw DecoderError("a width of \(width) for \(tokens.count) tokens")
    }
    if let bad = endTokens.first(where: { !tokens.indices.contains($0) }) {
      throw DecoderError("end token \(bad) of \(tokens.count) tokens")
    }
    self.tokens = tokens
    self.endTokens = endTokens
    self.alphabet = alphabet
    self.width = width
  }

  /// The 256 bytes as tokens 0 to 255, and 256 as the end.
  public static let rawBytes: TokenVocabulary = {
    let tokens: [[UInt8]?] = (0...255).map { [UInt8($0)] } + [nil]
    return TokenVocabulary(unchecked: tokens, end: 256, .bytes)
  }()

  /// The sixteen digits as tokens 0 to 15, and 16 as the end.
  public static let hexDigits: TokenVocabulary = {
    let tokens: [[UInt8]?] = "0123456789abcdef".utf8.map { [$0] } + [nil]
    return TokenVocabulary(unchecked: tokens, end: 16, .hex(HexRule()))
  }()

  /// Whole instructions as tokens, in order, and after them the end: for synthesizers that choose instructions.
  public static func instructions(_ codes: [[UInt8]]) -> TokenVocabulary {
    TokenVocabulary(unchecked: codes + [nil], end: codes.count, .bytes)
  }

  private init(unchecked tokens: [[UInt8]?], end: Int, _ alphabet: Alphabet) {
    self.tokens = tokens
    endTokens = [end]
    self.alphabet = alphabet
    width = tokens.count
  }

  /// The words of a row of a bitmask.
  public var maskWords: Int { (width + 31) / 32 }

  /// The text of a token that can be emitted; nil for ids that are special, empty or an end.
  func text(_ token: Int) -> [UInt8]? {
    guard tokens.indices.contains(token), !endTokens.contains(token), let text = tokens[token],
      !text.isEmpty
    else { return nil }
    return text
  }
}
