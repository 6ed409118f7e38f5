import FoundationEssentials

extension TokenVocabulary {
  private struct Tokenizer: Decodable {
    struct Model: Decodable {
      let type: String?
      let vocab: [String: Int]
    }

    struct Added: Decodable {
      let id: Int
      let content: String
      let special: Bool?
    }

    let model: Model
    let added: [Added]?

    enum CodingKeys: String, CodingKey {
      case model
      case added = "added_tokens"
    }
  }

  /// The tokens of a byte-level BPE from the text of a Hugging Face `tokenizer.json`.
  ///
  /// - Parameter end: the contents of the added tokens that end the code.
  /// - Throws: `DecoderError` for text that is no such file, ids that are out of place, a token with
  ///   characters that byte-level BPE does not have, or an end that is not there.
  public init(
    huggingFace text: String, end: Set<String>, alphabet: Alphabet, width: Int? = nil
  ) throws(DecoderError) {
    let file: Tokenizer
    do {
      file = try JSONDecoder().decode(Tokenizer.self, from: Data(text.utf8))
    } catch {
      throw DecoderError("no tokenizer.json with a vocabulary was found: \(error)")
    }
    if let type = file.model.type, type != "BPE" {
      throw DecoderError("a byte-level BPE was expected, found a model of type \(type)")
    }
    let added = file.added ?? []
    let ids = Array(file.model.vocab.values) + added.map(\.id)
    guard ids.allSatisfy({ (0..<1 << 24).contains($0) }) else {
      throw DecoderError("the vocabulary has ids outside 0 to \(1 << 24 - 1)")
    }
    let twice = Dictionary(grouping: file.model.vocab, by: \.value).filter { $0.value.count > 1 }
    if let id = twice.keys.min() { throw DecoderError("the vocabulary has two tokens of id \(id)") }
    var tokens = [[UInt8]?](repeating: nil, count: (ids.max() ?? -1) + 1)
    for (name, id) in file.model.vocab { tokens[id] = try TokenVocabulary.bytes(of: name) }
    for token in added {
      tokens[token.id] = token.special ?? false ? nil : Array(token.content.utf8)
    }
    let ends = added.filter { end.contains($0.content) }
    if let missing = end.subtracting(ends.map(\.content)).sorted().first {
      throw DecoderError("there is no added token '\(missing)'")
    }
    try self.init(
      tokens: tokens, endTokens: Set(ends.map(\.id)), alphabet: alphabet, width: width)
  }

  /// The bytes of tokens that are written in the characters of byte-level BPE, in UTF-8.
  ///
  /// - Throws: `DecoderError` for a token with characters that byte-level BPE does not have.
  public static func bytes(
    ofByteLevel names: [[UInt8]?]
  ) throws(DecoderError) -> [[UInt8]?] {
    var result: [[UInt8]?] = []
    for name in names {
      if let name {
        result.append(try bytes(of: String(decoding: name, as: UTF8.self)))
      } else {
        result.append(nil)
      }
    }
    return result
  }

  /// The bytes that a token's characters stand for in byte-level BPE: printable Latin-1 as itself, the
  /// others from U+0100 on.
  private static func bytes(of name: String) throws(DecoderError) -> [UInt8] {
    var result: [UInt8] = []
    for scalar in name.unicodeScalars {
      guard let byte = byteOfCharacter[scalar.value] else {
        throw DecoderError("token '\(name)' is not one of byte-level BPE")
      }
      result.append(byte)
    }
    return result
  }

  private static let byteOfCharacter: [UInt32: UInt8] = {
    var result: [UInt32: UInt8] = [:]
    var next: UInt32 = 0x100
    for byte in UInt32(0)...255 {
      let isItself = 0x21...0x7E ~= byte || 0xA1...0xAC ~= byte || 0xAE...0xFF ~= byte
      result[isItself ? byte : next] = UInt8(byte)
      if !isItself { next += 1 }
    }
    return result
  }()
}
