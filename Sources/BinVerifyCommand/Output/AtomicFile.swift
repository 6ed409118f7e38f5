import Glibc

/// Files that are there as a whole or not at all.
enum AtomicFile {
  /// Writes `contents` beside `path` and renames it into place; `-` is standard output. Devices and
  /// pipes take the bytes as they are.
  static func write(_ contents: [UInt8], to path: String) throws(Failure) {
    if path == "-" {
      writeAll(contents, to: 1)
      return
    }
    var information = stat()
    if stat(path, &information) == 0, information.st_mode & S_IFMT != S_IFREG {
      let descriptor = open(path, O_WRONLY | O_CLOEXEC)
      guard descriptor >= 0 else { throw failure(path) }
      defer { close(descriptor) }
      guard writeAll(contents, to: descriptor) else { throw failure(path) }
      return
    }
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { throw failure(path) }
    let isWritten = writeAll(contents, to: descriptor)
    guard close(descriptor) == 0, isWritten, rename(temporary, path) == 0 else {
      let error = failure(path)
      unlink(temporary)
      throw error
    }
  }

  private static func failure(_ path: String) -> Failure {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return Failure("\(path): error: cannot be written: \(reason)")
  }

  /// Whether all bytes went out.
  @discardableResult
  static func writeAll(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
    bytes.withUnsafeBytes { buffer in
      var sent = 0
      while sent < buffer.count {
        let step = Glibc.write(
          descriptor, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
        if step < 0, errno == EINTR { continue }
        if step <= 0 { return false }
        sent += step
      }
      return true
    }
  }
}
