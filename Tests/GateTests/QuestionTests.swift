import Gate
import Testing

/// What is asked of a kernel is told apart from all that is not the same, by bytes.
@Suite struct QuestionTests {
  private static let composed = "\u{e9}"
  private static let decomposed = "e\u{301}"

  private static func kernel(_ members: String) throws -> Manifest.Kernel {
    let text = "version: 1\nkernels:\n  - {name: k, isa: x86-64, \(members)}"
    return try Manifest(text: text, file: "none/m.yml").kernels[0]
  }

  /// Entries of which no two ask the same.
  private static let entries =
    [
      "code: a, specification: s",
      "code: a, specification: s, provenance: {ensures: independence}",
      "code: a, specification: s, obligations: [termination, faults, memory, abi]",
      "code: a, specification: s, obligations: [termination, faults, memory, abi, ensures]",
      "code: a, specification: s, provenance: {a: b, c: d}",
      "code: a, specification: s, provenance: {a: \"b\\n1 c\\n1 d\"}",
      "code: a, specification: s, symbol: '-'",
      "code: a, specification: s, cpu: x86-64-v3",
      "code: a, specification: s, cpu: [x86-64-v3, '-']",
      "code: a, specification: s, engine: [z3]",
      "code: a, specification: s, engine: [sat]",
      "code: a, specification: s, unroll: 7",
      "code: a, reference: s, specification: '- 1'",
      "code: a, reference: s, prototype: '-'",
      "code: a, reference: 's:-', prototype: '-'",
    ]
    + [composed, decomposed].flatMap { letter in
      [
        "code: \(letter), specification: s", "code: a, specification: \(letter)",
        "code: a, symbol: \(letter), specification: s",
        "code: a, reference: \(letter), prototype: p",
        "code: a, reference: 'a:\(letter)', prototype: p",
        "code: a, specification: s, provenance: {a: \(letter)}",
      ]
    }

  @Test func noTwoAreTheSame() throws {
    let kernels = try QuestionTests.entries.map(QuestionTests.kernel)
    #expect(Set(kernels.map { Array($0.question.utf8) }).count == kernels.count)
    for (index, kernel) in kernels.enumerated() {
      for (place, other) in kernels.enumerated() {
        #expect(kernel.asks(theSameAs: other) == (index == place), "\(index) and \(place)")
      }
    }
  }

  /// What limits the cost of an answer is no part of the question, but of the entry.
  @Test(arguments: ["timeout: 7", "memory: 1G", "inconclusive: warn"])
  func limitsAreNoPartOfIt(member: String) throws {
    let plain = try QuestionTests.kernel("code: a, specification: s")
    let limited = try QuestionTests.kernel("code: a, specification: s, \(member)")
    #expect(plain.question == limited.question && !plain.asks(theSameAs: limited))
  }
}
