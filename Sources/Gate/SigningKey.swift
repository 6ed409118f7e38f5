import Crypto
import FoundationEssentials

/// A private key that signs records.
public struct SigningKey: Sendable {
  private enum Key: Sendable {
    case ed25519(Curve25519.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
  }

  private let key: Key

  /// What comes before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, section 7).
  private static let ed25519: [UInt8] = [
    0x30, 0x2E, 2, 1, 0, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 4, 0x22, 4, 0x20,
  ]

  /// The key that a PEM text holds: PKCS #8, or SEC 1 for P-256, not encrypted.
  /// - Parameter file: the text's name in errors.
  public init(pem text: String, file: String) throws(KeyError) {
    let found = try KeyText(text, file: file)
    if found.label == "PRIVATE KEY", found.bytes.count == SigningKey.ed25519.count + 32,
      found.bytes.starts(with: SigningKey.ed25519),
      let key = try? Curve25519.Signing.PrivateKey(
        rawRepresentation: found.bytes.dropFirst(SigningKey.ed25519.count))
    {
      self.key = .ed25519(key)
    } else if ["PRIVATE KEY", "EC PRIVATE KEY"].contains(found.label),
      let key = try? P256.Signing.PrivateKey(derRepresentation: found.bytes)
    {
      self.key = .p256(key)
    } else {
      throw found.unexpected("a private key", file: file)
    }
  }

  /// The key that checks what this one signs.
  public var verifying: VerifyingKey {
    switch key {
    case .ed25519(let key): VerifyingKey(key.publicKey)
    case .p256(let key): VerifyingKey(key.publicKey)
    }
  }

  /// The signature of `message`: 64 bytes for Ed25519; for P-256 with SHA-256 in DER.
  func signature(of message: [UInt8]) throws -> [UInt8] {
    switch key {
    case .ed25519(let key): Array(try key.signature(for: message))
    case .p256(let key): Array(try key.signature(for: message).derRepresentation)
    }
  }
}
