import MachineModel
import Terms

/// Loads of elements from a vector of addresses (Intel SDM, volume 2, VGATHERDPS, VPGATHERDD and their
/// kind).
///
/// An element is read where its mask is negative, and stays where it is not; the mask is cleared. A fault
/// on the way would leave the elements before it done and their masks clear, so that the instruction can
/// be repeated: code that is proved has none.
extension Tables {
  static let gathers: [Entry] = [
    Entry(
      gather("VPGATHERDD, VGATHERDPS: gather doublewords by doublewords", of: 32, by: 32),
      gatherRows(of: 32, "90", "92", "d")),
    Entry(
      gather("VPGATHERDQ, VGATHERDPD: gather quadwords by doublewords", of: 64, by: 32),
      gatherRows(of: 64, "90", "92", "d")),
    Entry(
      gather("VPGATHERQD, VGATHERQPS: gather doublewords by quadwords", of: 32, by: 64),
      gatherRows(of: 32, "91", "93", "q")),
    Entry(
      gather("VPGATHERQQ, VGATHERQPD: gather quadwords by quadwords", of: 64, by: 64),
      gatherRows(of: 64, "91", "93", "q")),
  ]

  /// Elements of `width` bits at indices of `indexWidth` bits.
  private static func gather(_ title: String, of width: Int, by indexWidth: Int) -> Family {
    vectorFamily(title) { instruction, state in
      guard case .memory(let memory) = instruction[1], let index = memory.index else { return }
      let terms = state.terms
      let (target, mask) = (instruction[0], instruction[2])
      let cells = [target.registers[0], index, mask.registers[0]].map(\.cell)
      state.raise(
        .undefinedInstruction, when: Set(cells).count < 3 ? terms.true : terms.false)
      let addresses = state.addresses(of: memory, by: indexWidth).prefix(memory.width / width)
      let (old, masks) = (
        terms.lanes(state[target], of: width), terms.lanes(state[mask], of: width)
      )
      let lanes = addresses.enumerated().map { place, address in
        let isTaken = terms.isNegative(masks[place])
        let loaded = state.load(address, byteCount: width / 8, when: isTaken)
        return terms.ifThenElse(isTaken, loaded, old[place])
      }
      state[target] = terms.zeroExtend(terms.joined(lanes), to: terms.width(state[target]))
      state[mask] = terms.constant(.zero(terms.width(state[mask])))
    }
  }

  /// With the letter of the index in the mnemonic; the shorter of indices and elements says how many
  /// there are.
  private static func gatherRows(
    of width: Int, _ integer: String, _ floating: String, _ index: String
  ) -> [Row] {
    let names = width == 32 ? ("d", "ps") : ("q", "pd")
    return [
      ("vpgather\(index)\(names.0)", integer), ("vgather\(index)\(names.1)", floating),
    ].flatMap { mnemonic, opcode in
      [128, 256].map { length in
        let indexWidth = index == "d" ? 32 : 64
        let count = length / Swift.max(width, indexWidth)
        let name = count * width == 256 ? "ymm" : "xmm"
        let kind = count * indexWidth == 256 ? "y" : "x"
        return Row(
          "\(mnemonic) \(name)1, vm\(indexWidth)\(kind), \(name)2",
          "VEX.\(length).66.0F38.W\(width / 64) \(opcode) /r", "AVX2")
      }
    }
  }
}

extension MachineState {
  /// The addresses, 64 bits each, of a memory operand whose index is a vector of elements of `width`
  /// bits, which are signed.
  fileprivate func addresses(of memory: MemoryOperand, by width: Int) -> [Term] {
    guard let index = memory.index else { return [] }
    let addressWidth = memory.addressWidth
    let displacement = displacement(of: memory, width: addressWidth)
    let start = memory.base.map { terms.add(self[$0], displacement) } ?? displacement
    return terms.lanes(self[index], of: width).map { lane in
      let index =
        width < addressWidth
        ? terms.signExtend(lane, to: addressWidth) : terms.extract(lane, addressWidth - 1, 0)
      let offset = terms.shiftLeft(index, by: memory.scale)
      return terms.zeroExtend(terms.add(start, offset), to: 64)
    }
  }
}
