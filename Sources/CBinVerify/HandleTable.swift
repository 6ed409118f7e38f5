import BinVerify
import Synchronization

/// What handles stand for. A handle is a number that was never used before, so that one which was
/// freed or made up finds nothing.
final class HandleTable: Sendable {
  enum Object: Sendable {
    case verifier(CandidateVerifier)
    case result(CandidateResult)
    case vocabulary(TokenVocabulary)
    case decoder(CompiledDecoder)
    case matcher(SharedMatcher)
  }

  /// A place for an object. A handle is its index and how often it was used before, which differ in
  /// the lower and the upper half.
  private struct Slot {
    var uses: UInt32 = 1
    var object: Object?
  }

  private struct Contents {
    var slots: [Slot] = []
    var free: [Int] = []

    func index(_ handle: UInt64) -> Int? {
      let index = Int(handle & 0xFFFF_FFFF)
      guard index < slots.count, slots[index].uses == handle >> 32 else { return nil }
      return index
    }
  }

  private let contents = Mutex(Contents())

  /// A new handle.
  func add(_ object: Object) -> UInt64 {
    contents.withLock { contents in
      let index = contents.free.popLast() ?? contents.slots.count
      if index == contents.slots.count { contents.slots.append(Slot()) }
      contents.slots[index].object = object
      return UInt64(contents.slots[index].uses) << 32 | UInt64(index)
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

  func vocabulary(_ handle: UInt64) throws(Failure) -> TokenVocabulary {
    guard case .vocabulary(let found) = object(handle) else {
      throw .handle("vocabulary", handle)
    }
    return found
  }

  func decoder(_ handle: UInt64) throws(Failure) -> CompiledDecoder {
    guard case .decoder(let decoder) = object(handle) else { throw .handle("decoder", handle) }
    return decoder
  }

  func matcher(_ handle: UInt64) throws(Failure) -> SharedMatcher {
    guard case .matcher(let matcher) = object(handle) else { throw .handle("matcher", handle) }
    return matcher
  }

  /// The matchers of many handles, found in one go.
  func matchers(_ handles: UnsafeBufferPointer<UInt64>) throws(Failure) -> [SharedMatcher] {
    nonisolated(unsafe) let handles = handles
    let found = contents.withLock { contents in
      var found: [SharedMatcher] = []
      found.reserveCapacity(handles.count)
      for handle in handles {
        guard let index = contents.index(handle),
          case .matcher(let matcher)? = contents.slots[index].object
        else { break }
        found.append(matcher)
      }
      return found
    }
    if found.count < handles.count { throw .handle("matcher", handles[found.count]) }
    return found
  }

  private func object(_ handle: UInt64) -> Object? {
    contents.withLock { contents in
      contents.index(handle).flatMap { contents.slots[$0].object }
    }
  }

  /// Forgets a handle of one kind; what it stands for ends after the last call that uses it.
  func remove(_ handle: UInt64, _ kind: String, where isKind: (Object) -> Bool) throws(Failure) {
    if handle == 0 { return }
    let removed = contents.withLock { contents -> Object? in
      guard let index = contents.index(handle), let object = contents.slots[index].object,
        isKind(object)
      else { return nil }
      contents.slots[index].object = nil
      // A place whose numbers are used up stays empty.
      if contents.slots[index].uses < UInt32.max {
        contents.slots[index].uses += 1
        contents.free.append(index)
      }
      return object
    }
    if removed == nil { throw .handle(kind, handle) }
  }
}
