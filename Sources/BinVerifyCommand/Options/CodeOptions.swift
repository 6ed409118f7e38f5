import ArgumentParser
import BinVerify
import ObjectFiles

/// How the code on the command line is to be read.
struct CodeOptions: ParsableArguments {
  /// An instruction set's name.
  enum ISA: String, CaseIterable, ExpressibleByArgument {
    case x86 = "x86-64"
    case arm64
  }

  /// A format's name.
  enum Format: String, CaseIterable, ExpressibleByArgument {
    case auto, raw, hex, elf
  }

  @Option(help: "The instruction set of raw bytes and hexadecimal text.")
  var isa: ISA?

  @Option(help: "How to read CODE: auto looks at its first bytes and its name.")
  var format: Format = .auto

  @Option(help: "The function of an ELF file; the same as CODE:SYMBOL.")
  var symbol: String?

  @Option(help: "The address of raw code's first byte.")
  var base: Address = Address(value: 0)

  /// The code that `argument` names.
  func load(
    _ argument: String, _ context: Job.Context, withLines: Bool = true
  ) throws -> LoadedCode {
    let input = try InputArgument(argument)
    if let symbol, let other = input.symbol, symbol != other {
      throw Failure("\(argument): error: --symbol \(symbol) was given as well")
    }
    let format = InputFormat(rawValue: format.rawValue) ?? .automatic
    let bytes = try context.read(input.path)
    let loaded = try CodeLoader.load(
      bytes: bytes, name: input.path == "-" ? "standard input" : input.path,
      symbol: symbol ?? input.symbol, isa: isa?.rawValue, format: format, withLines: withLines)
    guard base.value != 0 else { return loaded }
    guard loaded.code.segments.count == 1, loaded.code.extent.lowerBound == 0 else {
      throw Failure("\(argument): error: --base is for raw bytes; an ELF file has addresses")
    }
    let raw = loaded.code.segments[0].bytes
    guard base.value <= .max - UInt64(raw.count) else {
      throw Failure("\(argument): error: no room for \(raw.count) bytes at --base")
    }
    return LoadedCode(
      code: Code(bytes: raw, at: base.value, name: loaded.code.name, isRelocatable: false),
      isa: loaded.isa)
  }
}

/// An address in decimal or hexadecimal.
struct Address: ExpressibleByArgument {
  let value: UInt64

  init(value: UInt64) { self.value = value }

  init?(argument: String) {
    let text = argument.lowercased()
    let value = text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
    guard let value else { return nil }
    self.value = value
  }

  var defaultValueDescription: String { hexadecimal(value) }
}
