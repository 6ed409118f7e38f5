import MachineModel
import Terms

/// Products that came with Armv8.1 and Armv8.2: SQRDMLAH, SQRDMLSH, SDOT, UDOT.
extension ARM64 {
  static let vectorExtensions: [Entry] =
    [("sqrdmlah", "0", "1101"), ("sqrdmlsh", "1", "1111")].map { name, s, opcode in
      let isSum = s == "0"
      return simd(
        name.uppercased(), feature: "FEAT_RDM", saturates: true, roundingRows(name, s, opcode),
        execute: ternary { state, old, left, right in
          let (terms, width) = (state.terms, state.terms.width(old))
          let size = 2 * width + 3
          let product = terms.signExtend(terms.doubledProduct(left, right), to: size)
          let half = terms.constant(1 << UInt64(width - 1), width: size)
          let start = terms.add(
            terms.shiftLeft(terms.signExtend(old, to: size), by: width), half)
          let sum = isSum ? terms.add(start, product) : terms.subtract(start, product)
          return state.saturate(terms.extract(sum, size - 1, width), to: width, .signed)
        })
    }
    + [("sdot", "0", MachineState.Signedness.signed), ("udot", "1", .unsigned)].map {
      name, u, signedness in
      simd(
        name.uppercased(), feature: "FEAT_DotProd",
        [
          Row(
            "\(name) <Vd>.<s>, <Vn>.<b>, <Vm>.<b>",
            "0 Q \(u) 01110 10 0 Rm:5 1 0010 1 Rn:5 Rd:5"),
          Row(
            "\(name) <Vd>.<s>, <Vn>.<b>, <Vm>.4b[<H:L>]",
            "0 Q \(u) 01111 10 L Rm:5 1110 H 0 Rn:5 Rd:5"),
        ], execute: dotProduct(signedness))
    }

  private static func roundingRows(_ name: String, _ s: String, _ opcode: String) -> [Row] {
    [
      Row(
        "\(name) <Vd>.<T>, <Vn>.<T>, <Vm>.<T>",
        "0 Q 1 01110 size:2!=00!=11 0 Rm:5 1000\(s) 1 Rn:5 Rd:5"),
      Row(
        "\(name) <V><d>, <V><n>, <V><m>",
        "01 1 11110 size:2!=00!=11 0 Rm:5 1000\(s) 1 Rn:5 Rd:5"),
    ]
      + [("h", "01 L M Rm:4", "H:L:M"), ("s", "10 L Rm:5", "H:L")].flatMap {
        letter, size, index in
        let register = letter.uppercased()
        return [
          Row(
            "\(name) <Vd>.<\(letter)>, <Vn>.<\(letter)>, <Vm>.\(letter)[<\(index)>]",
            "0 Q 1 01111 \(size) \(opcode) H 0 Rn:5 Rd:5"),
          Row(
            "\(name) <\(register)d>, <\(register)n>, <Vm>.\(letter)[<\(index)>]",
            "01 1 11111 \(size) \(opcode) H 0 Rn:5 Rd:5"),
        ]
      }
  }

  /// To each word the sum of the products of four bytes; an element is four bytes.
  private static func dotProduct(_ signedness: MachineState.Signedness) -> Execution {
    { instruction, state in
      let terms = state.terms
      let old = state.lanes(instruction.register(0))
      let left = state.lanes(instruction.register(1))
      let right = terms.lanes(state[instruction.register(2)], of: 8)
      state.setLanes(
        instruction,
        old.indices.map { index in
          (4 * index..<4 * index + 4).reduce(old[index]) { sum, place in
            let factors = [left[place], right[place % right.count]].map {
              terms.extend($0, signedness, to: 32)
            }
            return terms.add(sum, terms.multiply(factors[0], factors[1]))
          }
        })
    }
  }
}
