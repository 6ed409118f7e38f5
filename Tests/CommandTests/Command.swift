import Glibc

/// The built command, run as a user would.
enum Command {
  /// What a run left behind.
  struct Result {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The package's folder.
  static let root: String = {
    var path = Substring(#filePath)
    for _ in 0..<3 { path = path[..<(path.lastIndex(of: "/") ?? path.startIndex)] }
    return String(path)
  }()

  /// The executable: that beside the test bundle, or the one the environment names.
  static let executable: String = {
    if let named = getenv("BINVERIFY") { return String(cString: named) }
    var buffer = [CChar](repeating: 0, count: 4096)
    let length = readlink("/proc/self/exe", &buffer, buffer.count - 1)
    let own = String(decoding: buffer.prefix(max(length, 0)).map(UInt8.init), as: UTF8.self)
    let beside = own[..<(own.lastIndex(of: "/") ?? own.startIndex)] + "/binverify"
    let candidates =
      [String(beside)] + ["release", "debug"].map { "\(root)/.build/\($0)/binverify" }
    return candidates.first { access($0, X_OK) == 0 } ?? "binverify"
  }()

  /// Runs the command in `folder` (the package's unless given) with `input` on standard input.
  static func run(
    _ arguments: [String], input: [UInt8] = [], in folder: String = root
  ) -> Result {
    execute(executable, arguments, input: input, in: folder)
  }

  /// Runs any program; its status is that of a shell.
  static func execute(
    _ program: String, _ arguments: [String], input: [UInt8] = [], in folder: String = root
  ) -> Result {
    let scratch = Scratch()
    let files = ["in", "out", "err"].map { scratch.path($0) }
    Scratch.write(input, to: files[0])
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawn_file_actions_addopen(&actions, 0, files[0], O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, files[1], O_WRONLY | O_CREAT, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, files[2], O_WRONLY | O_CREAT, 0o600)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // The thread of a test may block signals that the program waits for, as gdb does.
    var attributes = posix_spawnattr_t()
    var noSignals = sigset_t()
    posix_spawnattr_init(&attributes)
    sigemptyset(&noSignals)
    posix_spawnattr_setsigmask(&attributes, &noSignals)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    defer { posix_spawnattr_destroy(&attributes) }
    let words = ["sh", "-c", "cd \"$0\" && exec \"$@\"", folder, program] + arguments
    var pointers = words.map { strdup($0) } + [nil]
    defer { for pointer in pointers { free(pointer) } }
    var process: pid_t = 0
    guard posix_spawn(&process, "/bin/sh", &actions, &attributes, &pointers, environ) == 0 else {
      return Result(status: 127, output: "", errors: "\(program) cannot be started")
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    let code = status & 0x7f == 0 ? status >> 8 & 0xff : 128 + status & 0x7f
    return Result(
      status: code, output: Scratch.read(files[1]), errors: Scratch.read(files[2]))
  }
}

/// A folder that is gone when nothing holds it any more.
final class Scratch {
  let folder: String

  init() {
    var template = Array("/tmp/binverify-test-XXXXXX".utf8CString)
    folder = mkdtemp(&template).map { String(cString: $0) } ?? "/tmp"
  }

  deinit {
    guard folder != "/tmp", let directory = opendir(folder) else { return }
    while let entry = readdir(directory) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) {
        $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
      }
      unlink("\(folder)/\(name)")
    }
    closedir(directory)
    rmdir(folder)
  }

  func path(_ name: String) -> String { "\(folder)/\(name)" }

  /// The names in the folder.
  var names: [String] {
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

  static func write(_ bytes: [UInt8], to path: String) {
    guard let file = fopen(path, "w") else { return }
    fwrite(bytes, 1, bytes.count, file)
    fclose(file)
  }

  static func write(_ text: String, to path: String) { write(Array(text.utf8), to: path) }

  /// The file's text; empty if there is none.
  static func read(_ path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 {
      bytes += chunk.prefix(count)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
