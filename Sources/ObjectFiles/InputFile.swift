import Glibc

/// Reading of whole input files into memory, within a bound.
public enum InputFile {
  /// The largest input that is read unless the caller says otherwise: 1 GiB.
  public static let defaultLimit = 1 << 30

  /// Whether `path` names something that can be opened; `-` does.
  public static func exists(_ path: String) -> Bool {
    path == "-" || access(path, F_OK) == 0
  }

  /// All bytes of the file at `path`, or of standard input for `-`; an error beyond `limit` bytes.
  public static func read(
    _ path: String, limit: Int = defaultLimit
  ) throws(ObjectFileError) -> [UInt8] {
    if path == "-" { return try read(descriptor: 0, name: "standard input", limit: limit) }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw systemError(path, "cannot be opened") }
    defer { _ = close(descriptor) }
    return try read(descriptor: descriptor, name: path, limit: limit)
  }

  /// All bytes of the regular file at `path`: a path that somebody else chose never leads to a pipe
  /// that waits, a device without an end, or standard input.
  package static func readRegular(
    _ path: String, limit: Int = defaultLimit
  ) throws(ObjectFileError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw systemError(path, "cannot be opened") }
    defer { _ = close(descriptor) }
    return try read(descriptor: descriptor, name: path, limit: limit, mustBeRegular: true)
  }

  /// All bytes that `descriptor` still has, at most `limit`.
  private static func read(
    descriptor: Int32, name: String, limit: Int, mustBeRegular: Bool = false
  ) throws(ObjectFileError) -> [UInt8] {
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw systemError(name, "cannot be examined") }
    if status.st_mode & S_IFMT == S_IFDIR {
      throw ObjectFileError(file: name, "is a directory; a file was expected")
    }
    let isRegular = status.st_mode & S_IFMT == S_IFREG
    if mustBeRegular && !isRegular {
      throw ObjectFileError(file: name, "is a device or a pipe; a regular file was expected")
    }
    if isRegular && status.st_size > limit { throw tooLarge(name, limit) }
    var bytes: [UInt8] = []
    // One byte more than the size, so that the end of the file shows without growing the buffer; where
    // there are as many bytes as that, they are all.
    var chunk = isRegular ? max(Int(status.st_size) + 1, 4096) : 1 << 16
    while true {
      let piece = try readOnce(descriptor, name, atMost: chunk)
      if piece.isEmpty { return bytes }
      if bytes.isEmpty { bytes = piece } else { bytes += piece }
      if bytes.count > limit { throw tooLarge(name, limit) }
      if isRegular && bytes.count == Int(status.st_size) { return bytes }
      chunk = 1 << 16
    }
  }

  /// The next bytes of `descriptor`; none at its end.
  private static func readOnce(
    _ descriptor: Int32, _ name: String, atMost count: Int
  ) throws(ObjectFileError) -> [UInt8] {
    var failed = false
    let piece = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      var result = Glibc.read(descriptor, buffer.baseAddress, count)
      while result < 0 && errno == EINTR {
        result = Glibc.read(descriptor, buffer.baseAddress, count)
      }
      failed = result < 0
      initialized = max(result, 0)
    }
    if failed { throw systemError(name, "cannot be read") }
    return piece
  }

  /// The error for the current `errno`.
  private static func systemError(_ name: String, _ what: String) -> ObjectFileError {
    let reason = strerror(errno).map { String(cString: $0) } ?? "error \(errno)"
    return ObjectFileError(file: name, "\(what): \(reason)")
  }

  /// The error for an input of more than `limit` bytes.
  private static func tooLarge(_ name: String, _ limit: Int) -> ObjectFileError {
    ObjectFileError(file: name, "is larger than the limit of \(limit) bytes")
  }
}
