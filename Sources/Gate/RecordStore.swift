import Glibc

/// The folder of records: `NAME.json`, and `NAME.intoto.jsonl` for its envelope if it is signed.
public struct RecordStore: Sendable {
  /// Why there is no record that counts.
  public struct Fault: Error, Sendable, Hashable {
    public let message: String
  }

  /// The manifest's folder: empty or with a slash at its end.
  private let folder: String
  /// The folder of records, relative to it.
  private let proofs: String

  public init(folder: String, proofs: String) {
    self.folder = folder
    self.proofs = proofs
  }

  /// The path of a record, relative to the manifest's folder.
  public func path(_ name: String) -> String { "\(proofs)/\(name).json" }

  /// The path of a record's envelope, relative to the manifest's folder.
  public func envelopePath(_ name: String) -> String { "\(proofs)/\(name).intoto.jsonl" }

  func has(_ name: String) -> Bool { Files.status(folder + path(name)) != nil }

  func isSealed(_ name: String) -> Bool { Files.status(folder + envelopePath(name)) != nil }

  /// The record of a kernel.
  /// - Parameter keys: one of them has to have signed it; none where it need not be signed.
  public func read(
    _ name: String, verifiedBy keys: [VerifyingKey]
  ) -> Result<ProofRecord, Fault> {
    func fault(_ message: String) -> Result<ProofRecord, Fault> {
      .failure(Fault(message: message))
    }
    guard let bytes = Files.read(folder + path(name), limit: Files.recordLimit) else {
      return fault("no proof on record: \(path(name)) is not there")
    }
    if !keys.isEmpty {
      let sealed = envelopePath(name)
      guard let text = Files.read(folder + sealed, limit: Files.recordLimit) else {
        return fault("not signed: \(sealed) is not there")
      }
      guard let envelope = Envelope(text: text) else { return fault("\(sealed) is no envelope") }
      guard let signed = envelope.record(verifiedBy: keys) else {
        return fault("\(sealed) has no signature by a key that was given")
      }
      guard signed == bytes else {
        return fault("\(path(name)) is not what \(sealed) holds: the record was edited")
      }
    }
    guard let record = ProofRecord(text: bytes) else {
      return fault("\(path(name)) is no record as the gate writes it")
    }
    guard record.subject.map(\.name) == [name] else {
      return fault("\(path(name)) is the record of another kernel")
    }
    return .success(record)
  }

  /// Writes a record, keeping what other solvers said of its queries, and its envelope; what is there
  /// already is left alone. What nobody who signs here has signed before is not kept.
  /// - Returns: nil, or the path that could not be written and why.
  func write(_ text: [UInt8], _ name: String, signedBy keys: [SigningKey]) -> String? {
    let old = Files.read(folder + path(name), limit: Files.recordLimit)
    guard old != text, let old, keys.isEmpty || isSigned(old, name, keys),
      let known = ProofRecord(text: old), var record = ProofRecord(text: text)
    else { return replace(text, name, old, keys) }
    record.takeConfirmations(from: known)
    return replace((try? record.text()) ?? text, name, old, keys)
  }

  /// Writes a record as it is, and its envelope.
  func replace(
    _ text: [UInt8], _ name: String, _ old: [UInt8]?, _ keys: [SigningKey]
  ) -> String? {
    if old != text, let fault = put(text, path(name)) { return fault }
    if keys.isEmpty || isSigned(text, name, keys) { return nil }
    guard let envelope = try? Envelope(around: text, signedBy: keys).text() else {
      return "\(envelopePath(name)): error: it cannot be signed"
    }
    return put(envelope, envelopePath(name))
  }

  /// Whether each of `keys` has signed this very text already.
  private func isSigned(_ text: [UInt8], _ name: String, _ keys: [SigningKey]) -> Bool {
    guard
      let envelope = Files.read(folder + envelopePath(name), limit: Files.recordLimit)
        .flatMap(Envelope.init(text:))
    else { return false }
    return keys.allSatisfy { envelope.record(verifiedBy: [$0.verifying]) == text }
  }

  private func put(_ bytes: [UInt8], _ path: String) -> String? {
    let place = folder + proofs
    Files.makeFolders(place)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    let temporary = "\(place)/\(RecordStore.mark)\(getpid())-\(name)"
    unlink(temporary)
    if Files.replace(folder + path, with: bytes, by: temporary) { return nil }
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return "\(path): error: cannot be written: \(reason)"
  }

  private static let mark = ".new-"

  /// Removes what writers that were killed left behind.
  func sweep() {
    let place = folder + proofs
    for name in Files.names(in: place) where name.hasPrefix(RecordStore.mark) {
      let digits = name.dropFirst(RecordStore.mark.count).prefix { $0.isNumber }
      guard let process = pid_t(digits), kill(process, 0) != 0, errno == ESRCH else { continue }
      unlink("\(place)/\(name)")
    }
  }
}
