import MachineModel
import ObjectFiles
import Testing

/// Files that would cost far more than their size if nothing were bounded; each of these would run
/// for minutes, or fill the memory.
@Suite struct AmplificationTests {
  @Test func manySymbolsShareOneEndlessName() {
    var builder = ELFBuilder.object(code: [0xc3], relocations: [])
    let symbol = ELFBuilder.symbol(name: 0, info: 0x10)
    builder.sections[1].bytes = Array(repeating: symbol, count: 40_000).flatMap { $0 }
    builder.sections[2].bytes = Array(repeating: 0x61, count: 1 << 20)
    let failure = Fixture.failure(of: builder.bytes(), "built", "f")
    #expect(failure?.contains("has no symbol 'f'") == true)
    let listed = Fixture.failure(of: builder.bytes(), "built")
    #expect(listed?.contains("defines 40000 functions") == true)
    #expect(listed?.hasSuffix("and 39980 more") == true)
    #expect((listed?.count ?? .max) < 8000)
  }

  @Test func manySectionsShareTheirBytes() {
    var builder = ELFBuilder.object(code: [0xc3], relocations: [])
    builder.sections[0].bytes = Array(repeating: 0xc3, count: 1 << 16)
    builder.sections += Array(
      repeating: .init(name: ".text", type: 1, flags: 6, bytes: [0xc3]), count: 20_000)
    var bytes = builder.bytes()
    let table = (0..<8).reduce(0) { $0 | Int(bytes[40 + $1]) << (8 * $1) }
    for header in stride(from: table + 64 * 5, to: bytes.count - 64, by: 64) {
      bytes.replaceSubrange(header + 32..<header + 40, with: ELFBuilder.number(1 << 16, 8))
    }
    #expect(Fixture.failure(of: bytes, "built", "f")?.contains("overlaps other sections") == true)
  }

  /// The number of sections may be in the first section header; the file has not that many.
  @Test func countInTheFirstSection() {
    var bytes = ELFBuilder.object(code: [0xc3], relocations: []).bytes()
    let table = (0..<8).reduce(0) { $0 | Int(bytes[40 + $1]) << (8 * $1) }
    bytes[60] = 0
    for count in [1 << 20, 1 << 40, 1 << 62] {
      bytes.replaceSubrange(table + 32..<table + 40, with: ELFBuilder.number(count, 8))
      #expect(Fixture.failure(of: bytes, "built", "f") != nil)
    }
  }

  /// DWARF 5 file tables whose rows have no columns, or more rows than bytes.
  @Test(arguments: [[0], [1, 1, 0x1f]] as [[UInt8]])
  func endlessFileTables(columns: [UInt8]) throws {
    let endless: [UInt8] = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f]
    let header: [UInt8] = [1, 1, 1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]
    let tables = columns + endless + [1, 1, 8, 1, 0x61, 0]
    // One row at 0x400000 up to the next byte; one from 0 on that also covers it, of a function that
    // was removed.
    let row: [UInt8] = [0, 9, 2] + ELFBuilder.number(0x40_0000, 8) + [0x13, 2, 1, 0, 1, 1]
    let removed: [UInt8] = [0, 9, 2] + ELFBuilder.number(0, 8) + [0x14, 2, 0x81, 0x80, 0x80, 2]
    let program = row + removed + [0, 1, 1]
    let length = header.count + tables.count
    var unit = ELFBuilder.number(5, 2) + [8, 0] + ELFBuilder.number(length, 4)
    unit += header + tables + program
    var builder = ELFBuilder.object(code: [0xc3], relocations: [])
    builder.sections.append(
      .init(name: ".debug_line", type: 1, bytes: ELFBuilder.number(unit.count, 4) + unit))
    let code = try CodeLoader.load(
      bytes: builder.bytes(), name: "built", symbol: "f", withLines: true
    ).code
    #expect(code.lines == [0x40_0000: SourceLine(file: "?", line: 2)])
  }
}
