import FoundationEssentials

/// The key in a PEM text (RFC 7468), as it is encoded and not yet as what.
struct KeyText {
  /// The label, such as `PRIVATE KEY`.
  let label: String
  /// The DER encoding.
  let bytes: [UInt8]

  /// The first block of `text` that is not about parameters of a curve.
  init(_ text: String, file: String) throws(KeyError) {
    var label: String?
    var digits = ""
    for line in text.split(whereSeparator: \.isNewline) {
      if let name = KeyText.name(line, "BEGIN") {
        (label, digits) = (name, "")
      } else if let name = KeyText.name(line, "END") {
        guard name == label else { break }
        if name == "EC PARAMETERS" { continue }
        guard let data = Data(base64Encoded: digits), !data.isEmpty else {
          throw KeyError(file: file, message: "base64 was expected in the PEM block")
        }
        self.label = name
        bytes = Array(data)
        return
      } else {
        digits += line.filter { !$0.isWhitespace }
      }
    }
    throw KeyError(
      file: file, message: "a key in PEM was expected, as `openssl genpkey` writes it")
  }

  private static func name(_ line: Substring, _ word: String) -> String? {
    let (start, end) = ("-----\(word) ", "-----")
    guard line.hasPrefix(start), line.hasSuffix(end), line.utf8.count > start.utf8.count + 5 else {
      return nil
    }
    return String(line.dropFirst(start.count).dropLast(5))
  }

  /// The encodings of object identifiers by which kinds of keys are told apart.
  private static let kinds: [(name: String, identifier: [UInt8])] = [
    ("RSA", [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x01]),
    ("RSA-PSS", [0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0A]),
    ("ECDSA P-384", [0x2B, 0x81, 0x04, 0x00, 0x22]),
    ("ECDSA P-521", [0x2B, 0x81, 0x04, 0x00, 0x23]),
    ("ECDSA secp256k1", [0x2B, 0x81, 0x04, 0x00, 0x0A]),
    ("X25519", [0x2B, 0x65, 0x6E]), ("X448", [0x2B, 0x65, 0x6F]), ("Ed448", [0x2B, 0x65, 0x71]),
    ("Ed25519", [0x2B, 0x65, 0x70]),
    ("ECDSA P-256", [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]),
  ]

  /// What the key is, as far as its first bytes tell.
  var kind: String {
    if label.hasPrefix("RSA") { return "RSA" }
    if label.hasPrefix("DSA") { return "DSA" }
    let head = Array(bytes.prefix(64))
    let found = KeyText.kinds.first { kind in
      // An identifier with its tag and length.
      let pattern = [6, UInt8(kind.identifier.count)] + kind.identifier
      return head.indices.contains { head[$0...].starts(with: pattern) }
    }
    return found?.name ?? "unknown"
  }

  /// The error for a key that is not of the right kind.
  func unexpected(_ role: String, file: String) -> KeyError {
    let found =
      switch label {
      case "ENCRYPTED PRIVATE KEY": "an encrypted private key"
      case let label where label.hasSuffix("PRIVATE KEY"): "a private key of kind \(kind)"
      case let label where label.hasSuffix("PUBLIC KEY"): "a public key of kind \(kind)"
      default: "'\(label)'"
      }
    return KeyError(
      file: file, message: "\(role) of Ed25519 or ECDSA P-256 was expected, found \(found)")
  }
}
