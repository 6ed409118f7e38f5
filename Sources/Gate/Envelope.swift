import FoundationEssentials

/// A signed record: a DSSE envelope, version 1, around an in-toto Statement.
public struct Envelope: Codable, Sendable, Hashable {
  /// The type of what is signed.
  public static let payloadType = "application/vnd.in-toto+json"

  /// One signature and a hint at its key.
  public struct Signature: Codable, Sendable, Hashable {
    /// The digest of the key's SubjectPublicKeyInfo; not trusted.
    public var keyid: String?
    /// Base64.
    public var sig: String
  }

  public var payloadType: String
  /// The record's text in base64.
  public var payload: String
  public var signatures: [Signature]

  /// An envelope around the bytes of a record, with the signature of each key.
  public init(around record: [UInt8], signedBy keys: [SigningKey]) throws {
    payloadType = Envelope.payloadType
    payload = Data(record).base64EncodedString()
    let message = Envelope.preAuthenticationEncoding(payloadType, record)
    signatures = try keys.map {
      Signature(
        keyid: $0.verifying.identifier.hexadecimal,
        sig: Data(try $0.signature(of: message)).base64EncodedString())
    }
  }

  /// The envelope that a line of JSON is; nil for anything else.
  public init?(text: [UInt8]) {
    guard let envelope = try? RecordText.read(Envelope.self, text) else { return nil }
    self = envelope
  }

  /// One line of JSON, with a line end.
  public func text() throws -> [UInt8] { try RecordText.compact(self) + [10] }

  /// The record's bytes, if a signature of one of `keys` is over them; nil otherwise.
  public func record(verifiedBy keys: [VerifyingKey]) -> [UInt8]? {
    guard payloadType == Envelope.payloadType, let data = Data(base64Encoded: payload) else {
      return nil
    }
    let message = Envelope.preAuthenticationEncoding(payloadType, Array(data))
    for signature in signatures {
      guard let bytes = Data(base64Encoded: signature.sig) else { continue }
      if keys.contains(where: { $0.isValid(Array(bytes), of: message) }) { return Array(data) }
    }
    return nil
  }

  /// What is signed (DSSE protocol, "PAE"): lengths before both parts, so that neither can pass for
  /// the other.
  static func preAuthenticationEncoding(_ type: String, _ body: [UInt8]) -> [UInt8] {
    Array("DSSEv1 \(type.utf8.count) \(type) \(body.count) ".utf8) + body
  }
}
