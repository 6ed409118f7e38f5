import Terms

/// The words in front of a C declarator, and what they make.
struct DeclaredType {
  enum Base: Hashable {
    case void
    case value(ValueType)
  }

  var base: Base
  var isConst = false
  /// Only where a fragment's memory is declared; C has it on pointers.
  var isRestrict = false
  /// `char` without a sign: signed on x86-64 and unsigned on ARM64.
  var isPlainChar = false
  let position: SourcePosition
}

/// C types, LP64.
extension DeclarationReader {
  /// Types that are one word.
  static let named: [String: ValueType] = [
    "int8_t": ValueType(width: 8, isSigned: true),
    "int16_t": ValueType(width: 16, isSigned: true),
    "int32_t": ValueType(width: 32, isSigned: true),
    "int64_t": ValueType(width: 64, isSigned: true),
    "uint8_t": ValueType(width: 8, isSigned: false),
    "uint16_t": ValueType(width: 16, isSigned: false),
    "uint32_t": ValueType(width: 32, isSigned: false),
    "uint64_t": ValueType(width: 64, isSigned: false),
    "intmax_t": ValueType(width: 64, isSigned: true),
    "uintmax_t": ValueType(width: 64, isSigned: false),
    "size_t": ValueType(width: 64, isSigned: false),
    "ssize_t": ValueType(width: 64, isSigned: true),
    "ptrdiff_t": ValueType(width: 64, isSigned: true),
    "intptr_t": ValueType(width: 64, isSigned: true),
    "uintptr_t": ValueType(width: 64, isSigned: false),
    "bool": ValueType(width: 8, isSigned: false, isBool: true),
    "_Bool": ValueType(width: 8, isSigned: false, isBool: true),
    "__int128_t": ValueType(width: 128, isSigned: true),
    "__uint128_t": ValueType(width: 128, isSigned: false),
    "float": ValueType(.floating, width: 32),
    "double": ValueType(.floating, width: 64),
  ].merging(vectors) { first, _ in first }

  /// The SIMD types of Intel's and Arm's headers.
  private static let vectors: [String: ValueType] = {
    var result: [String: ValueType] = [:]
    for width in [128, 256, 512] {
      for suffix in ["", "i", "d"] {
        result["__m\(width)\(suffix)"] = ValueType(.vector, width: width)
      }
    }
    for (kind, lanes) in [
      ("int", [8, 16, 32, 64]), ("uint", [8, 16, 32, 64]), ("float", [32, 64]),
      ("poly", [8, 16, 64]),
    ] {
      for lane in lanes {
        for width in [64, 128] {
          result["\(kind)\(lane)x\(width / lane)_t"] = ValueType(.vector, width: width)
        }
      }
    }
    return result
  }()

  /// Words that a type is made of.
  static let basic: Set<String> = [
    "void", "char", "short", "int", "long", "signed", "unsigned", "__int128", "__signed__",
  ]
  /// Words of C that no specification may use yet, and why.
  static let refused: [String: String] = [
    "_Float16": "half precision is not supported",
    "__fp16": "half precision is not supported",
    "__float128": "quadruple precision is not supported",
    "struct": "structures are not supported: pass their members or a buffer",
    "union": "unions are not supported: pass a buffer of integers",
    "enum": "enumerations are not supported: use int",
    "volatile": "volatile is not supported",
    "_Atomic": "atomic types are not supported",
    "_Complex": "complex numbers are not supported",
  ]
  static let restrictWords: Set<String> = ["restrict", "__restrict", "__restrict__"]

  static func isReserved(_ word: String) -> Bool {
    named[word] != nil || basic.contains(word) || refused[word] != nil || word == "const"
      || restrictWords.contains(word)
      || ["static", "extern", "inline", "register", "sizeof", "auto", "typedef"].contains(word)
  }

  /// Reads the words of a type; `allowsRestrict` where a fragment declares memory.
  mutating func type(
    allowsRestrict: Bool = false
  ) throws(SpecificationError) -> DeclaredType {
    let first = current
    var words: [String] = []
    var type = DeclaredType(base: .void, position: first.position)
    var value: ValueType?
    reading: while current.kind == .word {
      let word = current.text
      if let reason = DeclarationReader.refused[word] {
        throw error(.unsupported, "'\(word)': \(reason)")
      }
      if word == "double", words == ["long"] {
        throw error(.unsupported, "'long double': extended precision is not supported")
      }
      if word == "const" {
        type.isConst = true
      } else if let known = DeclarationReader.named[word], words.isEmpty, value == nil {
        value = known
      } else if DeclarationReader.basic.contains(word) {
        guard value == nil else { throw error("'\(word)' after '\(previous.text)'") }
        words.append(word)
      } else if DeclarationReader.restrictWords.contains(word), allowsRestrict {
        type.isRestrict = true
      } else {
        break reading
      }
      advance()
    }
    if let value {
      type.base = .value(value)
      return type
    }
    guard !words.isEmpty else { throw unknownType() }
    type.isPlainChar = words == ["char"]
    type.base = try base(words, first)
    return type
  }

  private func unknownType() -> SpecificationError {
    guard current.kind == .word else {
      return error("expected a type, found \(current.shown)")
    }
    if DeclarationReader.isReserved(current.text) {
      return error("expected a type, found '\(current.text)'")
    }
    return error(
      .unsupported,
      "'\(current.text)' is not a known type; expected int8_t to uint64_t, size_t, bool, char, "
        + "short, int, long, unsigned __int128, float, double, __m128i, uint8x16_t or the like")
  }

  /// What the words `words`, in any order, mean together.
  private func base(
    _ words: [String], _ first: Token
  ) throws(SpecificationError) -> DeclaredType.Base {
    func count(_ word: String) -> Int { words.filter { $0 == word }.count }
    let signs = count("signed") + count("__signed__") + count("unsigned")
    let isSigned = count("unsigned") == 0
    let (longs, ints) = (count("long"), count("int"))
    let core = words.filter { !["signed", "__signed__", "unsigned", "int"].contains($0) }
    let width: Int?
    switch core {
    case ["void"] where signs == 0 && ints == 0: return .void
    case ["char"] where ints == 0: width = 8
    case ["short"]: width = 16
    case []: width = 32
    case ["__int128"] where ints == 0: width = 128
    case _ where core.count == longs && longs <= 2: width = 64
    default: width = nil
    }
    guard let width, signs <= 1, ints <= 1 else {
      throw error("'\(words.joined(separator: " "))' is not a type of C", at: first)
    }
    return .value(ValueType(width: width, isSigned: isSigned))
  }
}
