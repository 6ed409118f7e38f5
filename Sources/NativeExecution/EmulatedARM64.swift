import Glibc

/// The runner of ARM64 code for the tests: this host if it is one, else `qemu-aarch64`.
package enum EmulatedARM64 {
  /// Builds the runner program if it is out of date, and returns what runs code with it.
  package static func runner(packageRoot: String) throws(NativeError) -> any NativeRunner {
    if let host = ProcessRunner(), host.isa == .arm64 { return host }
    let script = packageRoot + "/Tests/Oracles/arm64-runner/build.sh"
    var arguments: [UnsafeMutablePointer<CChar>?] = [strdup("sh"), strdup(script), nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let error = posix_spawnp(&process, "sh", nil, nil, &arguments, environ)
    guard error == 0 else { throw .notStarted(error: error) }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 && errno == EINTR {}
    guard status == 0 else { throw .runnerFailed }
    return ProcessRunner(
      isa: .arm64, command: ["qemu-aarch64", packageRoot + "/.build/oracles/arm64-runner"])
  }
}
