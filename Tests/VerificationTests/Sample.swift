import ARM64Model
import Contracts
import FoundationEssentials
import MachineModel
import ObjectFiles
import Verification
import X86Model
import Z3Backend

/// A kernel of `samples/manifest.json` with what is expected of it.
struct Sample: Decodable, Sendable, CustomStringConvertible {
  let kernel: String
  let symbol: String?
  let spec: String
  let isa: String
  let expected: String
  let obligation: String?
  let straightLine: Bool?

  private struct Manifest: Decodable { let kernels: [Sample] }

  var description: String { kernel }

  /// The folder of this package.
  static let root = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

  static let all: [Sample] = {
    let path = root + "/samples/manifest.json"
    guard let data = FileManager.default.contents(atPath: path),
      let manifest = try? JSONDecoder().decode(Manifest.self, from: data)
    else { return [] }
    return manifest.kernels
  }()

  var architecture: any Architecture { isa == "arm64" ? ARM64() : X86() }

  func code() throws -> Code {
    let bytes = try InputFile.read(Sample.root + "/samples/" + kernel)
    let isRaw = !kernel.hasSuffix(".o")
    return try CodeLoader.load(
      bytes: bytes, name: kernel, symbol: isRaw ? nil : symbol, isa: isRaw ? isa : nil
    ).code
  }

  func contract() throws -> Contract {
    let bytes = try InputFile.read(Sample.root + "/samples/" + spec)
    return try Contract.parse(text: String(decoding: bytes, as: UTF8.self), file: spec)
  }

  func verify(_ options: VerificationOptions = VerificationOptions()) throws -> VerificationReport {
    try Verifier(
      code: code(), contract: contract(), architecture: architecture, solvers: .standard(),
      options: options
    ).verify()
  }
}
