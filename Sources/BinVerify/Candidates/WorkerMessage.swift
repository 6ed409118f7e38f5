/// What a host and a worker send each other: fields of bytes, each preceded by its length.
struct WorkerMessage: Equatable {
  /// The largest message that is read.
  static let byteLimit = 1 << 28

  var fields: [[UInt8]]

  init(_ fields: [[UInt8]]) { self.fields = fields }

  init(_ texts: String...) { fields = texts.map { Array($0.utf8) } }

  /// The message of these bytes, or nil where they are not one.
  init?(decoding bytes: ArraySlice<UInt8>) {
    var fields: [[UInt8]] = []
    var rest = bytes
    while !rest.isEmpty {
      guard rest.count >= 4 else { return nil }
      let count = WorkerMessage.number(rest.prefix(4))
      rest = rest.dropFirst(4)
      guard rest.count >= count else { return nil }
      fields.append(Array(rest.prefix(count)))
      rest = rest.dropFirst(count)
    }
    self.fields = fields
  }

  /// The bytes on the wire: the length of all, then the fields.
  var encoded: [UInt8] {
    let size = fields.reduce(0) { $0 + 4 + $1.count }
    var result: [UInt8] = []
    result.reserveCapacity(size + 4)
    WorkerMessage.append(size, to: &result)
    for field in fields {
      WorkerMessage.append(field.count, to: &result)
      result += field
    }
    return result
  }

  /// A field as text; empty where there is none.
  func text(_ index: Int) -> String {
    fields.indices.contains(index) ? String(decoding: fields[index], as: UTF8.self) : ""
  }

  /// Four bytes, lowest first, as a number.
  static func number(_ bytes: some Collection<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  private static func append(_ number: Int, to bytes: inout [UInt8]) {
    for shift in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: number >> (shift * 8))) }
  }
}
