import MachineModel
import ObjectFiles
import Testing

/// Addresses that loaders and linkers fill in data and tables, and functions of other files.
@Suite struct LoadedDataTests {
  private func load(_ builder: ELFBuilder) throws -> Code {
    try CodeLoader.load(bytes: builder.bytes(), name: "built", symbol: "f").code
  }

  /// Data that loaders fill before the program starts is constant, and its addresses move.
  @Test(
    arguments: [
      (".data.rel.ro", 3, true), (".data.rel.ro.local", 3, true), (".rodata", 2, true),
      (".data", 3, false), (".data.rel.ro", 7, false), (".data.rel.rot", 3, false),
    ] as [(String, UInt64, Bool)])
  func dataThatLoadersFill(name: String, flags: UInt64, isConstant: Bool) throws {
    let word = ELFBuilder.relocation(8, type: 1, symbol: 1, addend: 2)
    var builder = ELFBuilder.object(
      code: [0xc3], relocations: word,
      .init(name: name, type: 1, flags: flags, bytes: Array(repeating: 0, count: 16), alignment: 8))
    builder.sections[3].info = 5
    let code = try load(builder)
    let data = code.segments.first { $0.name == name }
    #expect((data != nil) == isConstant)
    #expect(code.addressWords == data.map { [$0.address + 8] } ?? [])
    #expect(data.map { code.addressWords(in: $0).map(\.address) == [code.entry + 2] } ?? true)
    #expect(code.slideStep != nil)
  }

  /// What a linker makes of a load from the offset table is not known as data.
  @Test(arguments: [(62, 42), (62, 41), (62, 9), (183, 311)] as [(UInt16, UInt64)])
  func fieldsOfTheOffsetTableInData(machine: UInt16, type: UInt64) throws {
    let entry = ELFBuilder.relocation(4, type: type, symbol: 1, addend: machine == 62 ? -4 : 0)
    var builder = ELFBuilder.object(
      code: [0xc3, 0, 0, 0], relocations: entry, machine: machine,
      ELFBuilder.constants([0, 0x48, 0x8b, 5, 0, 0, 0, 0x90], alignment: 8))
    builder.sections[3].info = 5
    #expect(try load(builder).unresolved.count == 1)
  }

  /// What ends the program is known by its name, if a branch leads to it, and not where a panic may be caught.
  @Test(
    arguments: [
      ("abort", true), ("_ZN4core9panicking5panic17h03037c13d16e57f8E", true),
      ("_RNvNtCsgEmfK2I1SDS_4core9panicking18panic_bounds_check", true),
      ("_RNvNtNtCsgEmfK2I1SDS_4core5slice5index16slice_index_fail", true), ("memcpy", false),
      ("_RNvNtCs1234_6x4core9panicking3foo", false), ("_RNvNtCs1234_5other9panicking", false),
      ("_ZSt20__throw_out_of_rangePKc", false), ("__cxa_throw", false),
    ])
  func endsOfPrograms(name: String, isEnd: Bool) throws {
    func cause(
      type: UInt64 = 4, addend: Int64 = -4, info: UInt8 = 0x12, landingPads: Bool = false
    ) throws -> UnresolvedReference.Cause? {
      var builder = ELFBuilder.object(
        code: [0xe8, 0, 0, 0, 0, 0xc3],
        relocations: ELFBuilder.relocation(1, type: type, symbol: 2, addend: addend))
      builder.sections[2].bytes = Array("\0f\0\(name)\0".utf8)
      builder.sections[1].bytes.replaceSubrange(
        48..., with: ELFBuilder.symbol(name: 3, info: info, section: 0))
      if landingPads {
        builder.sections.append(.init(name: ".gcc_except_table", type: 1, flags: 2, bytes: [0]))
      }
      return try load(builder).unresolved.first?.cause
    }
    #expect(try cause() == (isEnd ? .ending : .undefined))
    #expect(try cause(type: 2) == (isEnd ? .ending : .undefined))
    // Beside it, by its address, and where a linker need not find it.
    #expect(try cause(addend: 0) == .undefined)
    #expect(try cause(type: 11, addend: -4) == .undefined)
    #expect(try cause(info: 0x22) == .undefined)
    #expect(try cause(landingPads: true) == (name == "abort" ? .ending : .undefined))
  }

  /// Tables of pointers do not align what they point to.
  @Test func addressesInDataDoNotAlign() throws {
    let word = ELFBuilder.relocation(0, type: 1, symbol: 1, addend: 0)
    var builder = ELFBuilder.object(
      code: [0xc3], relocations: word,
      .init(
        name: ".data.rel.ro", type: 1, flags: 3, bytes: Array(repeating: 0, count: 8), alignment: 8)
    )
    builder.sections[3].info = 5
    #expect(try load(builder).slideStep == 8)
    // Mergeable entries move in steps of their own even where instructions hold parts of addresses.
    let relocations =
      ELFBuilder.relocation(0, type: 275, symbol: 3, addend: 0)
      + ELFBuilder.relocation(4, type: 277, symbol: 3, addend: 0)
    let strings = ELFBuilder.object(
      code: ELFBuilder.number(0x9000_0000 as UInt32, 4)
        + ELFBuilder.number(0x9100_0000 as UInt32, 4),
      relocations: relocations, machine: 183,
      .init(
        name: ".rodata.str1.1", type: 1, flags: 0x32, bytes: [65, 66, 0], entrySize: 1,
        alignment: 1))
    let code = try load(strings)
    #expect(code.slideStep == 4096)
    #expect(code.segments.compactMap(\.ownStep) == [1])
  }

  /// The guard of ARM64 is eight unknown bytes somewhere; no other undefined symbol is anywhere.
  @Test(arguments: [true, false]) func guardOfTheStackProtector(isGuard: Bool) throws {
    // adrp x0, …; ldr x0, [x0, …]
    var builder = ELFBuilder.object(
      code: ELFBuilder.number(0x9000_0000 as UInt32, 4)
        + ELFBuilder.number(0xf940_0000 as UInt32, 4),
      relocations: ELFBuilder.relocation(0, type: 311, symbol: 2, addend: 0)
        + ELFBuilder.relocation(4, type: 312, symbol: 2, addend: 0), machine: 183)
    if isGuard { builder.sections[2].bytes = Array("\0f\0__stack_chk_guard\0".utf8) }
    let code = try load(builder)
    guard isGuard else {
      #expect(code.unresolved.map(\.cause) == [.undefined, .undefined])
      return
    }
    #expect(code.unresolved.isEmpty)
    let protector = try #require(code.segments.first { !$0.isKnown })
    #expect(protector.bytes.count == 8 && protector.ownStep == 8)
    let slot = try #require(code.segments.first { $0.name == ".got" })
    #expect(code.addressWords(in: slot).map(\.address) == [protector.address])
  }

  /// It is referred to by its address alone: not by a distance, by an address beside it, or where it may be missing.
  @Test(
    arguments: [
      (257, 0, 0x10, true), (257, 8, 0x10, false), (257, 0x3000, 0x10, false),
      (257, 0, 0x20, false), (260, 0, 0x10, false),
    ] as [(UInt64, Int64, UInt8, Bool)])
  func referencesToTheGuard(type: UInt64, addend: Int64, info: UInt8, isKnown: Bool) throws {
    var builder = ELFBuilder.object(
      code: [0xc0, 0x03, 0x5f, 0xd6],
      relocations: ELFBuilder.relocation(0, type: type, symbol: 2, addend: addend), machine: 183,
      .init(
        name: ".data.rel.ro", type: 1, flags: 3, bytes: Array(repeating: 0, count: 8), alignment: 8)
    )
    builder.sections[2].bytes = Array("\0f\0__stack_chk_guard\0".utf8)
    builder.sections[1].bytes.replaceSubrange(
      48..<72, with: ELFBuilder.symbol(name: 3, info: info, section: 0))
    builder.sections[3].info = 5
    #expect(try load(builder).unresolved.isEmpty == isKnown)
  }
}
