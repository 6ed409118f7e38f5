import Crypto
import FoundationEssentials

/// A public key that checks signatures of records.
public struct VerifyingKey: Sendable {
  private enum Key: Sendable {
    case ed25519(Curve25519.Signing.PublicKey)
    case p256(P256.Signing.PublicKey)
  }

  private let key: Key

  /// What comes before the 32 bytes of an Ed25519 key in a SubjectPublicKeyInfo (RFC 8410, section 4).
  private static let ed25519: [UInt8] = [
    0x30, 0x2A, 0x30, 5, 6, 3, 0x2B, 0x65, 0x70, 3, 0x21, 0,
  ]

  init(_ key: Curve25519.Signing.PublicKey) { self.key = .ed25519(key) }

  init(_ key: P256.Signing.PublicKey) { self.key = .p256(key) }

  /// The key that a PEM text holds: a SubjectPublicKeyInfo.
  /// - Parameter file: the text's name in errors.
  public init(pem text: String, file: String) throws(KeyError) {
    let found = try KeyText(text, file: file)
    if found.label == "PUBLIC KEY", found.bytes.count == VerifyingKey.ed25519.count + 32,
      found.bytes.starts(with: VerifyingKey.ed25519),
      let key = try? Curve25519.Signing.PublicKey(
        rawRepresentation: found.bytes.dropFirst(VerifyingKey.ed25519.count))
    {
      self.init(key)
    } else if found.label == "PUBLIC KEY",
      let key = try? P256.Signing.PublicKey(derRepresentation: found.bytes)
    {
      self.init(key)
    } else {
      throw found.unexpected("a public key", file: file)
    }
  }

  /// The digest of the key's SubjectPublicKeyInfo, by which an envelope hints at it.
  public var identifier: Digest {
    switch key {
    case .ed25519(let key): Digest(of: VerifyingKey.ed25519 + Array(key.rawRepresentation))
    case .p256(let key): Digest(of: Array(key.derRepresentation))
    }
  }

  /// Whether `signature` is this key's owner's of `message`.
  func isValid(_ signature: [UInt8], of message: [UInt8]) -> Bool {
    switch key {
    case .ed25519(let key): key.isValidSignature(signature, for: message)
    case .p256(let key):
      if let parsed = try? P256.Signing.ECDSASignature(derRepresentation: signature) {
        key.isValidSignature(parsed, for: message)
      } else {
        false
      }
    }
  }
}
