import ObjectFiles
import Testing

@Suite struct TextInputTests {
  @Test(arguments: [
    "48 89 f8 c3", "4889F8C3", "0x48, 0x89, 0xf8, 0xc3", "\\x48\\x89\\xF8\\xc3",
    "; mov\n48 89 f8 # rax\r\n\tc3\n", "0x48 89,f8 0Xc3",
  ])
  func notations(text: String) throws {
    let loaded = try CodeLoader.load(
      bytes: Array(text.utf8), name: "k.hex", isa: "x86-64")
    #expect(loaded.code.segments.map { $0.bytes } == [[0x48, 0x89, 0xf8, 0xc3]])
    #expect(loaded.code.entry == 0)
    #expect(loaded.code.extent == 0..<4)
    #expect(loaded.isa == "x86-64")
  }

  @Test(arguments: [
    ("48 8g", "k.hex:1:4: two hexadecimal digits a byte were expected, found an odd number"),
    ("48\n  zz", "k.hex:2:3: a hexadecimal digit was expected, found 'z'"),
    ("0x123", "k.hex:1:1: one byte of one or two hexadecimal digits was expected after 0x"),
    ("c3\n0x", "k.hex:2:1: one byte of one or two hexadecimal digits was expected after 0x"),
    ("c3 \u{1b}[2J", "k.hex:1:4: a hexadecimal digit was expected, found '\\u{1b}'"),
    ("; nothing", "k.hex: has no code: it is empty"),
  ])
  func mistakes(text: String, message: String) {
    #expect(Fixture.failure(of: Array(text.utf8), "k.hex", isa: "arm64") == message)
  }

  @Test func rawBytes() throws {
    let code = try CodeLoader.load(bytes: [0xc3], name: "-", isa: "x86-64").code
    #expect(code.bytes(at: 0..<1) == [0xc3])
    #expect(code.name == "-")
    #expect(Fixture.failure(of: [0xc3])?.contains("needs its ISA") == true)
    #expect(Fixture.failure(of: [], isa: "arm64") == "input: has no code: it is empty")
    #expect(Fixture.failure(of: [1], isa: "mips")?.contains("found 'mips'") == true)
    #expect(Fixture.failure(of: [1], "k", "f", isa: "arm64")?.contains("no symbols") == true)
    #expect(Fixture.failure(of: [1], isa: "arm64", format: .elf)?.contains("byte 0x0") == true)
    let archive = Array("!<arch>\nmember".utf8)
    #expect(Fixture.failure(of: archive, isa: "arm64")?.contains("archive") == true)
  }

  @Test(arguments: [
    ("kernel.o", "kernel.o", nil), ("kernel.o:sort3", "kernel.o", "sort3"), ("-", "-", nil),
    ("-:f", "-", "f"), ("a:b.o", "a:b.o", nil), ("a:b.o:f", "a:b.o", "f"),
    ("kernel.o:ns::f", "kernel.o", "ns::f"), ("absent:x:y", "absent:x", "y"), (":f", ":f", nil),
  ])
  func arguments(text: String, path: String, symbol: String?) throws {
    let input = try InputArgument(text) { ["kernel.o", "a:b.o", "-"].contains($0) }
    #expect(input.path == path)
    #expect(input.symbol == symbol)
  }

  @Test func argumentWithoutName() {
    #expect(throws: ObjectFileError.self) { try InputArgument("kernel.o:") { $0 == "kernel.o" } }
  }

  @Test func files() throws {
    let path = Fixture.path("twice.s")
    let size = try InputFile.read(path).count
    #expect(try InputFile.read(path, limit: size).count == size)
    #expect(throws: ObjectFileError.self) { try InputFile.read(path, limit: size - 1) }
    #expect(throws: ObjectFileError.self) { try InputFile.read("/dev/zero", limit: 1 << 20) }
    #expect(throws: ObjectFileError.self) { try InputFile.read(Fixture.path("")) }
    #expect(throws: ObjectFileError.self) { try InputFile.read(Fixture.path("absent")) }
    #expect(try InputFile.read("/dev/null").isEmpty)
    let code = try CodeLoader.load(argument: Fixture.path("program-arm64") + ":step")
    #expect(code.isa == "arm64")
  }
}
