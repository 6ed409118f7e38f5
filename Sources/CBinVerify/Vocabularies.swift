import BinVerify
import CBinVerifyABI

/// How tokens are read, from the structure of the interface.
private struct VocabularyOptions {
  var alphabet = TokenVocabulary.Alphabet.bytes
  var width: Int?
  var isByteLevel = false

  init(_ pointer: UnsafePointer<binverify_vocabulary_options>?) throws(Failure) {
    guard let pointer else { return }
    let options = try structure(pointer, "options")
    if options.width != 0 { width = Int(options.width) }
    isByteLevel = options.byte_level != 0
    let rule = TokenVocabulary.HexRule(
      digits: try choice(options.digits, [.any, .lower, .upper], "digits"),
      spacing: try choice(options.spacing, [.none, .free, .single], "spacing"))
    switch Int(options.alphabet) {
    case Int(BINVERIFY_ALPHABET_BYTES): alphabet = .bytes
    case Int(BINVERIFY_ALPHABET_HEX): alphabet = .hex(rule)
    default: throw .argument("alphabet: 0 or 1 was expected, found \(options.alphabet)")
    }
  }

  private func choice<Value>(
    _ number: Int32, _ values: [Value], _ name: String
  ) throws(Failure) -> Value {
    guard values.indices.contains(Int(number)) else {
      throw .argument("\(name): 0 to \(values.count - 1) was expected, found \(number)")
    }
    return values[Int(number)]
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_vocabulary_tokens) @implementation
public func binverify_vocabulary_tokens(
  _ text: UnsafePointer<UInt8>!, _ textSize: Int, _ lengths: UnsafePointer<Int32>!, _ count: Int,
  _ ends: UnsafePointer<UInt32>!, _ endCount: Int,
  _ options: UnsafePointer<binverify_vocabulary_options>!,
  _ vocabulary: UnsafeMutablePointer<binverify_vocabulary>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let place = try place(vocabulary, "vocabulary")
    let options = try VocabularyOptions(options)
    let tokens = try split(
      try array(text, textSize, "text", limit: 1 << 30), try array(lengths, count, "lengths"))
    let ends = Set(try array(ends, endCount, "ends").map { Int($0) })
    let made = try library.decoding { () throws(DecoderError) in
      try TokenVocabulary(
        tokens: options.isByteLevel ? try TokenVocabulary.bytes(ofByteLevel: tokens) : tokens,
        endTokens: ends, alphabet: options.alphabet, width: options.width)
    }
    place.pointee = library.handles.add(.vocabulary(made))
  }
}

/// The texts of tokens that lie one after the other; nil where the length is -1.
private func split(
  _ text: UnsafeBufferPointer<UInt8>, _ lengths: UnsafeBufferPointer<Int32>
) throws(Failure) -> [[UInt8]?] {
  var tokens: [[UInt8]?] = []
  tokens.reserveCapacity(lengths.count)
  var start = 0
  for (index, length) in lengths.enumerated() {
    guard length >= -1, start + Int(length) <= text.count else {
      throw .argument("lengths: token \(index) of \(length) bytes at \(start) of \(text.count)")
    }
    if length < 0 {
      tokens.append(nil)
      continue
    }
    tokens.append(Array(text[start..<start + Int(length)]))
    start += Int(length)
  }
  guard start == text.count else {
    throw .argument("text: \(start) bytes were expected by the lengths, found \(text.count)")
  }
  return tokens
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_vocabulary_tokenizer) @implementation
public func binverify_vocabulary_tokenizer(
  _ json: UnsafePointer<CChar>!, _ ends: UnsafePointer<UnsafePointer<CChar>?>!, _ endCount: Int,
  _ options: UnsafePointer<binverify_vocabulary_options>!,
  _ vocabulary: UnsafeMutablePointer<binverify_vocabulary>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let place = try place(vocabulary, "vocabulary")
    let json = try text(json, "json")
    let options = try VocabularyOptions(options)
    var names: Set<String> = []
    for end in try array(ends, endCount, "ends") { names.insert(try text(end, "an end")) }
    let contents = names
    let made = try library.decoding { () throws(DecoderError) in
      try TokenVocabulary(
        huggingFace: json, end: contents, alphabet: options.alphabet, width: options.width)
    }
    place.pointee = library.handles.add(.vocabulary(made))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_vocabulary_raw_bytes) @implementation
public func binverify_vocabulary_raw_bytes(
  _ vocabulary: UnsafeMutablePointer<binverify_vocabulary>!
) -> binverify_status {
  library.call { () throws(Failure) in
    try place(vocabulary, "vocabulary").pointee = library.handles.add(.vocabulary(.rawBytes))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_vocabulary_hex_digits) @implementation
public func binverify_vocabulary_hex_digits(
  _ vocabulary: UnsafeMutablePointer<binverify_vocabulary>!
) -> binverify_status {
  library.call { () throws(Failure) in
    try place(vocabulary, "vocabulary").pointee = library.handles.add(.vocabulary(.hexDigits))
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_vocabulary_size) @implementation
public func binverify_vocabulary_size(
  _ vocabulary: binverify_vocabulary, _ shape: UnsafeMutablePointer<binverify_vocabulary_shape>!
) -> binverify_status {
  library.call { () throws(Failure) in
    let found = try library.handles.vocabulary(vocabulary)
    let shape = try place(structure: shape, "shape")
    shape.pointee.tokens = UInt32(found.tokens.count)
    shape.pointee.width = UInt32(found.width)
    shape.pointee.mask_words = UInt32(found.maskWords)
  }
}

// swift-format-ignore: AlwaysUseLowerCamelCase
@c(binverify_vocabulary_free) @implementation
public func binverify_vocabulary_free(_ vocabulary: binverify_vocabulary) -> binverify_status {
  library.call { () throws(Failure) in
    try library.handles.remove(vocabulary, "vocabulary") {
      if case .vocabulary = $0 { true } else { false }
    }
  }
}
