import ArgumentParser
import Gate
import GateReports
import Glibc

/// Where answers are kept that were found before.
struct CacheOptions: ParsableArguments {
  @Option(help: "The cache's folder; ~/.cache/binverify unless given.")
  var cache: String?

  @Flag(help: "Use no cache.")
  var noCache = false

  @Option(help: ArgumentHelp("The most that the cache keeps.", valueName: "size"))
  var cacheLimit = ByteCount(value: 1 << 30)

  /// Nil where there is no cache to be used, or nothing says where it would be.
  var opened: Cache? { folder.map { Cache(folder: $0, limit: cacheLimit.value) } }

  private var folder: String? {
    if noCache { return nil }
    if let cache { return cache }
    if let folder = getenv("XDG_CACHE_HOME").map({ String(cString: $0) }), !folder.isEmpty {
      return folder + "/binverify"
    }
    return getenv("HOME").map { String(cString: $0) + "/.cache/binverify" }
  }

  /// What to say of entries that were found changed.
  static func warnings(_ damaged: [String]) -> String {
    damaged.map {
      "\($0): warning: changed since it was written; not used".printableLine + "\n"
    }.joined()
  }
}
