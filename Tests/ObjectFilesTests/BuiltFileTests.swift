import MachineModel
import ObjectFiles
import Testing

/// Relocations and layouts that compilers do not make.
@Suite struct BuiltFileTests {
  private func load(_ builder: ELFBuilder) throws -> Code {
    try CodeLoader.load(bytes: builder.bytes(), name: "built", symbol: "f").code
  }

  @Test func addendsInTheBytes() throws {
    let relocations = ELFBuilder.relocation(1, type: 2, symbol: 1)
    let builder = ELFBuilder.object(
      code: [0xe8, 0xfc, 0xff, 0xff, 0xff, 0xc3], relocations: relocations, haveAddends: false)
    // f − 4 − (f + 1) = −5: the call's own first byte.
    let code = try load(builder)
    #expect(code.segments[0].bytes == [0xe8, 0xfb, 0xff, 0xff, 0xff, 0xc3])
    #expect(code.unresolved.isEmpty)
  }

  @Test func addendsInInstructionsAreNotDecoded() throws {
    let relocations = ELFBuilder.relocation(0, type: 283, symbol: 1)
    let builder = ELFBuilder.object(
      code: [0, 0, 0, 0x94], relocations: relocations, haveAddends: false, machine: 183)
    let expected = UnresolvedReference(
      address: 0x40_0000, byteCount: 4, symbol: "f (R_AARCH64_CALL26)", cause: .kind)
    #expect(try load(builder).unresolved == [expected])
  }

  @Test func severalRelocationsAtOnePlace() throws {
    let one = ELFBuilder.relocation(0, type: 11, symbol: 1, addend: 0)
    let none = ELFBuilder.relocation(0, type: 0, symbol: 0, addend: 0)
    let code = try load(.object(code: [0, 0, 0, 0], relocations: none + one + none))
    #expect(code.segments[0].bytes == [0, 0, 0x40, 0])
    let twice = try load(.object(code: [0, 0, 0, 0], relocations: one + one))
    #expect(twice.unresolved.map { $0.symbol } == ["R_X86_64_32S", "R_X86_64_32S"])
    #expect(twice.segments[0].bytes == [0, 0, 0, 0])
  }

  @Test(
    arguments: [
      (200, 1, "f (relocation type 200)", 4..<20, .kind),
      (200, 0, "relocation type 200", 4..<20, .kind),
      (9, 2, "absent", 2..<8, .undefined),
      (41, 1, "f (R_X86_64_GOTPCRELX)", 2..<8, .kind),
      (1, 2, "absent", 4..<12, .undefined),
    ] as [(UInt64, UInt64, String, Range<UInt64>, UnresolvedReference.Cause)])
  func unresolved(
    type: UInt64, symbol: UInt64, name: String, range: Range<UInt64>,
    cause: UnresolvedReference.Cause
  ) throws {
    let relocation = ELFBuilder.relocation(4, type: type, symbol: symbol, addend: -4)
    let code = try load(.object(code: Array(repeating: 0, count: 32), relocations: relocation))
    let expected = UnresolvedReference(
      address: 0x40_0000 + range.lowerBound, byteCount: range.count, symbol: name, cause: cause)
    #expect(code.unresolved == [expected])
    #expect(code.segments[0].bytes.allSatisfy { $0 == 0 })
  }

  /// A field that cannot hold its value, or a place outside of the section.
  @Test(
    arguments: [
      (62, 14, 0, 0, "R_X86_64_8 against 'f' at .text+0x0 overflows"),
      (62, 2, 0, 0x7fff_ffff + 1, "R_X86_64_PC32 against 'f'"),
      (62, 11, 0, 0x7fff_ffff, "R_X86_64_32S against 'f'"),
      (62, 10, 0, -0x40_0001, "R_X86_64_32 against 'f'"),
      (62, 2, 61, 0, "R_X86_64_PC32 at 0x3d is outside of .text"),
      (62, 1, UInt64.max - 3, 0, "is outside of .text"),
      (62, 2, 0, 0, ""),
      (183, 286, 0, 4, "R_AARCH64_LDST64_ABS_LO12_NC against 'f'"),
      (183, 283, 0, 2, "R_AARCH64_CALL26 against 'f'"),
      (183, 283, 0, 0x800_0000, "R_AARCH64_CALL26 against 'f'"),
      (183, 283, 0, -0x800_0000, ""),
      (183, 279, 0, 0x8000, "R_AARCH64_TSTBR14 against 'f'"),
      (183, 280, 0, 0x10_0000, "R_AARCH64_CONDBR19 against 'f'"),
      (183, 274, 0, -0x10_0001, "R_AARCH64_ADR_PREL_LO21 against 'f'"),
      (183, 275, 0, 0x1_0000_0000, "R_AARCH64_ADR_PREL_PG_HI21 against 'f'"),
      (183, 276, 0, 0x1_0000_0000, ""),
      (183, 263, 0, 0, "R_AARCH64_MOVW_UABS_G0 against 'f'"),
      (183, 270, 0, -0x41_0001, "R_AARCH64_MOVW_SABS_G0 against 'f'"),
      (183, 270, 0, -0x41_0000, ""),
      (183, 258, 0, 0x1_0000_0000, "R_AARCH64_ABS32 against 'f'"),
    ] as [(UInt16, UInt64, UInt64, Int64, String)])
  func overflow(
    machine: UInt16, type: UInt64, offset: UInt64, addend: Int64, message: String
  ) throws {
    let relocation = ELFBuilder.relocation(offset, type: type, symbol: 1, addend: addend)
    let object = ELFBuilder.object(
      code: Array(repeating: 0, count: 64), relocations: relocation, machine: machine)
    let failure = Fixture.failure(of: object.bytes(), "built", "f")
    if message.isEmpty {
      #expect(failure == nil)
    } else {
      #expect(failure?.contains(message) == true, "\(failure ?? "no error")")
      #expect(failure?.hasPrefix("built: byte 0x") == true)
    }
  }

  /// A library whose text, at 0x1000, holds `f`; `extra` is its fifth section.
  private func library(_ extra: ELFBuilder.Section, loadFlags: UInt32 = 5) -> ELFBuilder {
    var builder = ELFBuilder.object(code: Array(repeating: 0xc3, count: 64), relocations: [])
    builder.type = 3
    builder.sections[0].address = 0x1000
    let symbols =
      ELFBuilder.symbol(name: 0, info: 0, section: 0) + ELFBuilder.symbol(name: 1, value: 0x1000)
    builder.sections[1].bytes = symbols + ELFBuilder.symbol(name: 3, section: 0)
    builder.sections[3] = extra
    builder.loads = [.init(flags: loadFlags, offset: 120, address: 0x1000, size: 64)]
    return builder
  }

  @Test func dynamicRelocations() throws {
    let entries =
      ELFBuilder.relocation(0x0ffd, type: 1, symbol: 2, addend: 0)
      + ELFBuilder.relocation(0x0ff8, type: 1, symbol: 2, addend: 0)
      + ELFBuilder.relocation(0x103f, type: 8, symbol: 0, addend: 0)
      + ELFBuilder.relocation(0x1040, type: 8, symbol: 0, addend: 0)
    let code = try load(
      library(
        .init(
          name: ".rela.dyn", type: 4, flags: 2, address: 0x5000, bytes: entries, link: 2,
          entrySize: 24, alignment: 8)))
    #expect(code.segments.map { $0.name } == [".text"])
    #expect(code.entry == 0x1000)
    #expect(code.unresolved.map { $0.address } == [0x0ffd, 0x103f])
    #expect(code.unresolved.map { $0.symbol } == ["absent", "R_X86_64_RELATIVE"])
  }

  @Test func packedRelocations() throws {
    // 0x1000 and, by the bitmap, 0x1008 and 0x1018; then addresses outside.
    let words: [UInt64] = [0x1000, 0b1011, 0x2000, 0xffff_ffff_ffff_ffff]
    var section = ELFBuilder.Section(
      name: ".relr.dyn", type: 19, flags: 2, address: 0x5000,
      bytes: words.flatMap { ELFBuilder.number($0, 8) })
    let code = try load(library(section))
    #expect(code.unresolved.map { $0.address } == [0x1000, 0x1008, 0x1018])
    section.bytes = Array(repeating: 0xff, count: 1 << 20)
    let failure = Fixture.failure(of: library(section).bytes(), "built", "f")
    #expect(failure?.contains("more than") == true)
  }

  @Test func segmentsDecideWhatIsCode() throws {
    let extra = ELFBuilder.Section(name: ".other", type: 1)
    #expect(Fixture.failure(of: library(extra).bytes(), "built", "f") == nil)
    for flags in [4, 6, 7] as [UInt32] {
      let failure = Fixture.failure(of: library(extra, loadFlags: flags).bytes(), "built", "f")
      #expect(failure?.contains("which is writable, mergeable, not loaded") == true)
    }
    var wrong = library(extra)
    wrong.loads[0].offset -= 1
    #expect(Fixture.failure(of: wrong.bytes(), "built", "f")?.contains("disagree") == true)
    wrong.loads[0] = .init(flags: 5, offset: 120, address: 0x1000, size: 63)
    #expect(Fixture.failure(of: wrong.bytes(), "built", "f")?.contains("disagree") == true)
    wrong.loads = Array(repeating: library(extra).loads[0], count: 2)
    #expect(Fixture.failure(of: wrong.bytes(), "built", "f")?.contains("overlaps") == true)
  }
}
