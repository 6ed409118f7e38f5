import Contracts
import Terms
import Testing

/// Whatever is done to a specification, reading it ends in a contract or in an error.
@Suite struct MutationTests {
  private static let pieces = [
    "(", ")", "((", "))", "\"", "|", ";", "\n", "\0", "#x", "#b", "0", "99999999999999999999", "_",
    "let", "(let ((x x)) ", "bvadd", "(_ bv", "extract", "true", "[", "]", "*", "int", "const",
    "p", "result", ".out", "(bvudiv x ", "select", "(_ repeat 1000)", "é", "ensures", "=", ":",
  ].map { Array($0.utf8) }

  private static func mutate(
    _ bytes: [UInt8], using random: inout SplitMix64
  ) -> [UInt8] {
    var result = bytes
    for _ in 0..<Int.random(in: 1...3, using: &random) {
      guard !result.isEmpty else { return result }
      let place = Int.random(in: 0..<result.count, using: &random)
      let end = min(result.count, place + Int.random(in: 1...24, using: &random))
      switch Int.random(in: 0..<6, using: &random) {
      case 0: result[place] = UInt8.random(in: 0...255, using: &random)
      case 1: result.removeSubrange(place..<end)
      case 2: result.insert(contentsOf: result[place..<end], at: place)
      case 3:
        let piece = pieces[Int.random(in: 0..<pieces.count, using: &random)]
        result.insert(contentsOf: piece, at: place)
      case 4: result.removeSubrange(place...)
      default:
        let other = Int.random(in: 0..<result.count, using: &random)
        result.swapAt(place, other)
      }
    }
    return result
  }

  @Test func everyMutantIsReadOrRefused() {
    var random = SplitMix64(seed: 1)
    var (read, refused) = (0, 0)
    for round in 0..<20_000 {
      let sample = Sample.all[round % Sample.all.count]
      let text = String(
        decoding: Self.mutate(Array(sample.text.utf8), using: &random), as: UTF8.self)
      do throws(SpecificationError) {
        let contract = try Contract.parse(text: text, file: sample.file)
        let terms = TermManager()
        let names = environment(of: contract, in: terms)
        _ = try contract.elaborateRequires(environment: names, in: terms)
        _ = try contract.elaborateEnsures(environment: names, in: terms)
        read += 1
      } catch {
        #expect(error.position.line >= 1 && error.position.column >= 1 && !error.message.isEmpty)
        // By bytes: to a string a carriage return and a line feed are one character.
        let lineFeeds = text.utf8.count { $0 == UInt8(ascii: "\n") }
        #expect(error.position.line <= lineFeeds + 1)
        refused += 1
      }
    }
    #expect(read > 500, "\(read) read, \(refused) refused")
    #expect(refused > 10_000, "\(read) read, \(refused) refused")
  }

  @Test func everyPrototypeMutantIsReadOrRefused() {
    var random = SplitMix64(seed: 2)
    let texts = PrototypeTests.good.map { Array($0.input.utf8) }
    for round in 0..<20_000 {
      let text = String(
        decoding: Self.mutate(texts[round % texts.count], using: &random), as: UTF8.self)
      if let prototype = try? Prototype.parse(text) {
        let skeleton = SpecificationSkeleton(prototype)
        #expect(throws: Never.self) {
          try Contract.parse(text: skeleton.text, file: "skeleton")
        }
      }
    }
  }
}
