/// What a word of a row's encoding says (Intel SDM, volume 2, 3.1.1.1 and 3.1.1.2).
enum CodeWord: Sendable {
  /// What the operands say as well: `ib`, `cd`, `RVM`.
  case redundant
  /// `NP` and `NFx`.
  case noPrefix, noRepeat
  /// `REX.W`
  case wide
  /// `/r` and `/0` … `/7`
  case modRM(Pattern.ModRM)
  /// `11:rrr:bbb`
  case registersOnly
  /// `MR` and `MVR`
  case registerLast
  /// `VEX.128.66.0F.WIG`
  case vector(VectorPrefix)
  /// `0F`: a prefix, an escape, the opcode, or a byte after it.
  case byte(UInt8)
  /// `50+rd`
  case opcodeWithRegister(UInt8)

  /// - Throws: `NotationError` for a word that is not in the notation.
  init(_ word: Word) throws(NotationError) {
    if word.count == 2, let byte = word.byte(at: 0) {
      self = .byte(byte)
      return
    }
    let text = word.text
    switch text {
    case "+", "ib", "iw", "id", "io", "cb", "cd", "/is4", "RM", "RVM": self = .redundant
    case "NP": self = .noPrefix
    case "NFx": self = .noRepeat
    case "REX.W": self = .wide
    case "/r": self = .modRM(.register)
    case "11:rrr:bbb": self = .registersOnly
    case "MR", "MVR": self = .registerLast
    default:
      if text.hasPrefix("VEX.") || text.hasPrefix("EVEX.") {
        self = .vector(try VectorPrefix(text))
      } else if text.first == "/", let digit = Int(text.dropFirst()), digit < 8 {
        self = .modRM(.digit(digit))
      } else {
        self = try CodeWord.opcode(word)
      }
    }
  }

  private static func opcode(_ word: Word) throws(NotationError) -> CodeWord {
    if let byte = word.byte(at: 0),
      ["+rb", "+rw", "+rd", "+ro"].contains(where: { word == word.prefix(2).appending($0) })
    {
      return .opcodeWithRegister(byte)
    }
    throw NotationError(reason: "'\(word.text)' in an encoding")
  }
}

/// What a VEX or EVEX prefix says: `VEX.LZ.F2.0F38.W1`.
struct VectorPrefix: Sendable {
  var map = Pattern.Map.oneByte
  var prefix = 0
  var length: Int? = 0
  var wide = Pattern.Wide.zero

  init(_ text: String) throws(NotationError) {
    let isVEX = text.hasPrefix("VEX.")
    for part in text.utf8.split(separator: UInt8(ascii: ".")).dropFirst() {
      switch String(Substring(part)) {
      case "LZ", "L0", "128": length = 0
      case "L1", "256": length = 1
      case "512": length = 2
      case "LIG": length = nil
      case "W0": wide = .zero
      case "W1": wide = .one
      case "WIG": wide = .ignored
      case "NP": prefix = 0
      case "66": prefix = 1
      case "F3": prefix = 2
      case "F2": prefix = 3
      case "0F": map = isVEX ? .vex0F : .evex0F
      case "0F38": map = isVEX ? .vex0F38 : .evex0F38
      case "0F3A": map = isVEX ? .vex0F3A : .evex0F3A
      default: throw NotationError(reason: "'\(part)' in \(text)")
      }
    }
  }
}

/// The meanings of the words that rows have in common: each is read once.
struct Lexicon {
  /// Words that are not the mnemonic proper.
  let prefixes = Mnemonic.prefixes
  private var operands = WordTable<OperandPattern>()
  private var codes = WordTable<CodeWord>()

  /// The operand that a word of a syntax names.
  mutating func operand(_ word: Word) throws(NotationError) -> OperandPattern {
    if let known = operands[word] { return known }
    guard let operand = OperandPattern(Substring(word.text)) else {
      throw NotationError(reason: "operand \(word.text)")
    }
    operands.add(word, operand)
    return operand
  }

  /// What a word of an encoding says.
  mutating func code(_ word: Word) throws(NotationError) -> CodeWord {
    if let known = codes[word] { return known }
    let code = try CodeWord(word)
    codes.add(word, code)
    return code
  }
}
