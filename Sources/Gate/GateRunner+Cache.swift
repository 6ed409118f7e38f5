import BinVerify

/// Whole kernels in the cache.
extension GateRunner {
  /// The digest of all that the verdict on a kernel follows from: the bytes of its files, what is
  /// asked of them, and this program.
  func key(_ kernel: Manifest.Kernel) -> Digest? {
    guard let executable, !settings.isLocked else { return nil }
    let limits = kernel.limits
    // Z3 is a library of the system: another one may come without a new program.
    var parts = [executable.hexadecimal, Solvers.standard().description]
    parts += [kernel.name, kernel.code, kernel.symbol ?? "-"]
    parts += [kernel.isa ?? "-"] + kernel.cpus + ["\(limits.iterations)"]
    parts += limits.stages.map(\.rawValue).sorted() + kernel.waived.map(\.rawValue).sorted()
    parts += kernel.provenance.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
    switch kernel.obligation {
    case .specification(let path): parts += ["specification", path]
    case .reference(let argument, let specification, let prototype):
      parts += ["reference", argument, specification ?? "-", prototype ?? "-"]
    }
    guard let paths = kernel.files else { return nil }
    for path in paths {
      guard let bytes = Files.read(manifest.folder + path) else { return nil }
      parts.append(Digest(of: bytes).hexadecimal)
    }
    return Digest(of: parts.map { "\($0.utf8.count) \($0)\n" }.joined())
  }

  /// The proof of a kernel that the cache has.
  func known(_ kernel: Manifest.Kernel, _ key: Digest?) -> KernelJob.Outcome? {
    guard let cache = settings.cache, let key,
      let contents = cache.read(.kernels, key),
      var outcome = try? RecordText.read(KernelJob.Outcome.self, contents),
      outcome.kernel.verdict == .proved, outcome.record != nil
    else { return nil }
    outcome.kernel.line = kernel.line
    outcome.kernel.column = kernel.column
    outcome.kernel.isCached = true
    outcome.damaged = []
    return outcome
  }

  /// Keeps a proof for the next run, unless its files changed since `key` was made: the worker may
  /// have read others then.
  func remember(
    _ outcome: KernelJob.Outcome, of kernel: Manifest.Kernel, _ key: Digest?
  ) {
    guard let cache = settings.cache, outcome.kernel.verdict == .proved, outcome.record != nil,
      let key, self.key(kernel) == key,
      let contents = try? RecordText.compact(outcome)
    else { return }
    cache.write(.kernels, key, contents)
  }
}

extension Cache {
  /// The digest of a file, which is read only if it may have changed since that was done.
  func digest(ofFile path: String) -> Digest? {
    guard let identity = Files.identity(path) else { return Digest(ofFile: path) }
    let key = Digest(of: identity)
    if let known = read(.files, key),
      let digest = Digest(hexadecimal: String(decoding: known, as: UTF8.self))
    {
      return digest
    }
    guard let digest = Digest(ofFile: path), Files.identity(path) == identity else { return nil }
    write(.files, key, Array(digest.hexadecimal.utf8))
    return digest
  }
}
