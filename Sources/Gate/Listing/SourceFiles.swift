import BinVerify
import Glibc

/// Finds the files that debug information names.
///
/// Names come from the object file, which nobody has to trust: only files with a source's ending are
/// taken, in or below the manifest's folder or that of the code, links resolved, and nothing that
/// begins with a dot.
struct SourceFiles {
  private static let endings: Set<String> = [
    "c", "cc", "cpp", "cxx", "h", "hh", "hpp", "s", "S", "asm", "inc", "rs", "swift", "zig", "f90",
    "go", "d", "adb", "ads",
  ]
  /// The largest file that is shown, in bytes.
  private static let sizeLimit: UInt64 = 4 << 20

  private let folders: [String]

  /// - Parameters:
  ///   - folder: the manifest's, empty or with a slash at its end.
  ///   - code: the path of the object file.
  init(folder: String, code: String) {
    let beside = code.lastIndex(of: "/").map { String(code[...$0]) } ?? ""
    folders = beside == folder ? [folder] : [beside, folder]
  }

  /// The path at which `file` is to be found from here; nil if it is not there.
  func path(_ file: String) -> String? {
    let ending = file.lastIndex(of: ".").map { String(file[file.index(after: $0)...]) } ?? ""
    guard SourceFiles.endings.contains(ending) else { return nil }
    for folder in folders {
      guard let root = SourceFiles.resolved(folder.isEmpty ? "." : folder),
        let found = SourceFiles.resolved(file.hasPrefix("/") ? file : folder + file),
        found.utf8.starts(with: (root + "/").utf8), let size = Files.status(found)?.size,
        size <= SourceFiles.sizeLimit
      else { continue }
      let inside = String(Substring(found.utf8.dropFirst(root.utf8.count + 1)))
      // By bytes: an accent after a dot or a slash hides neither.
      let parts = inside.utf8.split(separator: UInt8(ascii: "/"))
      guard !parts.contains(where: { $0.first == UInt8(ascii: ".") }) else { continue }
      return SourceFiles.normalized(folder + inside)
    }
    return nil
  }

  /// The absolute path without links; nil if nothing is there.
  private static func resolved(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }

  /// The path without `.` and without `..` where a name stands before it.
  private static func normalized(_ path: String) -> String {
    var parts: [Substring] = []
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else {
        parts.append(part)
      }
    }
    return (path.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
  }

  /// The lines of the file at a path that `path` gave; none if it is not UTF-8.
  static func lines(_ path: String) -> [String] {
    guard let bytes = Files.read(path), let text = String(validating: bytes, as: UTF8.self)
    else { return [] }
    return text.split(separator: "\n", omittingEmptySubsequences: false).map {
      String($0.last == "\r" ? $0.dropLast() : $0)
    }
  }
}
