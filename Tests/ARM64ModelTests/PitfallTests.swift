import ARM64Model
import DifferentialTesting
import MachineModel
import Terms
import Testing

/// What verifiers get wrong about A64, one test a line.
struct PitfallTests {
  let arm64 = ARM64()

  /// The kind of error that a word is, nil if it decodes.
  private func failure(_ word: UInt32) -> DecodingError.Kind? {
    do throws(DecodingError) {
      _ = try arm64.decode(bytes(word)[...], at: 0)
      return nil
    } catch {
      return error.kind
    }
  }

  private func text(_ word: UInt32) throws -> String {
    arm64.text(of: try arm64.decode(bytes(word)[...], at: 0))
  }

  /// The cells after one line of assembly, from the given registers and flags, zero elsewhere.
  private func run(_ line: String, _ values: [String: UInt64]) throws -> [String: UInt64] {
    let lifted = LiftedInstruction(try arm64.parse(line, at: 0, labels: [:]), of: arm64)
    var evaluator = Evaluator(lifted.terms, roots: lifted.roots, lanes: 1)
    let entries = arm64.registerFile.entries
    for (entry, variable) in zip(entries, lifted.before) {
      guard let value = values[entry.name] else { continue }
      evaluator.set(variable, lane: 0, to: BitVector(value, width: entry.sort.width))
    }
    evaluator.run()
    return Dictionary(
      uniqueKeysWithValues: zip(entries, lifted.after).map {
        ($0.name, evaluator.word($1, lane: 0))
      })
  }

  @Test(
    "Reserved encodings are invalid",
    arguments: [
      0x12C0_0000,  // MOVN of a W register shifted by 32
      0x5300_8000,  // UBFM of a W register with imms 32
      0x5340_0000,  // UBFM of a W register with N set
      0x9300_7C00,  // SBFM of an X register with N clear
      0x1380_8000,  // EXTR of a W register from bit 32
      0x0BC0_0000,  // ADD with ROR
      0x0B00_8000,  // ADD of W registers shifted by 32
      0x8B20_1400,  // ADD extended, shifted by 5
      0x1240_0000,  // AND of a W register with N set
      0x9240_FC00,  // AND with a bitmask of all ones
      0x9200_F800,  // AND with an element of no size
      0x3860_0800,  // LDRB indexed by an 8-bit extension
      0x5AC0_0C00,  // REV of 64 bits in a W register
      0x0000_0001 << 16,  // what is next to UDF
    ] as [UInt32])
  func reserved(_ word: UInt32) {
    #expect(failure(word) == .invalid)
  }

  @Test(
    "UNPREDICTABLE pairs and write-backs are invalid",
    arguments: [
      0xA940_0400 & ~0x7C00,  // ldp x0, x0, [x0]
      0xA8C0_0441,  // ldp x1, x1, [x2], #0
      0xA8C0_0421,  // ldp x1, x1, [x1], #0
      0xF840_8421,  // ldr x1, [x1], #8
      0xF800_8421,  // str x1, [x1], #8
      0xA980_0400,  // stp x0, x1, [x0, #0]!
      0xA980_0001 | 1 << 5,  // stp x1, x0, [x1, #0]!
      0x69C0_0000,  // ldpsw x0, x0, [x0, #0]!
    ] as [UInt32])
  func unpredictable(_ word: UInt32) {
    let error = #expect(throws: DecodingError.self) {
      try arm64.decode(bytes(word)[...], at: 0)
    }
    #expect(error?.kind == .invalid && error?.reason.hasPrefix("UNPREDICTABLE") == true)
  }

  @Test("Stores of equal registers and loads to the base without write-back are fine")
  func predictable() throws {
    #expect(try text(0xA900_0000) == "stp x0, x0, [x0]")
    #expect(try text(0xF940_0021) == "ldr x1, [x1]")
    #expect(try text(0xF840_87FF) == "ldr xzr, [sp], #8")
  }

  @Test("Number 31 is the stack pointer or zero, by slot")
  func slots() throws {
    #expect(try text(0x9100_03FF) == "mov sp, sp")
    #expect(try text(0xAA1F_03FF) == "mov xzr, xzr")
    #expect(try text(0xB100_03FF) == "cmn sp, #0")
    #expect(try text(0x8B1F_03FF) == "add xzr, xzr, xzr")
    #expect(try text(0x8B3F_63FF) == "add sp, sp, xzr")
    #expect(try text(0x9240_03FF) == "and sp, xzr, #0x1")
    #expect(try text(0xF240_03FF) == "tst xzr, #0x1")
    #expect(try run("add sp, sp, #16", ["sp": 32])["sp"] == 48)
    #expect(try run("add xzr, x1, x1", ["x1": 3, "sp": 5])["sp"] == 5)
    #expect(try run("mov wsp, w1", ["x1": .max, "sp": .max])["sp"] == 0xFFFF_FFFF)
    #expect(throws: AssemblyError.self) {
      try arm64.parse("add sp, x1, x2, lsr #1", at: 0, labels: [:])
    }
  }

  @Test("A W result clears the upper half, whatever the condition or the shift")
  func widths() throws {
    let all: [String: UInt64] = ["x0": .max, "x1": .max, "x2": .max]
    #expect(try run("csel w0, w0, w0, eq", all)["x0"] == 0xFFFF_FFFF)
    #expect(try run("lsl w0, w0, #0", all)["x0"] == 0xFFFF_FFFF)
    #expect(try run("movk w0, #0", all)["x0"] == 0xFFFF_0000)
    #expect(try run("movn w0, #0", all)["x0"] == 0xFFFF_FFFF)
    #expect(try run("movz w0, #1, lsl #16", all)["x0"] == 0x1_0000)
    #expect(try run("bfi w0, w1, #0, #1", all)["x0"] == 0xFFFF_FFFF)
    #expect(try run("sxtb w0, w1", all)["x0"] == 0xFFFF_FFFF)
  }

  @Test("EXTR takes the upper part from its first source")
  func extract() throws {
    let values: [String: UInt64] = ["x1": 0xA, "x2": 0xB << 60]
    #expect(try run("extr x0, x1, x2, #60", values)["x0"] == 0xAB)
    #expect(try run("extr x0, x1, x2, #0", values)["x0"] == 0xB << 60)
    #expect(try run("extr w0, w1, w2, #4", ["x1": 1, "x2": 0x10])["x0"] == 0x1000_0001)
  }

  @Test("Shift counts are taken modulo the width")
  func shifts() throws {
    #expect(try run("lsl x0, x1, x2", ["x1": 1, "x2": 65])["x0"] == 2)
    #expect(try run("lsl w0, w1, w2", ["x1": 1, "x2": 32])["x0"] == 1)
    #expect(try run("asr w0, w1, w2", ["x1": 1 << 31, "x2": 63])["x0"] == 0xFFFF_FFFF)
    #expect(try run("ror w0, w1, w2", ["x1": 1, "x2": 33])["x0"] == 1 << 31)
  }

  @Test("Division by zero gives zero, and the one overflow wraps")
  func division() throws {
    #expect(try run("udiv x0, x1, x2", ["x1": 5])["x0"] == 0)
    #expect(try run("sdiv x0, x1, x2", ["x1": .max])["x0"] == 0)
    #expect(try run("sdiv w0, w1, w2", ["x1": .max, "x2": 1 << 32])["x0"] == 0)
    #expect(try run("sdiv x0, x1, x2", ["x1": 1 << 63, "x2": .max])["x0"] == 1 << 63)
    #expect(
      try run("sdiv w0, w1, w2", ["x1": 1 << 31, "x2": 0xFFFF_FFFF])["x0"] == 1 << 31)
    #expect(try run("sdiv x0, x1, x2", ["x1": .max - 6, "x2": 2])["x0"] == .max - 2)
  }

  @Test("ANDS and BICS clear C and V", arguments: ["ands x0, x1, x2", "bics w0, w1, w2"])
  func logicalFlags(_ line: String) throws {
    let after = try run(line, ["c": 1, "v": 1, "n": 1])
    #expect(after["c"] == 0 && after["v"] == 0 && after["z"] == 1 && after["n"] == 0)
  }

  @Test(
    "CCMP compares where the condition holds and gives its constant elsewhere", arguments: 0..<16)
  func conditionalCompare(_ condition: Int) throws {
    let names = [
      "eq", "ne", "cs", "cc", "mi", "pl", "vs", "vc", "hi", "ls", "ge", "lt", "gt", "le", "al",
      "nv",
    ]
    for flags in 0..<16 {
      let bit = { (index: Int) in UInt64(flags >> index & 1) }
      let (n, z, c, v) = (bit(3) == 1, bit(2) == 1, bit(1) == 1, bit(0) == 1)
      let holds = [
        z, !z, c, !c, n, !n, v, !v, c && !z, !c || z, n == v, n != v, !z && n == v,
        z || n != v, true, true,
      ][condition]
      let after = try run(
        "ccmp x1, x2, #6, \(names[condition])",
        ["x1": 1, "x2": 2, "n": bit(3), "z": bit(2), "c": bit(1), "v": bit(0)])
      let found = [after["n"], after["z"], after["c"], after["v"]]
      #expect(found == (holds ? [1, 0, 0, 0] : [0, 1, 1, 0]), "\(names[condition]) \(flags)")
    }
  }

  @Test("The carry of SBCS and NGCS on W registers is that of 32 bits")
  func borrow() throws {
    let high: UInt64 = 1 << 40
    #expect(try run("sbcs w0, w1, w2", ["x1": high, "x2": 1, "c": 1])["c"] == 0)
    #expect(try run("sbcs w0, w1, w2", ["x1": 1, "x2": high | 1, "c": 1])["c"] == 1)
    #expect(try run("sbcs w0, w1, w2", ["x1": 1, "x2": 1, "c": 0])["c"] == 0)
    #expect(try run("ngcs w0, w2", ["x2": 0, "c": 1])["c"] == 1)
    #expect(try run("ngcs w0, w2", ["x2": 0, "c": 0])["c"] == 0)
    #expect(try run("adcs w0, w1, w2", ["x1": 0xFFFF_FFFF, "x2": 0, "c": 1])["c"] == 1)
    #expect(
      try run("adcs w0, w1, w2", ["x1": 0xFFFF_FFFF, "x2": 0xFFFF_FFFF, "c": 1])["c"] == 1)
  }

  @Test("BLR through x30 goes to the old value")
  func callThroughLinkRegister() throws {
    let lifted = LiftedInstruction(try arm64.parse("blr x30", at: 16, labels: [:]), of: arm64)
    #expect(lifted.nextInstruction == lifted.before[30])
    #expect(lifted.after[30] == lifted.terms.constant(20, width: 64))
  }

  @Test(
    "An access from a stack pointer that is not aligned to 16 bytes faults; a prefetch does not")
  func stackAlignment() throws {
    for (line, count) in [
      ("ldr x0, [sp, #8]", 1), ("ldr x0, [x1]", 0), ("prfm pldl1keep, [sp]", 0),
    ] {
      let lifted = LiftedInstruction(try arm64.parse(line, at: 0, labels: [:]), of: arm64)
      #expect(lifted.faults.count == count)
    }
  }

  @Test("Comparisons fold: flags of a subtraction give single comparisons")
  func folding() throws {
    let terms = TermManager()
    let cells = arm64.registerFile.entries.map { terms.variable($0.name, $0.sort) }
    var state = MachineState(
      terms: terms, cells: cells, memory: NoMemory(),
      nextInstruction: terms.constant(0, width: 64))
    let compare = try arm64.parse("cmp x1, x2", at: 0, labels: [:])
    compare.form.family.execute(compare, &state)
    let target = terms.constant(64, width: 64)
    let expected: [String: Term] = [
      "eq": terms.equal(cells[1], cells[2]), "lo": terms.unsignedLess(cells[1], cells[2]),
      "lt": terms.signedLess(cells[1], cells[2]),
      "ge": terms.not(terms.signedLess(cells[1], cells[2])),
    ]
    for (condition, term) in expected {
      var copy = state
      let branch = try arm64.parse("b.\(condition) 64", at: 0, labels: [:])
      branch.form.family.execute(branch, &copy)
      #expect(
        copy.nextInstruction == terms.ifThenElse(term, target, state.nextInstruction),
        "\(condition)")
    }
  }

  private struct NoMemory: Memory {
    mutating func load(
      _ address: Term, byteCount: Int, when condition: Term, in terms: TermManager
    ) -> Term { address }
    mutating func store(
      _ address: Term, _ value: Term, when condition: Term, in terms: TermManager
    ) {}
  }
}
