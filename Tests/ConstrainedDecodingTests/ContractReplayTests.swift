import BinVerify
import ConstrainedDecoding
import Contracts
import FoundationEssentials
import ObjectFiles
import Testing

/// Functions that compilers wrote, under the constraints of the specifications that they are proved of.
@Suite struct ContractReplayTests {
  private struct Manifest: Decodable {
    struct Kernel: Decodable {
      let kernel: String
      let spec: String
      let symbol: String?
      let isa: String
      let expected: String
    }
    let kernels: [Kernel]
  }

  private static let samples =
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/samples/"

  /// Kernels that cannot be written: 64 bits are read of an argument of 32.
  private static let limits: Set = ["shl128/shl128.x86-64.gcc-O0.o"]

  @Test(arguments: ["x86-64", "arm64"]) func provedFunctionsAreAccepted(isa: String) throws {
    let data = try #require(FileManager.default.contents(atPath: Self.samples + "manifest.json"))
    let kernels = try JSONDecoder().decode(Manifest.self, from: data).kernels.filter {
      $0.kernel.hasSuffix(".o") && $0.isa == isa && $0.expected == "proved"
    }
    let specifications = Set(kernels.map(\.spec)).sorted().enumerated().filter {
      $0.offset % Scale.of(6, full: 1) == 0
    }.map(\.element)
    var (whole, refused) = (0, [String]())
    for specification in specifications {
      let decoder = try decoder(try Self.constraint(specification, isa))
      for kernel in kernels where kernel.spec == specification {
        guard let code = try Self.code(kernel) else { continue }
        if let reason = Self.refusal(of: code, decoder) {
          refused.append(kernel.kernel)
          #expect(Self.limits.contains(kernel.kernel), "\(kernel.kernel): \(reason)")
        } else {
          #expect(!Self.limits.contains(kernel.kernel), "\(kernel.kernel) can be written")
          whole += 1
        }
      }
    }
    #expect(whole > 9 * refused.count, "\(whole), not \(refused)")
    try EvidencePage.note(
      "compiled functions under the constraints of their specifications, \(refused.count) not written",
      isa,
      compared: whole, wrong: 0)
  }

  private static func constraint(_ specification: String, _ isa: String) throws
    -> DecodingConstraint
  {
    let text = try #require(
      FileManager.default.contents(atPath: samples + specification).map {
        String(decoding: $0, as: UTF8.self)
      })
    var result = try DecodingConstraint(
      contract: try Contract.parse(text: text, file: specification), isa: isa,
      wideArguments: true)
    result.branches = .loops
    result.addresses = .anyOffset
    return result
  }

  /// The bytes of a function that reads no table and calls nothing; nil of others.
  private static func code(_ kernel: Manifest.Kernel) throws -> [UInt8]? {
    let argument = samples + kernel.kernel + (kernel.symbol.map { ":" + $0 } ?? "")
    let code = try CodeLoader.load(argument: argument)
    let lines = try disassemble(code)
    let isCalling = lines.contains { $0.instruction?.form.family.flow == .call }
    return code.code.segments.count > 1 || isCalling ? nil : lines.flatMap(\.bytes)
  }

  private static func refusal(of code: [UInt8], _ decoder: CompiledDecoder) -> String? {
    var matcher = decoder.matcher()
    for byte in code {
      let reason = matcher.explain(token: Int(byte))
      if !matcher.accept(token: Int(byte)) { return reason ?? "" }
    }
    return matcher.isCompleted ? nil : "not complete"
  }
}
