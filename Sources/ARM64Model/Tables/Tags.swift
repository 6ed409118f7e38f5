import MachineModel
import Terms

/// IRG and GMI: tags in bits 59:56 of an address. The accesses to tags in memory have no rows.
extension ARM64 {
  static let tags: [Entry] = [
    Entry(
      "IRG", feature: "FEAT_MTE",
      [Row("irg <Xd|SP>, <Xn|SP>, <Xm>", "1 0 0 11010110 Rm:5 000100 Rn:5 Rd:5")]
    ) { instruction, state in
      // The tag is random among those that Xm and GCR_EL1 do not exclude, or zero: any.
      let (terms, address) = (state.terms, state[instruction[1]])
      let tag = state.undefined(.bitVector(4), "the tag that irg chooses")
      state[instruction[0]] = terms.concat([
        terms.extract(address, 63, 60), tag, terms.extract(address, 55, 0),
      ])
    },
    Entry(
      "GMI", feature: "FEAT_MTE",
      [Row("gmi <Xd>, <Xn|SP>, <Xm>", "1 0 0 11010110 Rm:5 000101 Rn:5 Rd:5")]
    ) { instruction, state in
      let terms = state.terms
      let tag = terms.zeroExtend(terms.extract(state[instruction[1]], 59, 56), to: 64)
      let bit = terms.shiftLeft(terms.constant(1, width: 64), tag)
      state[instruction[0]] = terms.or(state[instruction[2]], bit)
    },
  ]
}
