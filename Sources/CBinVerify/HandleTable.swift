import BinVerify
import Synchronization

/// What handles stand for. A handle is a number that was never used before, so that one which was
/// freed or made up finds nothing.
final class HandleTable: Sendable {
  enum Object: Sendable {
    case verifier(CandidateVerifier)
    case result(CandidateResult)
  }

  private struct Contents {
    var objects: [UInt64: Object] = [:]
    var next: UInt64 = 1
  }

  private let contents = Mutex(Contents())

  /// A new handle.
  func add(_ object: Object) -> UInt64 {
    contents.withLock { contents in
      let handle = contents.next
      contents.next += 1
      contents.objects[handle] = object
      return handle
    }
  }

  func verifier(_ handle: UInt64) throws(Failure) -> CandidateVerifier {
    guard case .verifier(let verifier) = object(handle) else { throw .handle("verifier", handle) }
    return verifier
  }

  func result(_ handle: UInt64) throws(Failure) -> CandidateResult {
    guard case .result(let result) = object(handle) else { throw .handle("result", handle) }
    return result
  }

  private func object(_ handle: UInt64) -> Object? { contents.withLock { $0.objects[handle] } }

  /// Forgets a handle of one kind; what it stands for ends after the last call that uses it.
  func remove(_ handle: UInt64, _ kind: String, where isKind: (Object) -> Bool) throws(Failure) {
    if handle == 0 { return }
    let removed = contents.withLock { contents -> Object? in
      guard let object = contents.objects[handle], isKind(object) else { return nil }
      return contents.objects.removeValue(forKey: handle)
    }
    if removed == nil { throw .handle(kind, handle) }
  }
}
