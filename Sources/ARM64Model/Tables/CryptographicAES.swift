import MachineModel
import Terms

/// AESE, AESD, AESMC, AESIMC; PMULL of doublewords; EOR3, BCAX, RAX1, XAR.
extension ARM64 {
  static let cryptographicAES: [Entry] = [
    aes("aese", "00100") { instruction, state in
      let sum = state.terms.xor(state[instruction[0]], state[instruction[1]])
      state[instruction[0]] = state.terms.aesSubstituted(state.terms.aesShiftedRows(sum))
    },
    aes("aesd", "00101") { instruction, state in
      let sum = state.terms.xor(state[instruction[0]], state[instruction[1]])
      state[instruction[0]] = state.terms.aesInverseSubstituted(
        state.terms.aesInverseShiftedRows(sum))
    },
    aes("aesmc", "00110") { instruction, state in
      state[instruction[0]] = state.terms.aesMixedColumns(state[instruction[1]])
    },
    aes("aesimc", "00111") { instruction, state in
      state[instruction[0]] = state.terms.aesInverseMixedColumns(state[instruction[1]])
    },
    cryptographic("PMULL, PMULL2", "FEAT_PMULL", productRows) { instruction, state in
      let factors = [1, 2].compactMap { state.lanes(instruction.register($0)).last }
      state[instruction[0]] = state.terms.carrylessProduct(factors[0], factors[1])
    },
  ]

  /// An entry of the cryptographic extensions.
  static func cryptographic(
    _ title: String, _ feature: String, _ rows: [Row], execute: @escaping Execution
  ) -> Entry {
    Entry(title, tier: "A5", feature: feature, rows, execute: execute)
  }

  private static func aes(
    _ name: String, _ opcode: String, execute: @escaping Execution
  ) -> Entry {
    cryptographic(
      name.uppercased(), "FEAT_AES",
      [Row("\(name) <Vd>.16b, <Vn>.16b", "01001110 00 10100 \(opcode) 10 Rn:5 Rd:5")],
      execute: execute)
  }

  /// The factors are the last doublewords: the lower ones, or of PMULL2 the upper ones.
  private static let productRows: [Row] = [
    Row("pmull <Vd>.1q, <Vn>.1d, <Vm>.1d", "0 0 0 01110 11 1 Rm:5 1110 00 Rn:5 Rd:5"),
    Row("pmull2 <Vd>.1q, <Vn>.2d, <Vm>.2d", "0 1 0 01110 11 1 Rm:5 1110 00 Rn:5 Rd:5"),
  ]

  // MARK: FEAT_SHA3

  static let cryptographicSHA3: [Entry] = [
    cryptographic("EOR3", "FEAT_SHA3", [fourRegisters("eor3", "00")]) { instruction, state in
      let (n, m, a) = (state[instruction[1]], state[instruction[2]], state[instruction[3]])
      state[instruction[0]] = state.terms.parity(n, m, a)
    },
    cryptographic("BCAX", "FEAT_SHA3", [fourRegisters("bcax", "01")]) { instruction, state in
      let (n, m, a) = (state[instruction[1]], state[instruction[2]], state[instruction[3]])
      state[instruction[0]] = state.terms.xor(n, state.terms.and(m, state.terms.not(a)))
    },
    cryptographic(
      "RAX1", "FEAT_SHA3",
      [Row("rax1 <Vd>.2d, <Vn>.2d, <Vm>.2d", "11001110 011 Rm:5 1 0 00 11 Rn:5 Rd:5")],
      execute: binary { state, left, right in
        state.terms.xor(left, state.terms.rotateLeft(right, by: 1))
      }),
    cryptographic(
      "XAR", "FEAT_SHA3",
      [Row("xar <Vd>.2d, <Vn>.2d, <Vm>.2d, #<imm6>", "11001110 100 Rm:5 imm6:6 Rn:5 Rd:5")]
    ) { instruction, state in
      let terms = state.terms
      let sum = terms.xor(state[instruction[1]], state[instruction[2]])
      let count = instruction.code(3)
      state[instruction[0]] = terms.mapLanes(sum, of: 64) { terms.rotateRight($0, by: count) }
    },
  ]

  private static func fourRegisters(_ name: String, _ op: String) -> Row {
    Row(
      "\(name) <Vd>.16b, <Vn>.16b, <Vm>.16b, <Va>.16b",
      "11001110 0 \(op) Rm:5 0 Ra:5 Rn:5 Rd:5")
  }
}
