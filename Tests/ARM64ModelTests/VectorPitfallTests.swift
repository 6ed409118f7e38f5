import ARM64Model
import DifferentialTesting
import MachineModel
import Terms
import Testing

/// What verifiers get wrong about Advanced SIMD, one test a line.
struct VectorPitfallTests {
  let arm64 = ARM64()

  /// The words of v0 (low, high) and QC after one line of assembly; the registers' words by number,
  /// zero elsewhere.
  private func run(
    _ line: String, _ vectors: [Int: [UInt64]], x1: UInt64 = 0, qc: Bool = false
  ) throws -> (low: UInt64, high: UInt64, qc: Bool) {
    let lifted = LiftedInstruction(try arm64.parse(line, at: 0, labels: [:]), of: arm64)
    var evaluator = Evaluator(lifted.terms, roots: lifted.roots, lanes: 1)
    for (number, words) in vectors {
      evaluator.set(
        lifted.before[36 + number], lane: 0, to: BitVector(words: words, width: 128))
    }
    evaluator.set(lifted.before[1], lane: 0, to: BitVector(x1, width: 64))
    evaluator.set(lifted.before[68], lane: 0, to: BitVector(qc ? 1 : 0, width: 1))
    evaluator.run()
    let words = evaluator.value(lifted.after[36], lane: 0).words
    return (words[0], words[1], evaluator.word(lifted.after[68], lane: 0) == 1)
  }

  private let ones: [UInt64] = [.max, .max]

  @Test("A scalar or a half vector clears the rest of the register, an element keeps it")
  func widths() throws {
    for (line, low) in [
      ("mov d0, v1.d[0]", 0), ("mov b0, v1.b[0]", 0), ("fmov s0, w2", 0),
      ("add v0.8b, v1.8b, v1.8b", 0), ("xtn v0.8b, v1.8h", 0), ("movi d0, #0", 0),
      ("add d0, d1, d1", 0), ("sqxtn b0, h1", 0), ("addv b0, v1.8b", 0),
    ] as [(String, UInt64)] {
      let result = try run(line, [0: ones])
      #expect(result.low == low && result.high == 0, "\(line)")
    }
    let element = try run("mov v0.h[1], w1", [0: ones], x1: 0x1_2345)
    #expect(element.low == 0xFFFF_FFFF_2345_FFFF && element.high == .max)
    let upper = try run("xtn2 v0.16b, v1.8h", [0: ones, 1: [0x0102_0304_0506_0708, 0]])
    #expect(upper.low == .max && upper.high == 0x0204_0608)
    let double = try run("fmov v0.d[1], x1", [0: ones], x1: 5)
    #expect(double.low == .max && double.high == 5)
  }

  @Test("QC is set by any lane that saturates and stays set")
  func saturation() throws {
    #expect(try run("sqadd v0.8b, v1.8b, v1.8b", [1: [0x7F << 56, 0]]).qc)
    #expect(try !run("sqadd v0.8b, v1.8b, v1.8b", [1: [0x3F << 56, 0x7F]]).qc)
    #expect(try run("sqadd v0.8b, v1.8b, v1.8b", [:], qc: true).qc)
    #expect(try run("add v0.8b, v1.8b, v1.8b", [:], qc: true).qc)
    let minimum = try run("sqdmulh h0, h1, h1", [1: [0x8000, 0]])
    #expect(minimum.qc && minimum.low == 0x7FFF)
    #expect(try run("sqneg b0, b1", [1: [0x80, 0]]).low == 0x7F)
    #expect(try run("sqabs b0, b1", [1: [0x80, 0]]).qc)
    #expect(try !run("abs v0.8b, v1.8b", [1: [0x80, 0]]).qc)
    #expect(try run("sqshlu b0, b1, #0", [1: [0x80, 0]]).low == 0)
    #expect(try run("uqshl b0, b1, b2", [1: [1, 0], 2: [8, 0]]).low == 0xFF)
    #expect(try run("suqadd b0, b1", [0: [0x80, 0], 1: [0xFF, 0]]).low == 0x7F)
    #expect(try run("usqadd b0, b1", [0: [0x7F, 0], 1: [0x80, 0]]).low == 0)
  }

  @Test("A shift by register takes the low byte as a signed count, also beyond the width")
  func shifts() throws {
    let value: [UInt64] = [0x8000_0000_0000_0001, 0]
    for (count, expected) in [
      (0x100, value[0]), (1, 2), (0xFF, 0xC000_0000_0000_0000), (64, 0), (0xC0, .max),
      (0x80, .max), (127, 0),
    ] as [(UInt64, UInt64)] {
      #expect(try run("sshl d0, d1, d2", [1: value, 2: [count, 0]]).low == expected, "\(count)")
    }
    #expect(try run("urshl d0, d1, d2", [1: value, 2: [0xC0, 0]]).low == 1)
    #expect(try run("urshl d0, d1, d2", [1: value, 2: [0xBF, 0]]).low == 0)
    #expect(try run("srshl d0, d1, d2", [1: ones, 2: [0xFF, 0]]).low == 0)
    #expect(try run("ushr d0, d1, #64", [1: ones]).low == 0)
    #expect(try run("sshr d0, d1, #64", [1: ones]).low == .max)
    #expect(try run("sri d0, d1, #64", [0: [7, 0], 1: ones]).low == 7)
    #expect(try run("urshr v0.8b, v1.8b, #8", [1: [0x807F, 0]]).low == 0x0100)
    #expect(try run("rshrn v0.8b, v1.8h, #8", [1: [0xFF80, 0]]).low == 0)
  }

  @Test("Sums of rounding do not lose their carry, halves keep it")
  func rounding() throws {
    #expect(try run("urhadd v0.8b, v1.8b, v1.8b", [1: [0xFF, 0]]).low == 0xFF)
    #expect(try run("uhsub v0.8b, v1.8b, v2.8b", [2: [1, 0]]).low == 0xFF)
    #expect(try run("raddhn v0.8b, v1.8h, v2.8h", [1: [0x0080, 0]]).low == 1)
    #expect(
      try run("sqrdmulh h0, h1, v2.h[7]", [1: [0x4000, 0], 2: [0, 1 << 48]]).low == 1)
    #expect(try run("sabd v0.8b, v1.8b, v2.8b", [1: [0x80, 0], 2: [0x7F, 0]]).low == 0xFF)
    #expect(try run("sabdl v0.8h, v1.8b, v2.8b", [1: [0x80, 0], 2: [0x7F, 0]]).low == 0xFF)
  }

  @Test("Table look-up beyond the table gives zero or keeps; a table goes on from v31 with v0")
  func tables() throws {
    let table = [31: [UInt64(0x1110), 0], 0: [0x2120, 0]]
    let indices: [UInt64] = [0x20_FF_11_10_0F_01_00_1F, 0]
    var vectors = table
    vectors[2] = indices
    #expect(
      try run("tbl v0.8b, { v31.16b, v0.16b }, v2.8b", vectors).low == 0x0000_2120_0011_1000)
    vectors[0] = [.max, .max]
    vectors[31] = [0x1110, 0]
    #expect(try run("tbx v0.8b, { v31.16b }, v2.8b", vectors).low == 0xFFFF_FFFF_0011_10FF)
  }

  @Test("Neighbours of a pairwise sum come from the second operand first")
  func pairs() throws {
    let vectors: [Int: [UInt64]] = [1: [0x0807_0605_0403_0201, 0], 2: [0x10, 0]]
    #expect(try run("addp v0.8b, v1.8b, v2.8b", vectors).low == 0x10_0F0B_0703)
    #expect(try run("uzp2 v0.8b, v1.8b, v2.8b", vectors).low == 0x0806_0402)
    #expect(try run("ext v0.8b, v1.8b, v2.8b, #7", vectors).low == 0x1008)
    #expect(try run("bit v0.8b, v1.8b, v2.8b", [0: ones, 2: [0xF0, 0]]).low == ~0xF0)
  }

  @Test(
    "Reserved lanes are invalid, floating-point arithmetic is not supported yet",
    arguments: [
      (0x0EE0_8400, .invalid),  // ADD of 1d
      (0x4EE0_9C00, .invalid),  // MUL of 2d
      (0x0EB1_B800, .invalid),  // ADDV of 2s
      (0x2E00_4000, .invalid),  // EXT of 8b from byte 8
      (0x0F40_0400, .invalid),  // SSHR of 1d
      (0x0C40_8C00, .invalid),  // LD2 of 1d
      (0x4E00_0400, .invalid),  // DUP of no element
      (0x0D40_8800, .invalid),  // LD1 of an S element with size 10
      (0x1E60_2800, .unsupported),  // FADD of D registers
      (0x4E20_D400, .unsupported),  // FADD of 4s
      (0x4F90_9000, .unsupported),  // FMUL by element
    ] as [(UInt32, DecodingError.Kind)])
  func reserved(_ word: UInt32, _ kind: DecodingError.Kind) {
    let error = #expect(throws: DecodingError.self) {
      try arm64.decode(bytes(word)[...], at: 0)
    }
    #expect(error?.kind == kind)
  }

  @Test(
    "Assembly of vectors",
    arguments: [
      ("LD1 {V0.16B-V3.16B}, [X0], #64", "ld1 { v0.16b, v1.16b, v2.16b, v3.16b }, [x0], #64"),
      ("ld3 {v31.s - v1.s}[2], [sp], x3", "ld3 { v31.s, v0.s, v1.s }[2], [sp], x3"),
      ("sxtl v0.8h, v1.8b", "sshll v0.8h, v1.8b, #0"), ("fmov d0, 1.5", "fmov d0, #1.50000000"),
      ("orr v1.16b, v2.16b, v2.16b", "mov v1.16b, v2.16b"),
      ("ins v1.s[3], wzr", "mov v1.s[3], wzr"), ("ldr q0, [x1, #-16]", "ldur q0, [x1, #-16]"),
      ("movi v1.4s, #0x12, msl #16", "movi v1.4s, #18, msl #16"),
    ])
  func assembly(_ line: String, _ canonical: String) throws {
    #expect(arm64.text(of: try arm64.parse(line, at: 0, labels: [:])) == canonical)
  }

  @Test(
    "What does not fit is no instruction",
    arguments: [
      "add v0.4s, v1.8h, v2.4s", "add v0.1d, v1.1d, v2.1d", "mul v0.2d, v1.2d, v2.2d",
      "ld2 { v0.4s, v2.4s }, [x0]", "ld1 v0.4s, [x0]", "ld1 { v0.4s }, [x0], #8",
      "smull v0.4s, v1.4h, v16.h[0]", "shl v0.8b, v1.8b, #8", "sshr v0.8b, v1.8b, #0",
      "fmov d0, #0.1", "movi d0, #1", "mov v0.s[4], w1", "tbl v0.8b, v1.16b, v2.8b",
      "ldp q0, q0, [x0]", "ext v0.8b, v1.8b, v2.8b, #8", "ld4 { v0.b, v1.b, v2.b, v3.b }, [x0]",
    ])
  func mismatches(_ line: String) {
    #expect(throws: AssemblyError.self) { try arm64.parse(line, at: 0, labels: [:]) }
  }
}
