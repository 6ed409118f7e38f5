import Terms
import Testing

@Suite("Lanes of bit-vectors")
struct LanesTests {
  private let terms = TermManager()

  @Test("lane 0 is the least significant, and joining undoes splitting")
  func order() {
    let value = terms.constant(0x0403_0201, width: 32)
    let lanes = terms.lanes(value, of: 8)
    #expect(lanes.map { terms.small($0) } == [1, 2, 3, 4])
    #expect(terms.joined(lanes) == value)
    let variable = terms.variable("x", width: 128)
    #expect(terms.joined(terms.lanes(variable, of: 16)) == variable)
  }

  @Test("saturation of every 10-bit number to 8 and to 5 bits")
  func saturation() {
    for width in [5, 8] {
      let half = Int64(1) << Int64(width - 1)
      for number in Int64(-512)..<512 {
        let value = terms.constant(signed: number, width: 10)
        let signed = terms.constant(signed: min(max(number, -half), half - 1), width: width)
        let unsigned = terms.constant(signed: min(max(number, 0), 2 * half - 1), width: width)
        #expect(terms.saturatedSigned(value, to: width) == signed)
        #expect(terms.saturatedUnsigned(value, to: width) == unsigned)
      }
    }
  }

  @Test("lane operations work lane by lane")
  func lanewise() {
    let left = terms.constant(0x01FF, width: 16)
    let right = terms.constant(0x0101, width: 16)
    #expect(terms.zipLanes(left, right, of: 8, terms.add) == terms.constant(0x0200, width: 16))
    #expect(terms.mapLanes(left, of: 8, terms.negate) == terms.constant(0xFF01, width: 16))
  }
}
