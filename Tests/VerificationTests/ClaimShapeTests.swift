import Terms
import Testing
import Verification

/// Shapes are equal for claims that differ in names only, and for no others.
@Suite struct ClaimShapeTests {
  private let terms = TermManager()

  private func variable(_ name: String, _ width: Int = 8) -> Term {
    terms.variable(name, width: width)
  }

  private func shape(_ claim: Term) throws -> ClaimShape {
    try #require(ClaimShape(claim, in: terms))
  }

  @Test func namesDoNotMatter() throws {
    func claim(_ x: String, _ y: String) -> Term {
      terms.unsignedLess(terms.unsignedDivide(variable(x), variable(y)), variable(x))
    }
    #expect(try shape(claim("a", "b")) == shape(claim("c", "d")))
    #expect(try shape(claim("a", "b")) != shape(claim("a", "a")))
  }

  @Test func whatChangesTheValueChangesTheShape() throws {
    let (x, y, wide) = (variable("x"), variable("y"), variable("w", 16))
    let five = terms.constant(5, width: 8)
    let claims = [
      terms.unsignedLess(x, y), terms.signedLess(x, y), terms.unsignedLess(x, five),
      terms.unsignedLess(x, terms.constant(6, width: 8)), terms.unsignedLess(five, x),
      terms.unsignedLess(terms.extract(wide, 8, 1), y),
      terms.unsignedLess(terms.extract(wide, 9, 2), y),
      terms.unsignedLess(terms.unsignedDivide(x, y), x),
      terms.unsignedLess(terms.unsignedDivide(x, y), y),
      terms.unsignedLess(wide, terms.signExtend(x, to: 16)),
      terms.unsignedLess(wide, terms.zeroExtend(x, to: 16)),
      terms.unsignedLess(wide, variable("v", 16)),
      terms.and(terms.variable("p", .bool), terms.unsignedLess(x, y)),
    ]
    let shapes = try Set(claims.map { try shape($0) })
    #expect(shapes.count == claims.count)
  }

  @Test func arraysHaveNoShape() {
    let array = terms.variable("m", .array(index: 64, element: 8))
    let byte = terms.select(array, variable("i", 64))
    #expect(ClaimShape(terms.equal(byte, variable("x")), in: terms) == nil)
  }
}
