import Contracts
import FoundationEssentials
import Terms
import Testing

/// The specifications under `samples/`.
struct Sample: CustomTestStringConvertible {
  let file: String
  let text: String

  var testDescription: String { file }

  static let all: [Sample] = {
    var folder = #filePath[...]
    for _ in 0..<3 { folder = folder[..<(folder.lastIndex(of: "/") ?? folder.startIndex)] }
    let samples = folder + "/samples"
    let files = FileManager.default
    let names = (try? files.contentsOfDirectory(atPath: String(samples))) ?? []
    return names.sorted().flatMap { name in
      ((try? files.contentsOfDirectory(atPath: "\(samples)/\(name)")) ?? []).sorted()
        .filter { $0.hasSuffix(".smt") }
        .compactMap { file in
          files.contents(atPath: "\(samples)/\(name)/\(file)")
            .map { Sample(file: "\(name)/\(file)", text: String(decoding: $0, as: UTF8.self)) }
        }
    }
  }()
}

/// One variable for each name of a contract.
func environment(of contract: Contract, in terms: TermManager) -> [String: Term] {
  Dictionary(
    uniqueKeysWithValues: contract.names.map { ($0.name, terms.variable($0.name, $0.sort)) })
}

@Suite struct SampleSpecificationTests {
  @Test func thereAreSamples() { #expect(Sample.all.count >= 40) }

  @Test(arguments: Sample.all) func parsesAndElaborates(_ sample: Sample) throws {
    let contract = try Contract.parse(text: sample.text, file: sample.file)
    let terms = TermManager()
    let names = environment(of: contract, in: terms)
    let requires = try contract.elaborateRequires(environment: names, in: terms)
    let ensures = try contract.elaborateEnsures(environment: names, in: terms)
    #expect(terms.isBool(requires) && terms.isBool(ensures))
    #expect(requires != terms.false && ensures != terms.false && ensures != terms.true)
    let inputs = Set(contract.names.filter(\.isInput).map { names[$0.name] })
    #expect(terms.freeVariables(of: [requires]).allSatisfy { inputs.contains($0) })
  }
}
