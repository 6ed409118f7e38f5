import MachineModel
import ObjectFiles
import Testing

@Suite struct ObjectTests {
  private static let isas = ["x86-64", "arm64"]

  /// Applied relocations give the bytes that GNU ld gives at the same addresses.
  @Test(arguments: isas)
  func relocationsAgreeWithLinker(isa: String) throws {
    let code = try Fixture.load("relocations-\(isa).o", "f").code
    let segments = code.segments.filter { $0.name != ".got" }
    #expect(segments.map { $0.name } == [".text", ".rodata", ".code"])
    let places: [UInt64] =
      isa == "arm64" ? [0x40_0004, 0x40_24b0, 0x40_4254] : [0x40_0001, 0x40_2001, 0x40_4001]
    #expect(segments.map { $0.address } == places)
    #expect(segments.map { $0.isExecutable } == [true, false, true])
    for segment in segments {
      let linked = try Fixture.bytes("linked-\(isa)\(segment.name).bin")
      #expect(linked.count == segment.bytes.count)
      for (index, byte) in segment.bytes.enumerated() {
        let address = segment.address + UInt64(index)
        let isUnknown = code.unresolved.contains {
          $0.address <= address && address < $0.address + UInt64($0.byteCount)
        }
        // GNU ld makes `mov $table, %rcx` of the load from the global offset table, we a `lea`.
        let isRelaxed = isa == "x86-64" && Self.relaxedLoad.contains(address)
        // Where the entry in that table is, is for linkers to decide.
        let isSlot = isa == "arm64" && Self.slotPage.contains(address)
        #expect(
          isUnknown || isRelaxed || isSlot || byte == linked[index], "\(segment.name)+\(index)")
      }
    }
  }

  /// Where the x86-64 object loads an address from the global offset table.
  private static let relaxedLoad: Range<UInt64> = 0x40_0025..<0x40_002c

  /// Where the ARM64 object makes the page of an entry of the global offset table.
  private static let slotPage: Range<UInt64> = 0x40_0060..<0x40_0064

  /// An entry of the global offset table holds an address that moves with the code.
  @Test func entryOfTheOffsetTable() throws {
    let code = try Fixture.load("relocations-arm64.o", "f").code
    let slot = try #require(code.segments.first { $0.name == ".got" })
    #expect(!slot.isExecutable && slot.isKnown && slot.bytes.count == 8)
    #expect(code.addressWords.contains(slot.address))
    // The table's own.
    #expect(code.addressWords(in: slot).map(\.address) == [0x40_24b0])
    let moved = code.segments(at: 0x1000).first { $0.name == ".got" }
    #expect(moved?.bytes.prefix(3) == [0xb0, 0x34, 0x40])
  }

  @Test func loadFromOffsetTable() throws {
    let code = try Fixture.load("relocations-x86-64.o", "f").code
    // lea 0x402001(%rip), %rcx
    #expect(code.bytes(at: Self.relaxedLoad) == [0x48, 0x8d, 0x0d, 0xd5, 0x1f, 0, 0])
  }

  @Test func unresolvedReferences() throws {
    let x86 = try Fixture.load("relocations-x86-64.o", "f").code.unresolved
    #expect(
      x86.map { $0.symbol } == ["elsewhere", "elsewhere", "h"])
    #expect(x86.map { $0.byteCount } == [4, 8, 8])
    #expect(x86.map { $0.address } == [0x40_002f, 0x40_2021, 0x40_2029])
    let arm64 = try Fixture.load("relocations-arm64.o", "f").code.unresolved
    #expect(arm64.map { $0.symbol } == ["elsewhere", "elsewhere", "h"])
    #expect(arm64.map { $0.byteCount } == [4, 8, 8])
    let kernel = try Fixture.load("kernel-x86-64.o", "calls_out").code.unresolved
    #expect(kernel.map { $0.symbol } == ["external_value", "counter"])
  }

  @Test(
    arguments: [
      ("kernel-x86-64.o", "byte_bits", 0x40_000c..<0x40_0026),
      ("kernel-x86-64.o", "nibble", 0x40_0001..<0x40_000c),
      ("relocations-x86-64.o", "other", 0x40_4001..<0x40_4007),
      // Without a size: to the next function or global symbol, local labels are inside.
      ("relocations-x86-64.o", "f", 0x40_0001..<0x40_0034),
      ("relocations-x86-64.o", "g", 0x40_0034..<0x40_0035),
      ("relocations-arm64.o", "f", 0x40_0004..<0x40_0068),
      ("relocations-arm64.o", "other", 0x40_4254..<0x40_425c),
    ] as [(String, String, Range<UInt64>)])
  func extents(file: String, symbol: String, extent: Range<UInt64>) throws {
    let code = try Fixture.load(file, symbol).code
    #expect(code.extent == extent)
    #expect(code.entry == extent.lowerBound)
    #expect(code.name == "\(file):\(symbol)")
    #expect(code.segment(at: code.entry)?.isExecutable == true)
  }

  @Test(arguments: isas)
  func localCallAndTable(isa: String) throws {
    let code = try Fixture.load("kernel-\(isa).o", "byte_bits").code
    let table = try #require(code.segments.first { $0.name == ".rodata" })
    #expect(table.bytes == [0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4])
    #expect(!table.isExecutable)
    let text = try #require(code.segment(at: code.entry))
    #expect(table.address >= text.end + 0x1000)
    #expect(!code.segments.contains { $0.name == ".data" || $0.name.hasPrefix(".debug") })
    #expect(code.lines.isEmpty)
  }

  @Test(arguments: isas)
  func linesOfObjects(isa: String) throws {
    let code = try Fixture.load("kernel-\(isa).o", "byte_bits", withLines: true).code
    #expect(code.lines[code.entry] == SourceLine(file: "kernel.c", line: 12))
    #expect(Set(code.lines.values.map { $0.file }) == ["kernel.c"])
    #expect(Set(code.lines.values.map { $0.line }) == [12, 13, 14])
    #expect(code.lines.keys.allSatisfy { code.extent.contains($0) })
  }

  @Test(arguments: isas)
  func linesOfLibraries(isa: String) throws {
    let code = try Fixture.load("single-\(isa).so", withLines: true).code
    #expect(code.lines[code.entry] == SourceLine(file: "single.c", line: 4))
  }

  @Test(arguments: isas)
  func sharedLibrary(isa: String) throws {
    let loaded = try Fixture.load("single-\(isa).so")
    #expect(loaded.isa == isa)
    #expect(loaded.code.name == "single-\(isa).so:identity")
    #expect(loaded.code.segment(at: loaded.code.entry)?.name == ".text")
    #expect(!loaded.code.segments.contains { $0.name == ".data.rel.ro" || $0.name == ".dynamic" })
    #expect(loaded.code.unresolved.isEmpty)
  }

  @Test(arguments: isas)
  func executable(isa: String) throws {
    let code = try Fixture.load("program-\(isa)", "step", isa: isa).code
    let table = try #require(code.segments.first { $0.name == ".rodata" })
    #expect(table.bytes.prefix(16) == [1, 0, 0, 0, 10, 0, 0, 0, 100, 0, 0, 0, 0xe8, 3, 0, 0])
    #expect(code.extent.contains(code.entry))
    #expect(code.bytes(at: code.extent) != nil)
  }
}
