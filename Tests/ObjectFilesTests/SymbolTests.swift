import ObjectFiles
import Testing

@Suite struct SymbolTests {
  @Test(
    arguments: [
      ("kernel-x86-64.o", "byte_bit", "has no symbol 'byte_bit'; similar: byte_bits"),
      ("kernel-x86-64.o", "Counter", "has no symbol 'Counter'"),
      ("kernel-x86-64.o", "counter", "'counter' is in section .bss, which is not code"),
      ("kernel-x86-64.o", "external_value", "'external_value' is not defined in this file"),
      ("kernel-arm64.o", "$x", "'$x' is in section"),
      ("relocations-x86-64.o", "h", "'h' is an indirect function (STT_GNU_IFUNC)"),
      ("twice-x86-64.o", "twice", "has 2 symbols 'twice': .text at 0x0, .text at 0x"),
      ("twice-x86-64.o", nil, "defines no global function"),
      ("kernel-arm64.o", nil, "defines 3 functions; name one, as in kernel-arm64.o:symbol: "),
      ("kernel-arm64.o", "a\u{1b}b", "has no symbol 'a\\u{1b}b'"),
      ("kernel-arm64.o", "", "a symbol's name must not be empty"),
    ] as [(String, String?, String)])
  func refusals(file: String, symbol: String?, message: String) throws {
    let failure = try #require(try Fixture.failure(file, symbol))
    #expect(failure.hasPrefix(file + ": "))
    #expect(failure.contains(message), "\(failure)")
  }

  @Test func isaMustAgree() throws {
    #expect(
      try Fixture.failure("kernel-arm64.o", "byte_bits", isa: "x86-64")
        == "kernel-arm64.o: byte 0x12: is arm64 code, but x86-64 was asked for")
    #expect(try Fixture.failure("kernel-arm64.o", "byte_bits", isa: "arm64") == nil)
  }

  /// One wrong header field each, and what is said about it.
  @Test(
    arguments: [
      (4, [1], "byte 0x4: a 64-bit ELF file (class 2) was expected, found class 1"),
      (5, [2], "byte 0x5: a little-endian ELF file (1) was expected, found byte order 2"),
      (6, [9], "byte 0x6: ELF version 1 was expected, found 9"),
      (16, [4], "byte 0x10: an object, executable or shared library was expected, found type 4"),
      (18, [8, 0], "byte 0x12: x86-64 (62) or AArch64 (183) was expected, found machine 8"),
      (58, [63], "byte 0x3a: section headers of 64 bytes were expected, found 63"),
      (60, [0, 0], "has no symbol table"),
    ] as [(Int, [UInt8], String)])
  func headers(offset: Int, bytes: [UInt8], message: String) throws {
    var file = try Fixture.bytes("kernel-x86-64.o")
    file.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    let failure = try #require(Fixture.failure(of: file, "k.o", "nibble"))
    #expect(failure.contains(message), "\(failure)")
  }

  /// Lies in section headers: index of the header, offset in it, new bytes, what is said.
  @Test(
    arguments: [
      (1, 32, [0xff, 0xff, 0xff], "but the file ends"),
      (1, 24, [0, 0, 0, 0, 0, 0, 0, 0x80], "but the file ends"),
      (1, 48, [3], "aligned to a power of two"),
      (2, 40, [2], "should link to a symbol table, found section 2"),
      (2, 44, [0], "should relocate a section, found section 0"),
      (2, 56, [7], "should have entries of 24 bytes, found 7"),
      (5, 24, [0x40, 0], ""),
      (20, 40, [20], "has no symbol 'nibble'"),
      (1, 8, [7], "which is writable, mergeable, not loaded"),
    ] as [(Int, Int, [UInt8], String)])
  func sectionHeaders(index: Int, field: Int, bytes: [UInt8], message: String) throws {
    var file = try Fixture.bytes("kernel-x86-64.o")
    let table = Int(file[40]) | Int(file[41]) << 8
    let offset = table + 64 * index + field
    file.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    let failure = Fixture.failure(of: file, "k.o", "nibble") ?? ""
    #expect(failure.contains(message), "\(failure)")
  }
}
