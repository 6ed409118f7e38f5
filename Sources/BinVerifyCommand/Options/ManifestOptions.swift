import ArgumentParser
import BinVerify
import Gate
import ObjectFiles

/// The manifest and the folder of records that belong to it.
struct ManifestOptions: ParsableArguments {
  @Option(help: "The manifest.")
  var manifest = "binverify.yml"

  @Option(help: "The folder of records, relative to the manifest's.")
  var proofs = "proofs"

  func validate() throws {
    if proofs.isEmpty { throw ValidationError("--proofs: a folder was expected") }
  }

  /// The manifest in the file.
  func read() throws -> Manifest {
    let bytes = try InputFile.read(manifest)
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure("\(manifest):1:1: error: UTF-8 text was expected")
    }
    return try Manifest(text: text, file: manifest)
  }

  /// The signing keys in the files at `paths`.
  static func signers(_ paths: [String]) throws -> [SigningKey] {
    try paths.map { try SigningKey(pem: try text($0), file: $0) }
  }

  /// The public keys in the files at `paths`.
  static func keys(_ paths: [String]) throws -> [VerifyingKey] {
    try paths.map { try VerifyingKey(pem: try text($0), file: $0) }
  }

  private static func text(_ path: String) throws -> String {
    String(decoding: try InputFile.read(path), as: UTF8.self)
  }
}
