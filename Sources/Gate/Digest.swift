import Crypto
import Glibc

/// A SHA-256 digest in hexadecimal.
public struct Digest: Sendable, Hashable, Codable, CustomStringConvertible {
  /// 64 lower-case digits.
  public let hexadecimal: String

  /// The digest of `bytes`.
  public init(of bytes: some Sequence<UInt8>) {
    var hash = SHA256()
    hash.update(data: Array(bytes))
    self.init(hash.finalize())
  }

  /// The digest of `head`'s UTF-8 bytes and `bytes` after them.
  init(of head: String, _ bytes: ArraySlice<UInt8>) {
    var hash = SHA256()
    hash.update(data: Array(head.utf8))
    bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
    self.init(hash.finalize())
  }

  /// The digest of a text's UTF-8 bytes.
  public init(of text: String) { self.init(of: text.utf8) }

  /// The digest of the file at `path`, read in parts; nil if it cannot be read.
  init?(ofFile path: String) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var hash = SHA256()
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(descriptor, &chunk, chunk.count)
      if count < 0, errno == EINTR { continue }
      if count < 0 { return nil }
      if count == 0 { break }
      chunk.withUnsafeBytes {
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count]))
      }
    }
    self.init(hash.finalize())
  }

  private init(_ digest: SHA256Digest) {
    hexadecimal = Digest.hexadecimal(digest)
  }

  /// Bytes as lower-case digits.
  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    var text: [UInt8] = []
    for byte in bytes {
      for digit in [byte >> 4, byte & 15] { text.append(digit < 10 ? 48 + digit : 87 + digit) }
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// The digest that `hexadecimal` is; nil unless it is 64 lower-case digits.
  public init?(hexadecimal: String) {
    guard hexadecimal.utf8.count == 64,
      hexadecimal.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
    else { return nil }
    self.hexadecimal = hexadecimal
  }

  /// The digits.
  public var description: String { hexadecimal }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let digest = Digest(hexadecimal: try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "64 hexadecimal digits were expected")
    }
    self = digest
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(hexadecimal)
  }
}
