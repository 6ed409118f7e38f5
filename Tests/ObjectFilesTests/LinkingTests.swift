import MachineModel
import ObjectFiles
import Testing

/// What a linker decides about an object is not taken from the object.
@Suite struct LinkingTests {
  private func load(_ builder: ELFBuilder) throws -> Code {
    try CodeLoader.load(bytes: builder.bytes(), name: "built", symbol: "f").code
  }

  // MARK: Alignment

  @Test(arguments: [1, 2, 16, 64] as [UInt64])
  func sectionsAreAsAlignedAsTheySay(alignment: UInt64) throws {
    let code = try load(
      ELFBuilder.object(
        code: [0xc3], relocations: [], ELFBuilder.constants([0], alignment: alignment)))
    let step = try #require(code.slideStep)
    #expect(step == max(alignment, 4))
    // No step aligns the section more than it says, nor the code; each takes them to all such places.
    for (segment, declared) in zip(code.segments, [4, alignment]) {
      #expect(segment.address.isMultiple(of: declared))
      #expect(step == declared || !segment.address.isMultiple(of: 2 * declared))
    }
  }

  @Test func partsOfAddressesMoveByPages() throws {
    let page = ELFBuilder.relocation(0, type: 275, symbol: 3, addend: 0)
    let code = try load(
      ELFBuilder.object(
        code: [0, 0, 0, 0x90], relocations: page, machine: 183,
        ELFBuilder.constants([0], alignment: 16)))
    #expect(code.slideStep == 4096)
    // Each has low bits of its own, and is as aligned as it says.
    let offsets = code.segments.map { $0.address & 4095 }
    #expect(offsets[0] % 8 == 4 && offsets[1] % 32 == 16)
    #expect(code.linkedFields == [LinkedField(address: code.entry, kind: .displacement)])
    let same = try load(
      ELFBuilder.object(
        code: [0, 0, 0, 0x90], relocations: page, machine: 183,
        ELFBuilder.constants([0], alignment: 4)))
    #expect(Set(same.segments.map { $0.address & 4095 }).count == 2)
  }

  // MARK: Relocations

  @Test func fieldsWithBytesInCommonAreUnresolved() throws {
    let entries =
      ELFBuilder.relocation(4, type: 2, symbol: 1, addend: 0)
      + ELFBuilder.relocation(0, type: 24, symbol: 1, addend: 0)
      + ELFBuilder.relocation(8, type: 2, symbol: 1, addend: 0)
    let code = try load(.object(code: Array(repeating: 0, count: 16), relocations: entries))
    #expect(code.unresolved.map { $0.address } == [0x40_0000, 0x40_0004])
    #expect(code.segments[0].bytes[8...] == [0xf8, 0xff, 0xff, 0xff, 0, 0, 0, 0])
    // The load from the offset table that follows is rewritten from two bytes before its field.
    let rewritten =
      ELFBuilder.relocation(0, type: 2, symbol: 1, addend: 0)
      + ELFBuilder.relocation(5, type: 42, symbol: 1, addend: -4)
    let both = try load(
      .object(code: [0, 0, 0, 0x8b, 5, 0, 0, 0, 0], relocations: rewritten))
    #expect(both.unresolved.count == 2)
  }

  /// The page that code stands on, and how far it is from its beginning, is for linkers to decide.
  @Test func pagesWithoutRelocations() throws {
    // adrp x0, .
    let code: [UInt8] = [0, 0, 0, 0x90]
    func unresolved(_ type: UInt64?) throws -> Int {
      let table = type.map { ELFBuilder.relocation(0, type: $0, symbol: 1, addend: 0) } ?? []
      return try load(.object(code: code, relocations: table, machine: 183)).unresolved.count
    }
    #expect(try unresolved(275) == 0)
    #expect(try unresolved(nil) == 1)
    #expect(try unresolved(273) >= 1, "the field of a load")
    // In a section that is less aligned than instructions are.
    var odd = ELFBuilder.object(code: [0, 0, 0] + code, relocations: [], machine: 183)
    odd.sections[0].alignment = 1
    #expect(try load(odd).unresolved.map { $0.address } == [0x40_0004])
  }

  /// A relocation of a field that the instruction does not have makes no number of a distance.
  @Test(
    arguments: [
      (273, 0x1800_0000, true), (273, 0xD280_0000, false), (279, 0x3600_0000, true),
      (279, 0xD280_0000, false), (280, 0x5400_0000, true), (280, 0x3400_0000, true),
      (280, 0x9100_0000, false), (274, 0x1000_0000, true), (274, 0x9000_0000, false),
      (275, 0x1000_0000, false), (277, 0x9100_0000, true), (277, 0x1100_0000, true),
      (277, 0x3940_0000, true), (277, 0xD280_0000, false), (283, 0x9400_0000, true),
      (283, 0x3600_0000, false), (264, 0xD280_0000, true), (264, 0x9100_0000, false),
    ] as [(UInt64, UInt32, Bool)])
  func relocationsAreOfTheirInstructions(type: UInt64, word: UInt32, isField: Bool) throws {
    let table = ELFBuilder.relocation(0, type: type, symbol: 1, addend: 0)
    let code = try load(
      .object(code: ELFBuilder.number(word, 4), relocations: table, machine: 183))
    #expect(code.unresolved.isEmpty == isField)
  }

  /// What a linker makes of a load from the offset table begins before the field.
  @Test func loadsFromTheOffsetTable() throws {
    func code(_ symbol: UInt64, type: UInt64) throws -> Code {
      try load(
        .object(
          code: [0x90, 0x48, 0x8b, 5, 0, 0, 0, 0, 0xc3],
          relocations: ELFBuilder.relocation(4, type: type, symbol: symbol, addend: -4)))
    }
    for type in [42, 9] as [UInt64] {
      #expect(
        try code(1, type: type).linkedFields
          == [LinkedField(address: 0x40_0001, byteCount: 7, kind: .load)])
    }
    // 67 is no REX.
    let other = ELFBuilder.relocation(4, type: 42, symbol: 1, addend: -4)
    let prefixed = try load(
      .object(code: [0x90, 0x67, 0x8b, 5, 0, 0, 0, 0, 0xc3], relocations: other))
    #expect(prefixed.unresolved.count == 1 && prefixed.linkedFields.isEmpty)
    for (symbol, type, start, count) in [(2, 42, 1, 7), (2, 41, 2, 6), (2, 9, 1, 7), (1, 19, 0, 9)]
      as [(UInt64, UInt64, UInt64, Int)]
    {
      let found = try code(symbol, type: type).unresolved
      #expect(found.map { $0.address } == [0x40_0000 + start] && found[0].byteCount == count)
    }
  }

  /// Calls and jumps through the offset table are direct ones; what is before them is another instruction's.
  @Test(arguments: [9, 41] as [UInt64], [(0x15, 0xe8), (0x25, 0xe9)] as [(UInt8, UInt8)])
  func branchesThroughTheOffsetTable(type: UInt64, opcode: (UInt8, UInt8)) throws {
    func code(_ symbol: UInt64) throws -> Code {
      try load(
        .object(
          code: [0x48, 0x8b, 0x41, 8, 0xff, opcode.0, 0, 0, 0, 0],
          relocations: ELFBuilder.relocation(6, type: type, symbol: symbol, addend: -4)))
    }
    let known = try code(1)
    #expect(
      known.segments[0].bytes == [0x48, 0x8b, 0x41, 8, 0x67, opcode.1, 0xf6, 0xff, 0xff, 0xff])
    #expect(
      known.linkedFields == [LinkedField(address: 0x40_0004, byteCount: 6, kind: .load)])
    let absent = try code(2).unresolved
    #expect(
      absent == [UnresolvedReference(address: 0x40_0004, byteCount: 6, symbol: "absent")])
  }

  /// What linkers resolve otherwise than to the definition.
  @Test func symbolsThatAreNoPlaces() throws {
    func unresolved(_ info: UInt8, flags: UInt64, other: Bool = false) throws -> Int {
      var builder = reference(to: 0, flags: flags, size: 8, [1, 2, 3, 4, 5, 6, 7, 8], alignment: 8)
      builder.sections[1].bytes.removeLast(24)
      builder.sections[1].bytes += ELFBuilder.symbol(name: 1, info: info, section: 5)
      if other { builder.sections[1].bytes += ELFBuilder.symbol(name: 1, info: 0x11, section: 5) }
      // The function is another one.
      builder.sections[1].bytes.replaceSubrange(24..<28, with: ELFBuilder.number(10, 4))
      builder.sections[2].bytes += Array("k\0".utf8)
      return try CodeLoader.load(bytes: builder.bytes(), name: "built", symbol: "k").code
        .unresolved.count
    }
    for flags in [0, 0x10] as [UInt64] {
      #expect(try unresolved(0x11, flags: flags) == 0)
      #expect(try unresolved(0x1a, flags: flags) == 1, "an indirect function")
      #expect(try unresolved(0x21, flags: flags) == 0)
      #expect(try unresolved(0x21, flags: flags, other: true) == 1, "a weak one beside another")
    }
  }

  /// Sections that linkers do not load, or write anew, are not constant.
  @Test func sectionsThatAreNotAsTheyAre() throws {
    for (name, type, isKnown) in [
      (".constants", 1, true), (".eh_frame", 1, false), (".constants", 7, false),
      (".constants", 10, false), (".constants", 18, false),
    ] as [(String, UInt32, Bool)] {
      let section = ELFBuilder.Section(name: name, type: type, flags: 2, bytes: [1, 2, 3, 4])
      let code = try load(
        ELFBuilder.object(
          code: [0x8b, 5, 0, 0, 0, 0, 0xc3],
          relocations: ELFBuilder.relocation(2, type: 2, symbol: 3, addend: -4), section))
      #expect(code.unresolved.isEmpty == isKnown, "\(name) of type \(type)")
    }
  }

  /// Linkers leave out tables that have no symbols, or that are to be left out.
  @Test func tablesThatLinkersLeaveOut() {
    let entry = ELFBuilder.relocation(0, type: 10, symbol: 0, addend: 5)
    let builder = ELFBuilder.object(code: [0xb8, 0, 0, 0, 0, 0xc3], relocations: entry)
    #expect(Fixture.failure(of: builder.bytes(), "built", "f") == nil)
    var unlinked = builder
    unlinked.sections[3].link = 0
    #expect(Fixture.failure(of: unlinked.bytes(), "built", "f")?.contains("symbol table") == true)
    var excluded = builder
    excluded.sections[3].flags = 0x8000_0000
    #expect(Fixture.failure(of: excluded.bytes(), "built", "f")?.contains("left out") == true)
  }

  @Test func relocationsOfUnknownKinds() {
    var builder = ELFBuilder.object(code: [0xc3], relocations: [])
    builder.sections[3].type = 0x4000_0014
    let failure = Fixture.failure(of: builder.bytes(), "built", "f")
    #expect(failure?.contains(".relocations is about .text") == true)
    builder.sections[3].info = 0
    #expect(Fixture.failure(of: builder.bytes(), "built", "f") == nil)
  }

  /// The distance to a number depends on where the object is put.
  @Test(arguments: [0, 3] as [UInt64])
  func distancesToAbsoluteSymbols(symbol: UInt64) throws {
    var builder = ELFBuilder.object(
      code: Array(repeating: 0, count: 16),
      relocations: ELFBuilder.relocation(0, type: 2, symbol: symbol, addend: 0x40_0006)
        + ELFBuilder.relocation(8, type: 10, symbol: symbol, addend: 5))
    builder.sections[1].bytes += ELFBuilder.symbol(name: 1, section: 0xfff1)
    let code = try load(builder)
    #expect(code.unresolved.map { $0.byteCount } == [4])
    #expect(code.unresolved[0].symbol.hasSuffix("(R_X86_64_PC32 to an absolute address)"))
    #expect(code.segments[0].bytes[8...] == [5, 0, 0, 0, 0, 0, 0, 0])
    // A number is the same wherever the object is.
    #expect(code.slideStep != nil)
  }

  @Test func branchesThroughVeneers() throws {
    let call = ELFBuilder.relocation(4, type: 283, symbol: 1, addend: 0)
    let code = try load(
      .object(code: [0, 0, 0, 0x14, 0, 0, 0, 0x94], relocations: call, machine: 183))
    #expect(code.linkedFields == [LinkedField(address: 0x40_0004, kind: .branch)])
  }

  // MARK: Mergeable sections

  /// `lea` of what the fifth section, of `flags` and entries of `size` bytes, has at `value`.
  private func reference(
    to value: UInt64, addend: Int64 = -4, flags: UInt64, size: UInt64, _ bytes: [UInt8],
    alignment: UInt64 = 1, symbolType: UInt8 = 1, type: UInt64 = 2
  ) -> ELFBuilder {
    ELFBuilder.object(
      code: [0x48, 0x8d, 5, 0, 0, 0, 0, 0xc3],
      relocations: ELFBuilder.relocation(3, type: type, symbol: 3, addend: addend),
      .init(
        name: ".merge", type: 1, flags: 2 | flags, bytes: bytes, entrySize: size,
        alignment: alignment), symbol: value, type: symbolType)
  }

  @Test(
    arguments: [
      (0, 0x10, 4, [1, 2, 3, 4]), (4, 0x10, 4, [5, 6, 7, 8]), (6, 0x10, 4, [5, 6, 7, 8]),
      (0, 0x30, 1, [1, 2, 3, 4, 5, 6, 7, 8]), (0, 0x10, 8, [1, 2, 3, 4, 5, 6, 7, 8]),
    ] as [(UInt64, UInt64, UInt64, [UInt8])])
  func entriesStandAlone(value: UInt64, flags: UInt64, size: UInt64, entry: [UInt8]) throws {
    let code = try load(
      reference(to: value, flags: flags, size: size, [1, 2, 3, 4, 5, 6, 7, 8], alignment: size))
    let merged = try #require(code.segments.last)
    #expect(code.segments.count == 2 && code.unresolved.isEmpty)
    #expect(merged.bytes == entry && merged.ownStep == size)
    #expect(code.linkedFields.map { $0.kind } == [.displacement])
    let field = code.segments[0].bytes[3..<7].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    let offset = value % (flags & 0x20 != 0 ? 8 : size)
    #expect(code.segments[0].address + 7 + field == merged.address + offset)
  }

  @Test func stringsEndInZeros() throws {
    let text = Array("hello\0lo\0".utf8)
    for (value, entry) in [(0, "hello\0"), (3, "hello\0"), (6, "lo\0")] as [(UInt64, String)] {
      let code = try load(reference(to: value, flags: 0x30, size: 1, text))
      #expect(code.segments.last?.bytes == Array(entry.utf8))
    }
    let wide: [UInt8] = [1, 0, 0, 1, 0, 0, 2, 0, 0, 0]
    let code = try load(reference(to: 6, flags: 0x30, size: 2, wide, alignment: 2))
    #expect(code.segments.last?.bytes == [2, 0, 0, 0])
  }

  /// Numbers, places beyond an entry, sections that linkers may treat otherwise.
  @Test func whatLinkersDecideIsUnresolved() throws {
    let eight: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    func isUnresolved(_ builder: ELFBuilder) throws -> Bool {
      let code = try load(builder)
      return code.segments.count == 1 && code.unresolved.map(\.byteCount) == [4]
        && code.unresolved[0].cause == .merged
    }
    #expect(try !isUnresolved(reference(to: 0, flags: 0x10, size: 4, eight)))
    #expect(try isUnresolved(reference(to: 0, flags: 0x10, size: 4, eight, type: 10)))
    #expect(try isUnresolved(reference(to: 0, addend: 1, flags: 0x10, size: 4, eight)))
    #expect(try isUnresolved(reference(to: 0, addend: -9, flags: 0x10, size: 4, eight)))
    #expect(try isUnresolved(reference(to: 0, flags: 0x10, size: 4, eight, symbolType: 3)))
    #expect(try isUnresolved(reference(to: 8, flags: 0x10, size: 4, eight)))
    #expect(try isUnresolved(reference(to: 0, flags: 0x10, size: 0, eight)))
    #expect(try isUnresolved(reference(to: 0, flags: 0x10, size: 3, eight)))
    #expect(try isUnresolved(reference(to: 4, flags: 0x10, size: 4, eight, alignment: 8)))
  }

  @Test func arm64EntriesAreAddressesOnly() throws {
    // adrp x0, ldr q0 and add x0, and what is none of these with the same fields
    for (word, type, isAddress) in [
      (0x9000_0000, 275, true), (0x3dc0_0000, 299, true), (0x9100_0000, 277, true),
      (0x1800_0000, 273, true), (0x1000_0000, 274, true), (0xb100_0000, 277, false),
      (0x5400_0000, 273, false), (0x1400_0000, 282, false),
    ] as [(UInt32, UInt64, Bool)] {
      let code = try load(
        ELFBuilder.object(
          code: ELFBuilder.number(word, 4),
          relocations: ELFBuilder.relocation(0, type: type, symbol: 3, addend: 16), machine: 183,
          .init(
            name: ".merge", type: 1, flags: 0x12, bytes: Array(0..<32), entrySize: 16,
            alignment: 16), type: 3))
      #expect(code.unresolved.isEmpty == isAddress, "\(type)")
      if isAddress { #expect(code.segments.last?.bytes == Array(16..<32)) }
    }
  }

  // MARK: Linked files

  /// A library whose text, at 0x1000, holds `f`, with `extra` and the dynamic entries of `words`.
  private func library(_ words: [UInt64] = [0, 0]) -> ELFBuilder {
    var builder = ELFBuilder.object(code: Array(repeating: 0xc3, count: 64), relocations: [])
    builder.type = 3
    builder.sections[0].address = 0x1000
    builder.sections[1].bytes =
      ELFBuilder.symbol(name: 0, info: 0, section: 0) + ELFBuilder.symbol(name: 1, value: 0x1000)
    builder.sections[3] = .init(name: ".data", type: 1, bytes: [])
    builder.sections.insert(
      .init(
        name: ".dynamic", type: 1, flags: 3, address: 0x3000,
        bytes: words.flatMap { ELFBuilder.number($0, 8) }), at: 1)
    builder.sections[2].link = 4
    let size = UInt64(words.count * 8)
    let offset: UInt64 = 64 + 3 * 56
    builder.loads = [
      .init(flags: 5, offset: offset, address: 0x1000, size: 64),
      .init(flags: 6, offset: offset + 64, address: 0x3000, size: size),
      .init(type: 2, flags: 6, offset: 0, address: 0x3000, size: size),
    ]
    return builder
  }

  @Test(
    arguments: [
      ([0, 0], nil), ([30, 8, 0, 0], nil), ([22, 0, 0, 0], "text relocations"),
      ([30, 4, 0, 0], "text relocations"), ([7, 0x5000], "no end"), ([], "no segment's bytes"),
    ] as [([UInt64], String?)])
  func textRelocations(words: [UInt64], message: String?) {
    let failure = Fixture.failure(of: library(words).bytes(), "built", "f")
    #expect(message.map { failure?.contains($0) == true } ?? (failure == nil), "\(failure ?? "")")
  }

  @Test func segmentsThatShareAPage() {
    var builder = library()
    builder.loads[1].address = 0x1800
    builder.loads[2].address = 0x1800
    func failure() -> String? { Fixture.failure(of: builder.bytes(), "built", "f") }
    #expect(failure()?.contains("begins in a page of another one") == true)
    // The same part of the file, mapped in the same way, is the same page.
    builder.loads[1].address = 0x1040
    builder.loads[2].address = 0x1040
    #expect(failure()?.contains("begins in a page of another one") == true)
    builder.loads[1].flags = 5
    #expect(failure() == nil)
  }

  @Test func segmentsThatCannotBeRead() throws {
    var builder = library()
    builder.sections[4] = .init(
      name: ".rodata", type: 1, flags: 2, address: 0x5000, bytes: [1, 2, 3, 4])
    let before = builder.sections[..<4].reduce(0) { $0 + $1.bytes.count }
    let offset = builder.firstOffset + 56 + UInt64(before)
    builder.loads.append(.init(flags: 4, offset: offset, address: 0x5000, size: 4))
    for index in 0..<2 { builder.loads[index].offset += 56 }
    #expect(try load(builder).segments.map { $0.name } == [".text", ".rodata"])
    builder.loads[3].flags = 1
    #expect(try load(builder).segments.map { $0.name } == [".text"])
    builder.loads[0].flags = 1
    #expect(Fixture.failure(of: builder.bytes(), "built", "f")?.contains("not readable") == true)
  }

  @Test(arguments: [(0x1000, 0x12, true), (0x1001, 0x12, false), (0x1000, 0x1a, false)])
  func symbolTablesAgree(value: Int, info: UInt8, isSame: Bool) {
    var builder = library()
    builder.sections.append(
      .init(
        name: ".dynsym", type: 11,
        bytes: ELFBuilder.symbol(name: 0, info: 0, section: 0)
          + ELFBuilder.symbol(name: 1, info: info, value: UInt64(value)), link: 4, entrySize: 24,
        alignment: 8))
    for symbol in ["f", nil] {
      let failure = Fixture.failure(of: builder.bytes(), "built", symbol)
      #expect((failure == nil) == isSame)
      #expect(isSame || failure?.contains("by .dynsym, but at 0x1000 by .symtab") == true)
    }
  }

  @Test func addressesThatWrap() {
    var builder = library()
    builder.sections[0].address = .max - 2
    let failure = Fixture.failure(of: builder.bytes(), "built", "f")
    #expect(failure?.contains("addresses wrap") == true)
  }
}
