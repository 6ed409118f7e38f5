import Terms
import Testing

/// Texts of queries that can stand for them.
@Suite struct CanonicalScriptTests {
  /// A query of some size, in a manager that may hold other terms already.
  private func script(_ terms: TermManager) -> String? {
    let (x, y) = (terms.variable("x", width: 32), terms.variable("y", width: 32))
    let product = terms.multiply(x, y)
    var sum = product
    for index in 1..<9 {
      sum = terms.xor(terms.add(sum, terms.constant(UInt64(index), width: 32)), product)
    }
    return SMTLIBWriter(terms).canonicalScript(
      asserting: [terms.unsignedLess(x, y), terms.equal(sum, x)])
  }

  @Test func dependsOnTheAssertionsAlone() throws {
    let used = TermManager()
    for index in 0..<100 { _ = used.variable("other \(index)", width: 8) }
    let text = try #require(script(TermManager()))
    #expect(text.contains("(define-fun ?"))
    #expect(text == script(used))
  }

  /// Two variables whose names differ only in what symbols cannot hold have no text.
  @Test func refusesSymbolsThatMeet() {
    let terms = TermManager()
    let goal = terms.equal(terms.variable("a|b", width: 8), terms.variable("a\\b", width: 8))
    #expect(SMTLIBWriter(terms).canonicalScript(asserting: [goal]) == nil)
    let single = terms.equal(terms.variable("a|b", width: 8), terms.constant(1, width: 8))
    #expect(SMTLIBWriter(terms).canonicalScript(asserting: [single]) != nil)
  }
}
