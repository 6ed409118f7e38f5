import Gate
import Glibc

/// Files that are there as a whole or not at all.
enum AtomicFile {
  /// Writes `contents` beside `path` and renames it into place; `-` is standard output. Devices and
  /// pipes take the bytes as they are; a pipe that nobody reads is an error.
  static func write(_ contents: [UInt8], to path: String) throws(Failure) {
    if path == "-" {
      guard writeAll(contents, to: 1) else { throw failure("standard output") }
      return
    }
    var information = stat()
    if stat(path, &information) == 0, information.st_mode & S_IFMT != S_IFREG {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC | O_NONBLOCK)
      guard descriptor >= 0 else { throw failure(path) }
      defer { close(descriptor) }
      // A reader may take its time.
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK)
      guard writeAll(contents, to: descriptor) else { throw failure(path) }
      return
    }
    guard Files.replace(path, with: contents, by: "\(path).\(getpid()).tmp") else {
      throw failure(path)
    }
  }

  /// What `errno` says of writing to `path`.
  static func failure(_ path: String) -> Failure {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return Failure("\(path): error: cannot be written: \(reason)")
  }

  /// Whether all bytes went out.
  @discardableResult
  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    Files.write(bytes, to: descriptor)
  }
}
