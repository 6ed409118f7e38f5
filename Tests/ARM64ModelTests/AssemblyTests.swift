import ARM64Model
import MachineModel
import Terms
import Testing

/// Reading assembly: what people write, and errors that say where.
struct AssemblyTests {
  let arm64 = ARM64()

  private func assemble(_ line: String, at address: UInt64 = 0) throws -> UInt32 {
    word(try arm64.encode(try arm64.parse(line, at: address, labels: ["loop": 0x40])))
  }

  @Test(
    "Tolerant spellings",
    arguments: [
      ("ADD X0,X1,1", "add x0, x1, #1"), ("  mov\tw0 , w1 // comment", "mov w0, w1"),
      ("ldr x0, [ x1 , 8 ]", "ldr x0, [x1, #8]"), ("ret lr", "ret"), ("ret x30", "ret"),
      ("mov fp, sp", "mov x29, sp"), ("b.cs loop", "b.hs #0x40"), ("b loop", "b #64"),
      ("cbz w3, loop", "cbz w3, 0x40"), ("tbz w1, #3, loop", "tbz w1, 3, 64"),
      ("cmp sp, x1", "cmp sp, x1, uxtx"), ("mov x0, #-1", "movn x0, #0"),
      ("mov w0, #0xffffffff", "movn w0, #0"),
      ("mov x0, #0xff00ff00ff00ff00", "orr x0, xzr, #0xff00ff00ff00ff00"),
      ("lsl w0, w1, #31", "ubfm w0, w1, #1, #0"), ("lsl x0, x1, #0", "ubfm x0, x1, #0, #63"),
      ("ubfiz w0, w1, #0, #32", "ubfm w0, w1, #0, #31"),
      ("bfi x0, x1, #60, #4", "bfm x0, x1, #4, #3"),
      ("ldr x0, [x1, #-8]", "ldur x0, [x1, #-8]"), ("strh w0, [sp, #3]", "sturh w0, [sp, #3]"),
      ("prfm #6, [x0]", "prfm 6, [x0]"), ("bti jc", "hint #38"), ("dsb #15", "dsb sy"),
      ("isb sy", "isb"),
    ])
  func spellings(_ line: String, _ canonical: String) throws {
    #expect(try assemble(line) == assemble(canonical))
  }

  @Test("Branches reach labels, absolute addresses and offsets")
  func places() throws {
    #expect(try assemble("b loop", at: 0x50) == 0x17FF_FFFC)
    #expect(try assemble("b 0x40", at: 0x50) == 0x17FF_FFFC)
    #expect(try assemble("b #-16", at: 0x50) == 0x17FF_FFFC)
    #expect(try assemble("adr x0, loop", at: 0x30) == 0x1000_0080)
    #expect(try assemble("adrp x0, 0x5000", at: 0x3ABC) == 0xD000_0000)
    #expect(arm64.text(of: try arm64.decode(bytes(0x17FF_FFFC)[...], at: 0x50)) == "b 0x40")
  }

  @Test(
    "Errors name the column",
    arguments: [
      ("frobnicate x0", 1), ("add x0, x1, y2", 13), ("add x0, x1", 9), ("add x0, x1, #4096", 13),
      ("ldr x0, [x1, #3276888]", 14), ("mov x0, w1", 9), ("b nowhere", 3), ("b #2", 3),
      ("ldp x0, x0, [x1]", 14), ("and x0, x1, #5", 13), ("lsl w0, w1, #32", 13),
      ("ldr x0, [x1, y2]", 14), ("ret x1, x2", 9), ("cset w0, al", 10), ("", 1),
    ])
  func errors(_ line: String, _ column: Int) {
    let error = #expect(throws: AssemblyError.self) {
      try arm64.parse(line, at: 0, labels: [:])
    }
    #expect(error?.column == column, "\(error?.reason ?? "")")
  }

  @Test("The error is that of the row that fits best")
  func bestError() {
    let error = #expect(throws: AssemblyError.self) {
      try arm64.parse("ldr x0, [x1, #32768]", at: 0, labels: [:])
    }
    #expect(error?.reason == "offset 32768, not a multiple of 8 in 0...32760")
  }

  @Test("No text crashes the reader")
  func noise() {
    var random = SplitMix64(seed: 3)
    let pieces = [
      "add", "ldr", "b.", "x0", "w31", "sp", "[", "]", "]!", ",", "#", "-", "0x", "1", "lsl",
      " ", "99999999999999999999", "é", "\t", "uxtw", "cset", "tbz", "mov", "//", "ccmp",
    ]
    for _ in 0..<50_000 {
      let line = (0..<Int.random(in: 1...9, using: &random)).map { _ in
        pieces[Int.random(in: 0..<pieces.count, using: &random)]
      }.joined(separator: Bool.random(using: &random) ? " " : "")
      if let instruction = try? arm64.parse(line, at: 0, labels: [:]) {
        #expect(throws: Never.self) { try arm64.encode(instruction) }
      }
    }
  }

  @Test(
    "All bitmask immediates are read back, and there are as many as the manual says",
    arguments: [(32, 1302), (64, 5334)])
  func bitmasks(_ width: Int, _ count: Int) throws {
    var values: Set<UInt64> = []
    for fields in UInt32(0)..<1 << 13 {
      let base: UInt32 = width == 32 ? 0x1200_0020 : 0x9200_0020
      let word = base | fields << 10
      guard let instruction = try? arm64.decode(bytes(word)[...], at: 0) else { continue }
      guard case .immediate(let value) = instruction[2] else { continue }
      #expect(try arm64.encode(instruction) == bytes(word))
      if values.insert(value.low).inserted {
        let parsed = try arm64.parse(
          "and \(width == 32 ? "w" : "x")0, \(width == 32 ? "w" : "x")1, #\(value.low)", at: 0,
          labels: [:])
        #expect(parsed[2] == instruction[2])
      }
    }
    #expect(values.count == count)
  }
}
