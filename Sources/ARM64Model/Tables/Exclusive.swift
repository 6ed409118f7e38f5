import MachineModel
import Terms

/// LDXR, STXR and their kin: load-exclusive, store-exclusive, CLREX.
///
/// A load-exclusive marks what it reads. A store-exclusive to what is marked may still fail, since
/// another observer or an exception can clear the mark; without a mark it fails for certain; and
/// with another address or size than the mark's the architecture leaves it open.
extension ARM64 {
  // swift-format-ignore
  static let exclusive: [Entry] =
    [("", "0"), ("a", "1")].flatMap { acquire, o0 in [
      Entry("LD\(acquire)XRB".uppercased(), tier: "A2", [loadRow("ld\(acquire)xrb <Wt>", "00", o0)], execute: loadExclusive),
      Entry("LD\(acquire)XRH".uppercased(), tier: "A2", [loadRow("ld\(acquire)xrh <Wt>", "01", o0)], execute: loadExclusive),
      Entry("LD\(acquire)XR".uppercased(), tier: "A2",
            [loadRow("ld\(acquire)xr <Wt>", "10", o0), loadRow("ld\(acquire)xr <Xt>", "11", o0)], execute: loadExclusive),
      Entry("LD\(acquire)XP".uppercased(), tier: "A2", [
        Row("ld\(acquire)xp <Wt>, <Wt2>, [<Xn|SP>]", "10 001000 0 1 1 11111 \(o0) Rt2:5 Rn:5 Rt:5"),
        Row("ld\(acquire)xp <Xt>, <Xt2>, [<Xn|SP>]", "11 001000 0 1 1 11111 \(o0) Rt2:5 Rn:5 Rt:5"),
      ], execute: loadExclusive),
    ]}
    + [("", "0"), ("l", "1")].flatMap { release, o0 in [
      Entry("ST\(release)XRB".uppercased(), tier: "A2", [storeRow("st\(release)xrb <Ws>, <Wt>", "00", o0)], execute: storeExclusive),
      Entry("ST\(release)XRH".uppercased(), tier: "A2", [storeRow("st\(release)xrh <Ws>, <Wt>", "01", o0)], execute: storeExclusive),
      Entry("ST\(release)XR".uppercased(), tier: "A2",
            [storeRow("st\(release)xr <Ws>, <Wt>", "10", o0), storeRow("st\(release)xr <Ws>, <Xt>", "11", o0)], execute: storeExclusive),
      Entry("ST\(release)XP".uppercased(), tier: "A2", [
        Row("st\(release)xp <Ws>, <Wt>, <Wt2>, [<Xn|SP>]", "10 001000 0 0 1 Rs:5 \(o0) Rt2:5 Rn:5 Rt:5"),
        Row("st\(release)xp <Ws>, <Xt>, <Xt2>, [<Xn|SP>]", "11 001000 0 0 1 Rs:5 \(o0) Rt2:5 Rn:5 Rt:5"),
      ], execute: storeExclusive),
    ]}
    + [
      Entry("CLREX", tier: "A2", [Row("clrex #<CRm>", "1101010100 0 00 011 0011 CRm:4 0 10 11111")]) {
        $1[monitorSize] = $1.terms.constant(0, width: 8)
      }
    ]

  private static func loadRow(_ syntax: String, _ size: String, _ o0: String) -> Row {
    Row("\(syntax), [<Xn|SP>]", "\(size) 001000 0 1 0 11111 \(o0) 11111 Rn:5 Rt:5")
  }

  private static func storeRow(_ syntax: String, _ size: String, _ o0: String) -> Row {
    Row("\(syntax), [<Xn|SP>]", "\(size) 001000 0 0 0 Rs:5 \(o0) 11111 Rn:5 Rt:5")
  }

  /// The operands are one or two registers and the memory; a pair's first register has the lower
  /// address.
  private static let loadExclusive: Execution = { instruction, state in
    let count = instruction.operands.count - 1
    let memory = instruction.memory(count)
    let byteCount = count * memory.width / 8
    let address = state.alignedAccess(memory, byteCount: byteCount)
    let value = state.load(address, byteCount: byteCount)
    for index in 0..<count {
      let register = instruction.register(index)
      let low = index * memory.width
      let part = state.terms.extract(value, low + memory.width - 1, low)
      state[register] = state.terms.zeroExtend(part, to: register.width)
    }
    state[monitorAddress] = address
    state[monitorSize] = state.terms.constant(UInt64(byteCount), width: 8)
  }

  /// The operands are the register of the status, one or two registers and the memory. Where the
  /// store fails, memory keeps what it has.
  private static let storeExclusive: Execution = { instruction, state in
    let terms = state.terms
    let count = instruction.operands.count - 2
    let memory = instruction.memory(count + 1)
    let byteCount = count * memory.width / 8
    let address = state.alignedAccess(memory, byteCount: byteCount)
    let parts = (1...count).map {
      terms.extract(state[instruction.register($0)], memory.width - 1, 0)
    }
    let hasFailed = state.storeExclusiveFails(address, byteCount: byteCount)
    let old = state.load(address, byteCount: byteCount)
    state.store(address, terms.ifThenElse(hasFailed, old, terms.joined(parts)))
    state[instruction[0]] = terms.bits(hasFailed, width: 32)
  }
}

extension MachineState {
  /// Where an access of `byteCount` bytes goes that faults unless its address is a multiple of that
  /// (as without FEAT_LSE2).
  mutating func alignedAccess(_ memory: MemoryOperand, byteCount: Int) -> Term {
    let address = access(memory)
    let bits = byteCount.trailingZeroBitCount
    guard bits > 0 else { return address }
    let low = terms.extract(address, bits - 1, 0)
    raise(.misaligned, when: terms.distinct(low, terms.constant(0, width: bits)))
    return address
  }

  /// Whether a store-exclusive fails; the mark is used up.
  fileprivate mutating func storeExclusiveFails(_ address: Term, byteCount: Int) -> Term {
    let size = self[ARM64.monitorSize]
    let open = terms.constant(0, width: 8)
    let isMarked = terms.and(
      terms.equal(size, terms.constant(UInt64(byteCount), width: 8)),
      terms.equal(self[ARM64.monitorAddress], address))
    let chance = chanceOfFailure("whether a store-exclusive fails")
    if isMarked == terms.true {
      self[ARM64.monitorSize] = open
      return chance
    }
    let elsewhere = undefined(.bool, "a store-exclusive to what is not marked")
    let keepsMark = undefined(.bool, "the mark after a store-exclusive to something else")
    let isKept = terms.and(terms.not(isMarked), keepsMark)
    self[ARM64.monitorSize] = terms.ifThenElse(isKept, size, open)
    let isOpen = terms.equal(size, open)
    return terms.ifThenElse(isMarked, chance, terms.or(isOpen, elsewhere))
  }
}
