import BinVerify
import Isolation
import Synchronization

/// Proofs of whole kernels in a cache.
struct KernelCache: Sendable {
  let cache: Cache
  /// Where the manifest's paths begin.
  let folder: String
  /// The digest of this program.
  let executable: Digest
  /// What the solvers are called, with their versions: Z3 is a library of the system, and another one
  /// may come without a new program.
  let solvers: String

  /// Nil if the program cannot be read.
  init?(_ cache: Cache, folder: String) {
    guard let executable = cache.digest(ofFile: "/proc/self/exe") else { return nil }
    (self.cache, self.folder, self.executable) = (cache, folder, executable)
    solvers = Solvers.standard().description
  }

  /// A kernel's key, and its proof if it is there.
  struct Entry: Sendable {
    var key: Digest?
    var proof: KernelJob.Outcome?
  }

  /// So few kernels are not worth a thread.
  private static let share = 16

  /// What there is of each kernel; several threads look for many.
  func entries(of kernels: [Manifest.Kernel]) -> [Entry] {
    let parts = max(1, min(kernels.count / KernelCache.share, GateRunner.processorCount))
    let found = FoundEntries()
    inParallel(parts, threads: parts) { part in
      let range = kernels.count * part / parts..<kernels.count * (part + 1) / parts
      var digests: [[UInt8]: Digest] = [:]
      found.set(
        part,
        kernels[range].map { kernel in
          let key = read(kernel, &digests).map { self.key(kernel, $0) }
          return Entry(key: key, proof: key.flatMap { known(kernel, $0) })
        })
    }
    return found.inOrder
  }

  /// What threads found, by their part.
  private final class FoundEntries: Sendable {
    private let parts = Mutex<[Int: [Entry]]>([:])

    func set(_ part: Int, _ entries: [Entry]) { parts.withLock { $0[part] = entries } }

    var inOrder: [Entry] {
      parts.withLock { parts in parts.sorted { $0.key < $1.key }.flatMap(\.value) }
    }
  }

  /// The digest of all that the verdict on a kernel follows from: the bytes of its files, what is
  /// asked of them, and this program.
  private func key(_ kernel: Manifest.Kernel, _ files: [Digest]) -> Digest {
    var fields = FieldText()
    fields.add("program", executable.hexadecimal)
    fields.add("solvers", solvers)
    fields.add("question", kernel.question)
    fields.add("files", files.map(\.hexadecimal))
    return Digest(of: fields.text)
  }

  /// The digests of a kernel's files as they are now; nil if one cannot be read.
  /// - Parameter known: those of files by the bytes of their paths; of others they are added.
  private func read(_ kernel: Manifest.Kernel, _ known: inout [[UInt8]: Digest]) -> [Digest]? {
    var result: [Digest] = []
    for path in kernel.files {
      let name = Array(path.utf8)
      guard let digest = known[name] ?? Files.read(folder + path).map(Digest.init(of:))
      else { return nil }
      known[name] = digest
      result.append(digest)
    }
    return result
  }

  /// The proof of a kernel that the cache has.
  private func known(_ kernel: Manifest.Kernel, _ key: Digest) -> KernelJob.Outcome? {
    guard let contents = cache.read(.kernels, key), let end = contents.firstIndex(of: 10),
      let proof = try? RecordText.read(CachedProof.self, Array(contents[..<end]))
    else { return nil }
    let record = contents[(end + 1)...]
    guard RecordHead(record)?.isOf(kernel) == true else { return nil }
    return proof.report(on: kernel).map {
      KernelJob.Outcome(kernel: $0, record: String(decoding: record, as: UTF8.self))
    }
  }

  /// Keeps a proof for the next run, if what the worker read is what `key` was made of. What was found
  /// stands on the first line, the record after it.
  func remember(_ outcome: KernelJob.Outcome, of kernel: Manifest.Kernel, _ key: Digest?) {
    guard let key, let proof = CachedProof(outcome.kernel), let record = outcome.record,
      self.key(kernel, outcome.files) == key, let found = try? RecordText.compact(proof)
    else { return }
    cache.write(.kernels, key, found + [10] + Array(record.utf8))
  }
}

/// What a record says was asked; the rest of it is not looked at.
private struct RecordHead: Decodable {
  struct Predicate: Decodable {
    let verdict: String
    let options: ProofRecord.Options
    let provenance: [String: String]?
  }

  let subject: [ProofRecord.Subject]
  let predicate: Predicate

  /// Nil for what is no record.
  init?(_ text: ArraySlice<UInt8>) {
    guard let head = try? RecordText.read(RecordHead.self, Array(text)) else { return nil }
    self = head
  }

  /// Whether that is what `kernel` asks, as far as its entry in the manifest says.
  func isOf(_ kernel: Manifest.Kernel) -> Bool {
    subject.map(\.name) == [kernel.name]
      && predicate.verdict == ProofRecord.verdict(on: kernel)
      && predicate.options == ProofRecord.Options(kernel, cpus: predicate.options.cpus)
      && predicate.provenance ?? [:] == kernel.provenance
  }
}

/// What a report says of a proved kernel beyond its entry in the manifest.
private struct CachedProof: Codable {
  let isa: String?
  /// A line each: members by name are slow to read when there are thousands.
  let obligations: [String]
  let placements: Int
  let solver: String
  let seconds: Double

  /// Nil for a kernel that is not proved.
  init?(_ report: GateReport.Kernel) {
    guard report.verdict == .proved else { return nil }
    obligations = report.obligations.map(\.line)
    (isa, placements) = (report.isa, report.placements)
    (solver, seconds) = (report.solver, report.seconds)
  }

  /// The report; nil if the lines are not as they are written.
  func report(on kernel: Manifest.Kernel) -> GateReport.Kernel? {
    var report = GateReport.Kernel(kernel)
    report.obligations = obligations.compactMap(GateReport.Obligation.init(line:))
    guard report.obligations.count == obligations.count else { return nil }
    (report.verdict, report.isCached) = (.proved, true)
    (report.isa, report.placements) = (isa, placements)
    (report.solver, report.seconds) = (solver, seconds)
    return report
  }
}

extension GateReport.Obligation {
  /// The obligation as words on one line: kind, status, stage, claims, seconds.
  fileprivate var line: String {
    "\(kind.rawValue) \(status) \(stage?.rawValue ?? "-") \(claims) \(seconds)"
  }

  fileprivate init?(line: String) {
    let words = line.utf8.split(separator: 0x20).map { String(Substring($0)) }
    guard words.count == 5, let kind = ObligationKind(rawValue: words[0]),
      let claims = Int(words[3]), let seconds = Double(words[4]),
      words[2] == "-" || Stage(rawValue: words[2]) != nil
    else { return nil }
    self.init(
      kind: kind, status: words[1], stage: Stage(rawValue: words[2]), claims: claims,
      seconds: seconds)
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
