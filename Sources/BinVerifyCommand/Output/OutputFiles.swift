import BinVerify
import Glibc

/// The files that a command is to write: what is wrong with them is said before any work is done.
enum OutputFiles {
  /// What is the same for all paths of a file.
  private struct Identity: Hashable {
    let device: UInt
    let file: UInt
  }

  /// - Parameters:
  ///   - paths: those to write; `-` is standard output.
  ///   - inputs: those that the command reads, none of which is to be written over.
  static func check(_ paths: [String], besides inputs: [String]) throws(Failure) {
    let paths = paths.filter { $0 != "-" }
    if paths.isEmpty { return }
    let read = Set(inputs.compactMap { regular(status($0)) })
    var written: Set<Identity> = []
    var names: Set<[UInt8]> = []
    for path in paths {
      guard names.insert(Array(path.utf8)).inserted else { throw twice(path) }
      try checkAccess(path)
      guard let identity = regular(status(path)) else { continue }
      if read.contains(identity) {
        throw Failure("\(path): error: is read as well, and would be written over")
      }
      guard written.insert(identity).inserted else { throw twice(path) }
    }
  }

  /// Whether the file can be put there: into its folder, unless it is a device or a pipe.
  private static func checkAccess(_ path: String) throws(Failure) {
    let status = status(path)
    if let status, status.st_mode & S_IFMT == S_IFDIR {
      throw Failure("\(path): error: is a directory; a file was expected")
    }
    let isPlain = status == nil || regular(status) != nil
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(path[...$0]) } ?? "."
    guard access(isPlain ? folder : path, W_OK) == 0 else { throw AtomicFile.failure(path) }
  }

  private static func twice(_ path: String) -> Failure {
    Failure("\(path): error: two files were to be written there")
  }

  private static func status(_ path: String) -> stat? {
    var information = stat()
    return stat(path, &information) == 0 ? information : nil
  }

  private static func regular(_ status: stat?) -> Identity? {
    guard let status, status.st_mode & S_IFMT == S_IFREG else { return nil }
    return Identity(device: UInt(status.st_dev), file: UInt(status.st_ino))
  }
}
