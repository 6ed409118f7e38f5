import Crypto
import Isolation
import ObjectFiles

/// A revision of a git repository, as far as it tells which kernels are as they were.
///
/// Files are compared by content with what the revision holds, whatever git's index, filters or
/// ignored files say: what is not the same for certain counts as changed.
public struct Revision {
  /// Why a revision cannot be read.
  public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    public let description: String
  }

  private let git: IsolatedProgram
  /// The manifest's folder within the repository: empty or with a slash at its end.
  private let prefix: String
  /// The manifest's folder: empty or with a slash at its end.
  private let folder: String
  private let revision: String
  /// The object names of the revision's files by the bytes of their paths, links left out.
  private let files: [[UInt8]: String]

  /// The revision that `name` means in the repository of the manifest's folder.
  public init(_ name: String, folder: String) throws(Failure) {
    self.folder = folder
    guard let path = IsolatedProgram.find("git") else {
      throw Failure(description: "git is not on the path")
    }
    git = IsolatedProgram(path: path, arguments: ["-C", folder.isEmpty ? "." : folder])
    // Resolved first, so that a name never is an option.
    revision = try Revision.line(
      git, ["rev-parse", "--verify", "--quiet", "--end-of-options", name + "^{commit}"],
      "'\(name)' is no revision of this repository")
    prefix = try Revision.line(git, ["rev-parse", "--show-prefix"], "no repository")
    let listing = try Revision.output(
      git, ["ls-tree", "-r", "-z", "--full-tree", revision], "its files cannot be listed")
    var files: [[UInt8]: String] = [:]
    for entry in listing.split(separator: 0) {
      // MODE SP TYPE SP OBJECT TAB PATH; links and submodules have other modes.
      let halves = entry.split(separator: UInt8(ascii: "\t"), maxSplits: 1)
      let words = (halves.first ?? []).split(separator: UInt8(ascii: " "))
      guard halves.count == 2, words.count == 3, words[0].starts(with: "100".utf8) else { continue }
      files[Array(halves[1])] = String(decoding: words[2], as: UTF8.self)
    }
    self.files = files
  }

  private static func output(
    _ git: IsolatedProgram, _ arguments: [String], _ message: String
  ) throws(Failure) -> [UInt8] {
    let command = IsolatedProgram(path: git.path, arguments: git.arguments + arguments)
    switch command.run(seconds: 60, outputLimit: 1 << 30) {
    case .exited(0, let output, _): return output
    case .exited(_, _, let errors):
      let remark = String(decoding: errors.prefix { $0 != 10 }, as: UTF8.self)
      throw Failure(description: remark.isEmpty ? message : "\(message): \(remark)")
    default: throw Failure(description: message)
    }
  }

  private static func line(
    _ git: IsolatedProgram, _ arguments: [String], _ message: String
  ) throws(Failure) -> String {
    let output = try output(git, arguments, message)
    return String(decoding: output.prefix { $0 != 10 }, as: UTF8.self)
  }

  /// The kernels of `manifest` that may not be what they were: a file of theirs, their record or
  /// what the manifest says of them differs.
  public func touched(of manifest: Manifest, proofs: RecordStore) -> [Manifest.Kernel] {
    let before = old(manifest)
    return manifest.kernels.filter { kernel in
      guard let was = before[kernel.name], was.asks(theSameAs: kernel) else { return true }
      let records = [proofs.path(kernel.name), proofs.envelopePath(kernel.name)]
      return !kernel.files.allSatisfy(isTheSame) || !isTheSame(records[0])
        || !isTheSame(records[1], mayBeMissing: true)
    }
  }

  /// The kernels of the revision's manifest by name, its patterns matched against today's files and what
  /// FILE:SYMBOL means decided by those that there were; none if it cannot be read.
  private func old(_ manifest: Manifest) -> [String: Manifest.Kernel] {
    let name = String(Substring(manifest.file.utf8.dropFirst(manifest.folder.utf8.count)))
    guard let object = inRepository(name).flatMap({ files[$0] }),
      let bytes = try? Revision.output(git, ["cat-file", "blob", object], ""),
      let text = String(validating: bytes, as: UTF8.self),
      let old = try? Manifest(
        text: text, file: manifest.file,
        exists: { self.inRepository($0).map { self.files[$0] != nil } ?? false })
    else { return [:] }
    return Dictionary(old.kernels.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// Whether a file, by its path from the manifest's folder, is what the revision has there.
  private func isTheSame(_ path: String, mayBeMissing: Bool) -> Bool {
    let place = inRepository(path)
    guard let bytes = Files.read(folder + path) else {
      return mayBeMissing && !InputFile.exists(folder + path)
        && place.map { files[$0] == nil }
          ?? false
    }
    guard let place, let object = files[place] else { return false }
    let blob = Array("blob \(bytes.count)\0".utf8) + bytes
    let digest =
      object.utf8.count == 40
      ? Array(Insecure.SHA1.hash(data: blob)) : Array(SHA256.hash(data: blob))
    return Digest.hexadecimal(digest) == object
  }

  private func isTheSame(_ path: String) -> Bool { isTheSame(path, mayBeMissing: false) }

  /// The path from the repository's root; nil outside of it, and where dots follow a name, which may
  /// be a link.
  private func inRepository(_ path: String) -> [UInt8]? {
    let (slash, here, above) = (UInt8(ascii: "/"), Array(".".utf8), Array("..".utf8))
    guard path.utf8.first != slash else { return nil }
    var folders = prefix.utf8.split(separator: slash).map { Array($0) }
    var names = path.utf8.split(separator: slash).map { Array($0) }.filter { $0 != here }[...]
    while names.first == above {
      guard folders.popLast() != nil else { return nil }
      names.removeFirst()
    }
    return names.contains(above) ? nil : Array((folders + names).joined(separator: [slash]))
  }
}
