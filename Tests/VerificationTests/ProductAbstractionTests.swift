import Terms
import Testing
import Verification

/// Products as unknowns with a range: no value that a product takes is lost, and both ends are taken.
@Suite struct ProductAbstractionTests {
  private enum Extension: CaseIterable {
    case sign, zero

    func apply(_ terms: TermManager, _ term: Term, to width: Int) -> Term {
      self == .sign ? terms.signExtend(term, to: width) : terms.zeroExtend(term, to: width)
    }
  }

  /// The values of the unknown that satisfy the assertions, and those that products take.
  private func values(
    _ left: (Extension, Int), _ right: (Extension, Int), width: Int
  ) throws -> (allowed: Set<UInt64>, taken: Set<UInt64>) {
    let terms = TermManager()
    let (x, y) = (terms.variable("x", width: left.1), terms.variable("y", width: right.1))
    let product = terms.multiply(
      left.0.apply(terms, x, to: width), right.0.apply(terms, y, to: width))
    let claim = terms.equal(product, terms.variable("p", width: width))
    let easier = try #require(ProductAbstraction(terms, [claim]))
    #expect(!terms.support(of: easier.assertions).contains { terms.operation($0) == .multiply })
    var evaluator = Evaluator(terms, roots: [terms.and(easier.assertions)], lanes: 1 << width)
    for variable in evaluator.variables { evaluator.set(variable, words: { UInt64($0) }) }
    evaluator.run()
    let all = terms.and(easier.assertions)
    let allowed = (0..<1 << width).filter { evaluator.word(all, lane: $0) == 1 }
    var products = Evaluator(terms, roots: [product], lanes: 1 << (left.1 + right.1))
    products.set(x, words: { UInt64($0) & (1 << UInt64(left.1) - 1) })
    products.set(y, words: { UInt64($0) >> UInt64(left.1) })
    products.run()
    let taken = (0..<1 << (left.1 + right.1)).map { products.word(product, lane: $0) }
    return (Set(allowed.map { UInt64($0) }), Set(taken))
  }

  @Test(arguments: [(3, 3, 8), (4, 2, 8), (2, 4, 7), (4, 4, 9)])
  func allProductsAreAllowed(_ left: Int, _ right: Int, _ width: Int) throws {
    for first in Extension.allCases {
      for second in Extension.allCases {
        let (allowed, taken) = try values((first, left), (second, right), width: width)
        #expect(taken.isSubset(of: allowed), "\(first) \(left), \(second) \(right)")
        let sign = UInt64(1) << UInt64(width - 1)
        #expect(allowed.map { $0 ^ sign }.min() == taken.map { $0 ^ sign }.min())
        #expect(allowed.map { $0 ^ sign }.max() == taken.map { $0 ^ sign }.max())
      }
    }
  }

  @Test func aProductThatWrapsIsAnything() throws {
    let (allowed, _) = try values((.sign, 4), (.sign, 4), width: 5)
    #expect(allowed.count == 32)
  }
}
