import MachineModel
import Terms

/// Moves of the elements whose mask is negative (Intel SDM, volume 2, VMASKMOVPS, VPMASKMOVD, MASKMOVDQU); there is no
/// access to the memory of the others, but for MASKMOVDQU.
extension Tables {
  static let maskedMoves: [Entry] = [
    Entry(
      maskedLoad("VMASKMOVPS, VPMASKMOVD: masked load", of: 32), loadRows("ps", "2C", "d", "W0")),
    Entry(
      maskedLoad("VMASKMOVPD, VPMASKMOVQ: masked load", of: 64), loadRows("pd", "2D", "q", "W1")),
    Entry(
      maskedStore("VMASKMOVPS, VPMASKMOVD: masked store", of: 32), storeRows("ps", "2E", "d", "W0")),
    Entry(
      maskedStore("VMASKMOVPD, VPMASKMOVQ: masked store", of: 64), storeRows("pd", "2F", "q", "W1")),
    Entry(
      maskedBytes,
      [
        Row("maskmovdqu xmm1, xmm2", "66 0F F7 /r", "SSE2"),
        Row("vmaskmovdqu xmm1, xmm2", "VEX.128.66.0F.WIG F7 /r", "AVX"),
      ]),
  ]

  private static func maskedLoad(_ title: String, of width: Int) -> Family {
    vectorFamily(title) { instruction, state in
      guard case .memory(let memory) = instruction[2] else { return }
      let terms = state.terms
      let address = state.address(of: memory)
      let masks = terms.lanes(state[instruction[1]], of: width)
      let lanes = masks.enumerated().map { index, mask in
        let isTaken = terms.isNegative(mask)
        let place = terms.add(address, terms.constant(UInt64(index * width / 8), width: 64))
        let loaded = state.load(place, byteCount: width / 8, when: isTaken)
        return terms.ifThenElse(isTaken, loaded, terms.constant(0, width: width))
      }
      state[instruction[0]] = terms.joined(lanes)
    }
  }

  private static func maskedStore(_ title: String, of width: Int) -> Family {
    vectorFamily(title) { instruction, state in
      guard case .memory(let memory) = instruction[0] else { return }
      state.store(
        state[instruction[2]], at: state.address(of: memory), masks: state[instruction[1]],
        of: width)
    }
  }

  /// To the address in rdi, or in edi after 67. Whether pages of bytes that are not selected may fault is left to the
  /// implementation, and processors do it: all of them are accessed here.
  private static let maskedBytes = vectorFamily(
    "MASKMOVDQU: store the bytes whose mask is negative"
  ) {
    instruction, state in
    let terms = state.terms
    let old = terms.lanes(state.load(state[.rdi], byteCount: 16), of: 8)
    let new = terms.lanes(state[instruction[0]], of: 8)
    let masks = terms.lanes(state[instruction[1]], of: 8)
    let bytes = old.indices.map {
      terms.ifThenElse(terms.isNegative(masks[$0]), new[$0], old[$0])
    }
    state.store(state[.rdi], terms.joined(bytes))
  }

  private static func loadRows(
    _ floating: String, _ opcode: String, _ integer: String, _ wide: String
  ) -> [Row] {
    [
      Row("vmaskmov\(floating) xmm1, xmm2, m128", "VEX.128.66.0F38.W0 \(opcode) /r", "AVX"),
      Row("vmaskmov\(floating) ymm1, ymm2, m256", "VEX.256.66.0F38.W0 \(opcode) /r", "AVX"),
      Row("vpmaskmov\(integer) xmm1, xmm2, m128", "VEX.128.66.0F38.\(wide) 8C /r", "AVX2"),
      Row("vpmaskmov\(integer) ymm1, ymm2, m256", "VEX.256.66.0F38.\(wide) 8C /r", "AVX2"),
    ]
  }

  private static func storeRows(
    _ floating: String, _ opcode: String, _ integer: String, _ wide: String
  ) -> [Row] {
    [
      Row("vmaskmov\(floating) m128, xmm1, xmm2", "VEX.128.66.0F38.W0 \(opcode) /r", "AVX"),
      Row("vmaskmov\(floating) m256, ymm1, ymm2", "VEX.256.66.0F38.W0 \(opcode) /r", "AVX"),
      Row("vpmaskmov\(integer) m128, xmm1, xmm2", "VEX.128.66.0F38.\(wide) 8E /r", "AVX2"),
      Row("vpmaskmov\(integer) m256, ymm1, ymm2", "VEX.256.66.0F38.\(wide) 8E /r", "AVX2"),
    ]
  }
}

extension MachineState {
  /// Stores the elements of `value` whose masks are negative.
  fileprivate mutating func store(_ value: Term, at address: Term, masks: Term, of width: Int) {
    let elements = zip(terms.lanes(value, of: width), terms.lanes(masks, of: width))
    for (index, (element, mask)) in elements.enumerated() {
      let place = terms.add(address, terms.constant(UInt64(index * width / 8), width: 64))
      store(place, element, when: terms.isNegative(mask))
    }
  }
}
