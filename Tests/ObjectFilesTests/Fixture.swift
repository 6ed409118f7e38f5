import MachineModel
import ObjectFiles

/// The files beside the tests.
enum Fixture {
  /// The path of a fixture.
  static func path(_ name: String) -> String {
    let here = #filePath
    let folder = here[..<(here.lastIndex(of: "/") ?? here.endIndex)]
    return "\(folder)/Fixtures/\(name)"
  }

  /// The bytes of a fixture.
  static func bytes(_ name: String) throws -> [UInt8] {
    try InputFile.read(path(name))
  }

  /// A function of a fixture, loaded under the fixture's short name.
  static func load(
    _ name: String, _ symbol: String? = nil, isa: String? = nil, withLines: Bool = false
  ) throws -> LoadedCode {
    try CodeLoader.load(
      bytes: try bytes(name), name: name, symbol: symbol, isa: isa, withLines: withLines)
  }

  /// The message of the error that loading ends in; nil if it succeeds.
  static func failure(_ name: String, _ symbol: String? = nil, isa: String? = nil) throws -> String?
  {
    failure(of: try bytes(name), name, symbol, isa: isa)
  }

  /// The message of the error that loading `bytes` ends in; nil if it succeeds.
  static func failure(
    of bytes: [UInt8], _ name: String = "input", _ symbol: String? = nil, isa: String? = nil,
    format: InputFormat = .automatic
  ) -> String? {
    do {
      _ = try CodeLoader.load(bytes: bytes, name: name, symbol: symbol, isa: isa, format: format)
      return nil
    } catch {
      return error.description
    }
  }
}

extension Code {
  /// The bytes at `range`; nil unless one segment has them all.
  func bytes(at range: Range<UInt64>) -> [UInt8]? {
    guard let segment = segment(at: range.lowerBound), range.upperBound <= segment.end else {
      return nil
    }
    let start = Int(range.lowerBound - segment.address)
    return Array(segment.bytes[start..<start + range.count])
  }
}
