import MachineModel
import Terms

/// SBFM, BFM, UBFM, EXTR.
extension ARM64 {
  static let bitfield: [Entry] = [
    Entry("SBFM", bitfieldRows("sbfm", "00")) { instruction, state in
      let (field, position) = movedField(instruction, state)
      state[instruction[0]] = place(field, at: position, instruction, state.terms) {
        $0.signExtend($1, to: $2)
      }
    },
    Entry("BFM", bitfieldRows("bfm", "01")) { instruction, state in
      let terms = state.terms
      let (field, position) = movedField(instruction, state)
      let old = state[instruction.register(0)]
      let top = position + terms.width(field)
      var result = field
      if position > 0 { result = terms.concat(result, terms.extract(old, position - 1, 0)) }
      if top < terms.width(old) {
        result = terms.concat(terms.extract(old, terms.width(old) - 1, top), result)
      }
      state[instruction[0]] = result
    },
    Entry("UBFM", bitfieldRows("ubfm", "10")) { instruction, state in
      let (field, position) = movedField(instruction, state)
      state[instruction[0]] = place(field, at: position, instruction, state.terms) {
        $0.zeroExtend($1, to: $2)
      }
    },
    Entry("EXTR", extractRows) { instruction, state in
      let terms = state.terms
      let (high, low) = (state[instruction.register(1)], state[instruction.register(2)])
      let position = instruction.code(3)
      let width = terms.width(low)
      state[instruction[0]] = terms.extract(
        terms.concat(high, low), position + width - 1, position)
    },
  ]

  /// The bits `imms` down to `immr` of the source, which go to bit 0, or else the bits `imms` down
  /// to 0, which go up by the width minus `immr`.
  private static func movedField(
    _ instruction: Instruction, _ state: MachineState
  ) -> (field: Term, position: Int) {
    let source = state[instruction.register(1)]
    let (immr, imms) = (instruction.code(2), instruction.code(3))
    if imms >= immr { return (state.terms.extract(source, imms, immr), 0) }
    return (state.terms.extract(source, imms, 0), state.terms.width(source) - immr)
  }

  /// `field` with zeros below and what `extend` makes above.
  private static func place(
    _ field: Term, at position: Int, _ instruction: Instruction, _ terms: TermManager,
    extend: (TermManager, Term, Int) -> Term
  ) -> Term {
    let width = instruction.register(0).width
    let above = extend(terms, field, width - position)
    return position == 0 ? above : terms.concat(above, terms.constant(0, width: position))
  }

  // swift-format-ignore
  private static func bitfieldRows(_ mnemonic: String, _ opc: String) -> [Row] {
    [
      Row("\(mnemonic) <Wd>, <Wn>, #<immr>, #<imms>", "0 \(opc) 100110 0 0 immr:5 0 imms:5 Rn:5 Rd:5"),
      Row("\(mnemonic) <Xd>, <Xn>, #<immr>, #<imms>", "1 \(opc) 100110 1 immr:6 imms:6 Rn:5 Rd:5"),
    ]
  }

  // swift-format-ignore
  private static let extractRows: [Row] = [
    Row("extr <Wd>, <Wn>, <Wm>, #<lsb>", "0 00 100111 0 0 Rm:5 0 lsb:5 Rn:5 Rd:5"),
    Row("extr <Xd>, <Xn>, <Xm>, #<lsb>", "1 00 100111 1 0 Rm:5 lsb:6 Rn:5 Rd:5"),
  ]
}
