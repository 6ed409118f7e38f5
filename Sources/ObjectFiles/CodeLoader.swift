import CElfutils
import MachineModel

/// How an input file is to be read.
public enum InputFormat: String, Sendable, CaseIterable {
  /// ELF by its first bytes, hexadecimal text by the extension `.hex`, else raw bytes.
  case automatic = "auto"
  case raw, hex, elf
}

/// From an input file to code at addresses.
public enum CodeLoader {
  /// The instruction sets that an input may have.
  public static let knownISAs = ["x86-64", "arm64"]

  /// The code that a user's argument names: a file, `-`, or `file:symbol`.
  public static func load(
    argument: String, isa: String? = nil, format: InputFormat = .automatic, withLines: Bool = false
  ) throws(ObjectFileError) -> LoadedCode {
    let input = try InputArgument(argument)
    let bytes = try InputFile.read(input.path)
    return try load(
      bytes: bytes, name: input.path, symbol: input.symbol, isa: isa, format: format,
      withLines: withLines)
  }

  /// The code in the file `name` that has the contents `bytes`.
  ///
  /// Raw bytes and hexadecimal text need `isa` and have no symbols; they are placed at address 0.
  /// An ELF file names its ISA, which must be `isa` if that is given; without a `symbol` it must
  /// define exactly one global function. Source lines are read only `withLines`.
  public static func load(
    bytes: [UInt8], name: String, symbol: String? = nil, isa: String? = nil,
    format: InputFormat = .automatic, withLines: Bool = false
  ) throws(ObjectFileError) -> LoadedCode {
    if let isa, !knownISAs.contains(isa) {
      throw ObjectFileError(
        file: name, "the ISA x86-64 or arm64 was expected, found '\(printable(Array(isa.utf8)))'")
    }
    switch format == .automatic ? detected(bytes, name: name) : format {
    case .elf:
      guard bytes.starts(with: elfMagic) else {
        throw ObjectFileError(
          file: name, position: .byte(0), "an ELF file was expected, which begins with 7f 45 4c 46")
      }
      return try loadELF(bytes, name: name, symbol: symbol, isa: isa, withLines: withLines)
    case .hex:
      let code = try HexText.parse(bytes, file: name)
      return try loadRaw(code, name: name, symbol: symbol, isa: isa)
    case .raw, .automatic:
      return try loadRaw(bytes, name: name, symbol: symbol, isa: isa)
    }
  }

  /// What an ELF file begins with.
  private static let elfMagic: [UInt8] = [0x7f, 0x45, 0x4c, 0x46]

  /// The format that a file's first bytes and name show.
  private static func detected(_ bytes: [UInt8], name: String) -> InputFormat {
    if bytes.starts(with: elfMagic) { return .elf }
    return name.hasSuffix(".hex") ? .hex : .raw
  }

  /// Code without symbols.
  private static func loadRaw(
    _ bytes: [UInt8], name: String, symbol: String?, isa: String?
  ) throws(ObjectFileError) -> LoadedCode {
    if bytes.starts(with: Array("!<arch>\n".utf8)) {
      throw ObjectFileError(
        file: name, position: .byte(0), "is an archive; extract the object file from it first")
    }
    if let symbol {
      throw ObjectFileError(
        file: name,
        "has no symbols (it is not ELF), so '\(printable(Array(symbol.utf8)))' is not there")
    }
    guard let isa else {
      throw ObjectFileError(file: name, "raw code needs its ISA: --isa x86-64 or --isa arm64")
    }
    if bytes.isEmpty { throw ObjectFileError(file: name, "has no code: it is empty") }
    return LoadedCode(code: Code(bytes: bytes, name: name), isa: isa)
  }

  /// A function of an ELF file.
  private static func loadELF(
    _ bytes: [UInt8], name: String, symbol: String?, isa: String?, withLines: Bool
  ) throws(ObjectFileError) -> LoadedCode {
    let file = try ELFReader.read(bytes, name: name)
    if let isa, isa != file.isa {
      throw file.error(at: 18, "is \(file.isa) code, but \(isa) was asked for")
    }
    let selection = try SymbolSelection(file)
    let chosen = try selection.select(symbol)
    let title = file.title(of: chosen, in: selection.table)
    let section = file.sections[chosen.section ?? 0]
    let range = try selection.extent(of: chosen, in: section)
    let layout = file.isRelocatable ? try ObjectLayout(file) : nil
    let image: LoadedImage
    if let layout {
      image = try layout.image()
    } else {
      image = try LinkedImage(file: file).image()
    }
    guard let address = image.addresses[section.index],
      image.segments.contains(where: { $0.address == address && $0.isExecutable })
    else {
      throw file.error(
        at: section.headerOffset,
        "'\(title)' is in \(section.name), which is writable, mergeable, not loaded, not readable "
          + "or not executable")
    }
    let offset = file.isRelocatable ? address : 0
    let extent = range.lowerBound + offset..<range.upperBound + offset
    let code = Code(
      name: "\(name):\(title)", segments: image.segments, entry: extent.lowerBound, extent: extent,
      unresolved: image.unresolved, linkedFields: image.linkedFields,
      addressWords: image.addressWords, slideStep: image.slideStep,
      lines: withLines ? DebugLines.of(file, layout: layout, in: extent) : [:])
    return LoadedCode(code: code, isa: file.isa)
  }
}
