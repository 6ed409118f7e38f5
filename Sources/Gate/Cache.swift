import Glibc
import Synchronization

/// Answers that were found before, by the digest of what was asked, in a folder that many processes
/// may use at once.
///
/// An entry is there as a whole or not at all, and says in itself what it is and its own digest, so
/// that a changed one is seen and not used. Where the folder cannot be read or written the cache is
/// just empty.
public final class Cache: Sendable {
  /// What an entry is about; each kind has a folder of its own.
  public enum Kind: String, Sendable, CaseIterable {
    case queries, opinions, kernels, files
  }

  public let folder: String
  /// The most bytes that `prune` leaves.
  public let limit: UInt64
  private let state = Mutex(State())

  private struct State {
    var damaged: [String] = []
    var written = 0
  }

  public init(folder: String, limit: UInt64 = 1 << 30) {
    self.folder = folder
    self.limit = limit
  }

  /// Entries that were found changed, by path.
  public var damaged: [String] { state.withLock { $0.damaged } }

  private static let mark = "binverify cache 1"

  private func path(_ kind: Kind, _ key: Digest) -> String {
    "\(folder)/\(kind.rawValue)/\(key.hexadecimal.prefix(2))/\(key.hexadecimal)"
  }

  private static func seal(_ kind: Kind, _ key: Digest, _ contents: ArraySlice<UInt8>) -> Digest {
    Digest(of: "\(mark) \(kind.rawValue) \(key)\n", contents)
  }

  /// The contents of an entry; nil if there is none, or one that was changed.
  public func read(_ kind: Kind, _ key: Digest) -> [UInt8]? {
    let path = path(kind, key)
    guard let bytes = Files.read(path) else { return nil }
    guard let end = bytes.firstIndex(of: 10) else {
      state.withLock { $0.damaged.append(path) }
      return nil
    }
    let contents = bytes[(end + 1)...]
    let head = "\(Cache.mark) \(Cache.seal(kind, key, contents))"
    guard bytes[..<end].elementsEqual(head.utf8) else {
      state.withLock { $0.damaged.append(path) }
      return nil
    }
    Files.touch(path)
    return Array(contents)
  }

  /// Keeps `contents`, if that is possible.
  public func write(_ kind: Kind, _ key: Digest, _ contents: [UInt8]) {
    let path = path(kind, key)
    guard let slash = path.lastIndex(of: "/") else { return }
    Files.makeFolders(String(path[..<slash]))
    let written = state.withLock { state in
      state.written += 1
      return state.written
    }
    let temporary = "\(path[..<slash])/.new-\(getpid())-\(written)"
    let head = Array("\(Cache.mark) \(Cache.seal(kind, key, contents[...]))\n".utf8)
    Files.replace(path, with: head + contents, by: temporary)
  }

  /// Removes what was used longest ago until the entries fit the limit, and what writers that were
  /// killed left behind.
  public func prune() {
    var entries: [(path: String, size: UInt64, used: Int)] = []
    for kind in Cache.Kind.allCases {
      for part in Files.names(in: "\(folder)/\(kind.rawValue)") {
        let inner = "\(folder)/\(kind.rawValue)/\(part)"
        for name in Files.names(in: inner) {
          guard let (size, used) = Files.status("\(inner)/\(name)") else { continue }
          if name.hasPrefix(".new-") {
            if used < time(nil) - 3600 { unlink("\(inner)/\(name)") }
          } else if isEntry(name, in: part) {
            entries.append(("\(inner)/\(name)", size, used))
          }
        }
      }
    }
    var total = entries.reduce(0) { $0 + $1.size }
    guard total > limit else { return }
    for entry in entries.sorted(by: { ($0.used, $0.path) < ($1.used, $1.path) }) {
      if total <= limit - limit / 10 { break }
      if isMarked(entry.path), unlink(entry.path) == 0 { total -= entry.size }
    }
  }

  /// Whether an entry could be called so.
  private func isEntry(_ name: String, in part: String) -> Bool {
    name.utf8.count == 64 && name.hasPrefix(part) && part.utf8.count == 2
      && name.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }

  /// Whether a file says that it is an entry: others may lie in the folder that was given.
  private func isMarked(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: Cache.mark.utf8.count)
    return Glibc.read(descriptor, &bytes, bytes.count) == bytes.count
      && bytes.elementsEqual(Cache.mark.utf8)
  }
}
