import ConstrainedDecoding
import FoundationEssentials

extension DecodingConstraint {
  /// The constraint that a JSON object spells: `isa` has to be there, and members that are left out
  /// are as in `DecodingConstraint(isa:)`.
  ///
  /// - Throws: `DecoderError` for text that is no such object, with the member that is wrong.
  public init(json text: String) throws(DecoderError) {
    let members: [String: JSONValue]
    do {
      members = try JSONDecoder().decode([String: JSONValue].self, from: Data(text.utf8))
    } catch {
      throw DecoderError("a constraint as a JSON object was expected")
    }
    guard JSONValue.object(members).memberCount == JSONValue.memberCount(inTextOf: text) else {
      throw DecoderError(
        "a constraint as a JSON object was expected, in which no member is given twice")
    }
    guard case .string(let isa)? = members["isa"] else {
      throw DecoderError("isa: the name of an instruction set was expected")
    }
    var defaults: [String: JSONValue] = [:]
    do {
      defaults = try DecodingConstraint.members(of: DecodingConstraint(isa: isa))
      let all = defaults.merging(members) { $1 }
      self = try JSONDecoder().decode(Self.self, from: try JSONEncoder().encode(all))
      // A member that is not written again is none of a constraint's; one that is null is one if it can
      // not be anything.
      let known = JSONValue.object(try DecodingConstraint.members(of: self))
      let strange = members.keys.filter { name in
        members[name] == .null && DecodingConstraint.allows(.object(["": .null]), as: name, in: all)
      }
      if let name = (JSONValue.object(members).members(beyond: known) + strange).min() {
        throw DecoderError("\(name): a constraint has no such part")
      }
    } catch let error as DecoderError {
      throw error
    } catch let error as Swift.DecodingError {
      let wrong = members.keys.sorted().first { name in
        !DecodingConstraint.allows(members[name] ?? .null, as: name, in: defaults)
      }
      throw DecoderError(DecodingConstraint.words(error, of: wrong ?? "isa"))
    } catch {
      throw DecoderError("a constraint as a JSON object was expected: \(error)")
    }
  }

  /// The constraint as a JSON object, its members in the order of their names.
  public var json: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    // A plain value of texts, numbers and truths can always be encoded.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
  }

  private static func allows(
    _ value: JSONValue, as name: String, in members: [String: JSONValue]
  ) -> Bool {
    let changed = members.merging([name: value]) { $1 }
    return (try? JSONDecoder().decode(Self.self, from: try JSONEncoder().encode(changed))) != nil
  }

  private static func members(of constraint: Self) throws -> [String: JSONValue] {
    try JSONDecoder().decode([String: JSONValue].self, from: try JSONEncoder().encode(constraint))
  }

  /// - Parameter name: the member that is wrong, where the error does not tell.
  private static func words(_ error: Swift.DecodingError, of name: String) -> String {
    switch error {
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      "\(path(context)): a value of type \(type) was expected"
    case .dataCorrupted(let context) where context.codingPath.isEmpty:
      "\(name): another value was expected"
    case .dataCorrupted(let context): "\(path(context)): \(context.debugDescription)"
    case .keyNotFound(let key, _): "\(key.stringValue): a value was expected"
    @unknown default: "a constraint as a JSON object was expected"
    }
  }

  private static func path(_ context: Swift.DecodingError.Context) -> String {
    context.codingPath.map(\.stringValue).joined(separator: ".")
  }
}

/// Any JSON value.
private indirect enum JSONValue: Codable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([String: JSONValue])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let bool = try? value.decode(Bool.self) {
      self = .bool(bool)
    } else if let integer = try? value.decode(Int.self) {
      self = .integer(integer)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let string = try? value.decode(String.self) {
      self = .string(string)
    } else if let array = try? value.decode([JSONValue].self) {
      self = .array(array)
    } else {
      self = .object(try value.decode([String: JSONValue].self))
    }
  }

  /// How many members there are in it, at any depth.
  var memberCount: Int {
    switch self {
    case .null, .bool, .integer, .number, .string: 0
    case .array(let elements): elements.reduce(0) { $0 + $1.memberCount }
    case .object(let members): members.values.reduce(members.count) { $0 + $1.memberCount }
    }
  }

  /// How many members the text of a JSON value gives, each as often as it is given: colons outside of strings.
  static func memberCount(inTextOf text: String) -> Int {
    var (count, isString, isEscaped) = (0, false, false)
    for byte in text.utf8 {
      switch byte {
      case _ where isEscaped: isEscaped = false
      case UInt8(ascii: "\\") where isString: isEscaped = true
      case UInt8(ascii: "\""): isString.toggle()
      case UInt8(ascii: ":") where !isString: count += 1
      default: break
      }
    }
    return count
  }

  /// The paths of the members, other than null, that `other` does not have in the same place.
  func members(beyond other: JSONValue) -> [String] {
    switch (self, other) {
    case (.object(let own), .object(let known)):
      own.flatMap { name, value -> [String] in
        guard let theirs = known[name] else { return value == .null ? [] : [name] }
        return value.members(beyond: theirs).map { "\(name).\($0)" }
      }
    // The elements of a set may come in another order.
    case (.array(let own), .array(let known)):
      own.flatMap { value in
        known.map { value.members(beyond: $0) }.min { $0.count < $1.count } ?? []
      }
    default: []
    }
  }

  func encode(to encoder: any Encoder) throws {
    var value = encoder.singleValueContainer()
    switch self {
    case .null: try value.encodeNil()
    case .bool(let bool): try value.encode(bool)
    case .integer(let integer): try value.encode(integer)
    case .number(let number): try value.encode(number)
    case .string(let string): try value.encode(string)
    case .array(let array): try value.encode(array)
    case .object(let object): try value.encode(object)
    }
  }
}
