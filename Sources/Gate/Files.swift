import Glibc
import ObjectFiles

/// Files as the gate needs them: what cannot be done is told by the result.
package enum Files {
  /// The largest record or envelope that is read, in bytes: a thousand times what they are.
  static let recordLimit = 1 << 26

  /// All bytes of a regular file; nil if there is none, if it cannot be read or has more than `limit`.
  static func read(_ path: String, limit: Int = InputFile.defaultLimit) -> [UInt8]? {
    try? InputFile.readRegular(path, limit: limit)
  }

  /// Writes a new file and renames it to `path`, so that nobody sees a part of it; if that fails
  /// `errno` says why.
  @discardableResult
  package static func replace(_ path: String, with bytes: [UInt8], by temporary: String) -> Bool {
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else { return false }
    let isWritten = write(bytes, to: descriptor)
    if close(descriptor) == 0, isWritten, rename(temporary, path) == 0 { return true }
    let error = errno
    unlink(temporary)
    errno = error
    return false
  }

  /// Whether all bytes went out.
  package static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
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

  /// Makes a folder and those it is in, where they are missing.
  static func makeFolders(_ path: String) {
    var place = path.startIndex
    while let slash = path[place...].dropFirst().firstIndex(of: "/") {
      mkdir(String(path[..<slash]), 0o755)
      place = slash
    }
    mkdir(path, 0o755)
  }

  /// The path without links and dots; nil if there is no such file.
  static func canonical(_ path: String) -> String? {
    guard let found = realpath(path, nil) else { return nil }
    defer { free(found) }
    return String(cString: found)
  }

  /// Notes that a file was used now.
  static func touch(_ path: String) { utimensat(AT_FDCWD, path, nil, 0) }

  /// The size and the time of last use in seconds.
  static func status(_ path: String) -> (size: UInt64, used: Int)? {
    var information = stat()
    guard lstat(path, &information) == 0, information.st_mode & S_IFMT == S_IFREG else {
      return nil
    }
    return (UInt64(information.st_size), information.st_mtim.tv_sec)
  }

  /// What changes whenever the contents of a file do, links followed; nil if there is none, or if it
  /// changed so lately that it may change again unseen.
  static func identity(_ path: String) -> String? {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    let (written, changed) = (information.st_mtim, information.st_ctim)
    guard max(written.tv_sec, changed.tv_sec) < time(nil) - 2 else { return nil }
    return "\(information.st_dev) \(information.st_ino) \(information.st_size)"
      + " \(written.tv_sec).\(written.tv_nsec) \(changed.tv_sec).\(changed.tv_nsec)"
  }

  /// Whether `path` is a folder, links not followed.
  static func isFolder(_ path: String) -> Bool {
    var information = stat()
    return lstat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
  }

  /// The names in a folder, sorted; none if it cannot be read.
  static func names(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }
}
