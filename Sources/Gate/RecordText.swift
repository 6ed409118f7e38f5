import FoundationEssentials

/// Values as JSON text that is the same everywhere.
enum RecordText {
  /// Indented, keys sorted, with a line end.
  static func json(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value)) + [10]
  }

  /// On one line, keys sorted.
  static func compact(_ value: some Encodable) throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }

  static func read<Value: Decodable>(_ type: Value.Type, _ bytes: [UInt8]) throws -> Value {
    try JSONDecoder().decode(type, from: Data(bytes))
  }
}

extension ProofRecord {
  /// The record's JSON text.
  public func text() throws -> [UInt8] { try RecordText.json(self) }

  /// The record that `bytes` are; nil if they are none, or not as `text` writes it.
  public init?(text bytes: [UInt8]) {
    guard let record = try? RecordText.read(ProofRecord.self, bytes),
      record.type == ProofRecord.statementType,
      record.predicateType == ProofRecord.predicateType,
      (try? record.text()) == bytes
    else { return nil }
    self = record
  }
}
