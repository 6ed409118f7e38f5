import MachineModel
import Terms

/// The instructions for SHA-1, SHA-256 and SHA-512. In all of them lane 0 is the first word.
extension ARM64 {
  static let cryptographicSHA1: [Entry] = [
    rounds("sha1c", "000") { $0.choice($1, $2, $3) },
    rounds("sha1p", "001") { $0.parity($1, $2, $3) },
    rounds("sha1m", "010") { $0.majority($1, $2, $3) },
    cryptographic(
      "SHA1H", "FEAT_SHA1", [Row("sha1h <Sd>, <Sn>", "01011110 00 10100 00000 10 Rn:5 Rd:5")]
    ) { instruction, state in
      state[instruction[0]] = state.terms.rotateLeft(state[instruction[1]], by: 30)
    },
    cryptographic("SHA1SU0", "FEAT_SHA1", [threeVectors("sha1su0", "011")]) {
      instruction, state in
      let (d, n, m) = words(instruction, state)
      let next = [d[2], d[3], n[0], n[1]]
      state.setLanes(
        instruction, (0..<4).map { state.terms.parity(next[$0], d[$0], m[$0]) })
    },
    cryptographic("SHA1SU1", "FEAT_SHA1", [twoVectors("sha1su1", "00001")]) {
      instruction, state in
      let terms = state.terms
      let (d, n, _) = words(instruction, state)
      var result = (0..<4).map { $0 < 3 ? terms.xor(d[$0], n[$0 + 1]) : d[$0] }
      result = result.map { terms.rotateLeft($0, by: 1) }
      result[3] = terms.xor(result[3], terms.rotateLeft(result[0], by: 1))
      state.setLanes(instruction, result)
    },
  ]

  /// Four rounds of SHA-1 with one of its functions.
  private static func rounds(
    _ name: String, _ opcode: String,
    _ function: @escaping @Sendable (TermManager, Term, Term, Term) -> Term
  ) -> Entry {
    let row = Row("\(name) <Qd>, <Sn>, <Vm>.4s", "01011110 00 0 Rm:5 0 \(opcode) 00 Rn:5 Rd:5")
    return cryptographic(name.uppercased(), "FEAT_SHA1", [row]) { instruction, state in
      let terms = state.terms
      var hash = terms.lanes(state[instruction[0]], of: 32) + [state[instruction[1]]]
      for word in state.lanes(instruction.register(2)) {
        hash = terms.sha1Round(hash, function(terms, hash[1], hash[2], hash[3]), word)
      }
      state[instruction[0]] = terms.joined(Array(hash[..<4]))
    }
  }

  // MARK: SHA-256

  static let cryptographicSHA256: [Entry] = [
    cryptographic("SHA256H", "FEAT_SHA256", [hashRow("sha256h", "100")]) { instruction, state in
      let hash = fourRounds(state[instruction[0]], state[instruction[1]], instruction, state)
      state[instruction[0]] = state.terms.joined(Array(hash[..<4]))
    },
    cryptographic("SHA256H2", "FEAT_SHA256", [hashRow("sha256h2", "101")]) { instruction, state in
      let hash = fourRounds(state[instruction[1]], state[instruction[0]], instruction, state)
      state[instruction[0]] = state.terms.joined(Array(hash[4...]))
    },
    cryptographic("SHA256SU0", "FEAT_SHA256", [twoVectors("sha256su0", "00010")]) {
      instruction, state in
      let terms = state.terms
      let (d, n, _) = words(instruction, state)
      let next = [d[1], d[2], d[3], n[0]]
      state.setLanes(
        instruction, (0..<4).map { terms.add(d[$0], terms.sha256Sigma0(next[$0])) })
    },
    cryptographic("SHA256SU1", "FEAT_SHA256", [threeVectors("sha256su1", "110")]) {
      instruction, state in
      let terms = state.terms
      let (d, n, m) = words(instruction, state)
      let middle = [n[1], n[2], n[3], m[0]]
      var result: [Term] = []
      for index in 0..<4 {
        let last = index < 2 ? m[index + 2] : result[index - 2]
        let sum = terms.add(d[index], middle[index])
        result.append(terms.add(sum, terms.sha256Sigma1(last)))
      }
      state.setLanes(instruction, result)
    },
  ]

  /// The words `a` to `h` after four rounds of SHA-256 from `abcd` and `efgh`.
  private static func fourRounds(
    _ abcd: Term, _ efgh: Term, _ instruction: Instruction, _ state: MachineState
  ) -> [Term] {
    let terms = state.terms
    let start = terms.lanes(abcd, of: 32) + terms.lanes(efgh, of: 32)
    return state.lanes(instruction.register(2)).reduce(start) { terms.sha256Round($0, $1) }
  }

  // MARK: SHA-512

  static let cryptographicSHA512: [Entry] = [
    cryptographic("SHA512H", "FEAT_SHA512", [row512("sha512h <Qd>, <Qn>", "00")]) {
      instruction, state in
      let terms = state.terms
      let (w, x, y) = doublewords(instruction, state)
      let upper = terms.add(
        terms.add(terms.choice(y[1], x[0], x[1]), terms.sha512Sum1(y[1])), w[1])
      let middle = terms.add(upper, y[0])
      let lower = terms.add(
        terms.add(terms.choice(middle, y[1], x[0]), terms.sha512Sum1(middle)), w[0])
      state[instruction[0]] = terms.concat(upper, lower)
    },
    cryptographic("SHA512H2", "FEAT_SHA512", [row512("sha512h2 <Qd>, <Qn>", "01")]) {
      instruction, state in
      let terms = state.terms
      let (w, x, y) = doublewords(instruction, state)
      let upper = terms.add(
        terms.add(terms.majority(x[0], y[1], y[0]), terms.sha512Sum0(y[0])), w[1])
      let lower = terms.add(
        terms.add(terms.majority(upper, y[0], y[1]), terms.sha512Sum0(upper)), w[0])
      state[instruction[0]] = terms.concat(upper, lower)
    },
    cryptographic(
      "SHA512SU0", "FEAT_SHA512",
      [Row("sha512su0 <Vd>.2d, <Vn>.2d", "11001110 110 00000 1000 00 Rn:5 Rd:5")]
    ) { instruction, state in
      let terms = state.terms
      let (w, x, _) = doublewords(instruction, state)
      state[instruction[0]] = terms.concat(
        terms.add(w[1], terms.sha512Sigma0(x[0])), terms.add(w[0], terms.sha512Sigma0(w[1])))
    },
    cryptographic("SHA512SU1", "FEAT_SHA512", [row512("sha512su1 <Vd>.2d, <Vn>.2d", "10")]) {
      instruction, state in
      let terms = state.terms
      let (w, x, y) = doublewords(instruction, state)
      state.setLanes(
        instruction,
        (0..<2).map { terms.add(terms.add(w[$0], terms.sha512Sigma1(x[$0])), y[$0]) })
    },
  ]

  // MARK: Operands and rows

  /// The words of the operands, the third's only if there is one.
  private static func words(
    _ instruction: Instruction, _ state: MachineState
  ) -> ([Term], [Term], [Term]) {
    let parts = instruction.operands.indices.map {
      state.terms.lanes(state[instruction.register($0)], of: 32)
    }
    return (parts[0], parts[1], parts.count > 2 ? parts[2] : [])
  }

  /// The doublewords of the operands, the third's only if there is one.
  private static func doublewords(
    _ instruction: Instruction, _ state: MachineState
  ) -> ([Term], [Term], [Term]) {
    let parts = instruction.operands.indices.map {
      state.terms.lanes(state[instruction.register($0)], of: 64)
    }
    return (parts[0], parts[1], parts.count > 2 ? parts[2] : [])
  }

  private static func twoVectors(_ name: String, _ opcode: String) -> Row {
    Row("\(name) <Vd>.4s, <Vn>.4s", "01011110 00 10100 \(opcode) 10 Rn:5 Rd:5")
  }

  private static func threeVectors(_ name: String, _ opcode: String) -> Row {
    Row("\(name) <Vd>.4s, <Vn>.4s, <Vm>.4s", "01011110 00 0 Rm:5 0 \(opcode) 00 Rn:5 Rd:5")
  }

  private static func hashRow(_ name: String, _ opcode: String) -> Row {
    Row("\(name) <Qd>, <Qn>, <Vm>.4s", "01011110 00 0 Rm:5 0 \(opcode) 00 Rn:5 Rd:5")
  }

  private static func row512(_ start: String, _ opcode: String) -> Row {
    Row("\(start), <Vm>.2d", "11001110 011 Rm:5 1 0 00 \(opcode) Rn:5 Rd:5")
  }
}
