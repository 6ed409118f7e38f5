import Gate
import Glibc
import Testing

/// What was kept comes back, and nothing else does.
@Suite struct CacheTests {
  private let folder = Folder()

  private func entry(_ key: Digest) -> String {
    "\(folder.path)/queries/\(key.hexadecimal.prefix(2))/\(key.hexadecimal)"
  }

  @Test func keepsEntriesByKindAndKey() {
    let cache = Cache(folder: folder.path)
    let (first, second) = (Digest(of: "first"), Digest(of: "second"))
    cache.write(.queries, first, [1, 2, 10, 3])
    #expect(Cache(folder: folder.path).read(.queries, first) == [1, 2, 10, 3])
    #expect(cache.read(.queries, second) == nil && cache.read(.kernels, first) == nil)
    cache.write(.queries, first, [])
    #expect(cache.read(.queries, first) == [])
  }

  @Test func everyChangedByteIsSeen() {
    let cache = Cache(folder: folder.path)
    let key = Digest(of: "key")
    cache.write(.queries, key, Array("unsat".utf8))
    let bytes = Folder.read(entry(key))
    #expect(bytes.count > 64)
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 1
      Folder.write(changed, to: entry(key))
      #expect(cache.read(.queries, key) == nil, "byte \(index)")
      Folder.write(Array(bytes.prefix(index)), to: entry(key))
      #expect(cache.read(.queries, key) == nil, "cut at \(index)")
    }
    #expect(cache.damaged.count == 2 * bytes.count)
    Folder.write(bytes, to: entry(key))
    #expect(cache.read(.queries, key) == Array("unsat".utf8))
  }

  /// An entry moved to another key's place says that it is not that key's.
  @Test func anEntryIsOfItsKey() {
    let cache = Cache(folder: folder.path)
    let (own, other) = (Digest(of: "own"), Digest(of: "other"))
    cache.write(.queries, own, [1])
    cache.write(.queries, other, [2])
    Folder.write(Folder.read(entry(own)), to: entry(other))
    #expect(cache.read(.queries, other) == nil)
  }

  @Test func theOldestGoFirst() {
    let cache = Cache(folder: folder.path, limit: 3000)
    let keys = (0..<10).map { Digest(of: "key \($0)") }
    for (index, key) in keys.enumerated() {
      cache.write(.queries, key, [UInt8](repeating: 7, count: 400))
      var times = [timespec(tv_sec: 1000 + index, tv_nsec: 0)]
      times.append(times[0])
      utimensat(AT_FDCWD, entry(key), times, 0)
    }
    cache.prune()
    let kept = keys.map { cache.read(.queries, $0) != nil }
    #expect(kept == [false, false, false, false, false] + [Bool](repeating: true, count: 5))
  }

  /// The folder that was given may be another's too.
  @Test func filesThatAreNoEntriesAreKept() {
    let cache = Cache(folder: folder.path, limit: 100)
    let own = Digest(of: "own")
    cache.write(.files, own, [UInt8](repeating: 7, count: 400))
    let entry = "\(folder.path)/files/\(own.hexadecimal.prefix(2))"
    let other = String(own.hexadecimal.prefix(2)) + String(repeating: "0", count: 62)
    for path in ["\(entry)/photo", "\(entry)/\(other)"] {
      Folder.write([UInt8](repeating: 1, count: 400), to: path)
    }
    cache.prune()
    #expect(cache.read(.files, own) == nil)
    #expect(Set(Folder.names(entry)) == ["photo", other])
  }

  @Test func aFolderThatCannotBeIsAnEmptyCache() {
    let cache = Cache(folder: "/proc/no such folder")
    cache.write(.queries, Digest(of: "key"), [1])
    #expect(cache.read(.queries, Digest(of: "key")) == nil)
    cache.prune()
  }
}
