import ArgumentParser
import BinVerify
import ObjectFiles

/// The tokens of `binverify decode`: bytes, unless a tokenizer says what they are.
struct DecodeVocabulary: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "The code and what may follow are ids of this tokenizer.json's byte-level BPE, in decimal.",
      valueName: "file"))
  var tokenizer: String?

  @Option(
    help: ArgumentHelp("With --tokenizer: an added token that ends the code.", valueName: "token"))
  var end: [String] = []

  @Option(help: "With --tokenizer: what the tokens write, hex or bytes; hex if not given.")
  var text: Text?

  @Option(help: "With hexadecimal text: digits of any, lower or upper case; any if not given.")
  var digits: TokenVocabulary.HexRule.Digits?

  @Option(
    help: "With hexadecimal text: spaces between bytes: none, free or single; none if not given.")
  var spacing: TokenVocabulary.HexRule.Spacing?

  /// What the text of tokens is.
  enum Text: String, CaseIterable, ExpressibleByArgument {
    case hex, bytes
  }

  func validate() throws {
    if tokenizer == nil {
      let given = [
        ("--end", !end.isEmpty), ("--text", text != nil), ("--digits", digits != nil),
        ("--spacing", spacing != nil),
      ]
      if let option = given.first(where: \.1) {
        throw ValidationError("\(option.0) needs --tokenizer")
      }
    }
    if text == .bytes, digits != nil || spacing != nil {
      throw ValidationError("--text bytes has no digits and no spacing")
    }
  }

  /// Whether tokens are more than bytes.
  var isGiven: Bool { tokenizer != nil }

  func vocabulary(_ context: Job.Context) throws -> TokenVocabulary {
    guard let tokenizer else { return .rawBytes }
    let file = String(decoding: try context.read(tokenizer), as: UTF8.self)
    let rule = TokenVocabulary.HexRule(digits: digits ?? .any, spacing: spacing ?? .none)
    do throws(DecoderError) {
      return try TokenVocabulary(
        huggingFace: file, end: Set(end), alphabet: text == .bytes ? .bytes : .hex(rule))
    } catch {
      throw Failure("\(tokenizer): error: \(error.description)")
    }
  }

  /// The ids that a file writes, one after the other.
  func tokens(_ text: [UInt8], file: String) throws -> [Int] {
    guard isGiven else { return try HexText.parse(text, file: file).map { Int($0) } }
    let words = String(decoding: text, as: UTF8.self).split { $0.isWhitespace || $0 == "," }
    return try words.enumerated().map { place, word in
      guard let id = Int(word), id >= 0 else {
        throw Failure(
          "\(file): error: word \(place + 1): the id of a token was expected, found '\(word)'")
      }
      return id
    }
  }

  /// The token that an option names.
  func token(_ word: String) throws -> Int {
    if isGiven {
      guard let id = Int(word), id >= 0 else {
        throw Failure("binverify: error: --why \(word): the id of a token was expected")
      }
      return id
    }
    guard let byte = UInt8(word.hasPrefix("0x") ? word.dropFirst(2) : word[...], radix: 16) else {
      throw Failure("binverify: error: --why \(word): a byte of two digits was expected")
    }
    return Int(byte)
  }
}

extension TokenVocabulary.HexRule.Digits: CaseIterable, ExpressibleByArgument {
  public static let allCases: [Self] = [.any, .lower, .upper]
}

extension TokenVocabulary.HexRule.Spacing: CaseIterable, ExpressibleByArgument {
  public static let allCases: [Self] = [.none, .free, .single]
}
