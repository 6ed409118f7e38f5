import CElfutils

/// Finds the function that the user means.
struct SymbolSelection {
  /// The most names that a message lists.
  private static let listLimit = 20

  let file: ELFFile
  let table: Int
  let symbols: [ELFSymbol]

  init(_ file: ELFFile) throws(ObjectFileError) {
    guard let table = file.symbolTableIndex, let symbols = file.symbolTables[table] else {
      throw file.error("has no symbol table, so that no function can be found in it")
    }
    self.file = file
    self.table = table
    self.symbols = symbols
  }

  /// The function called `name`; without a name, the only global function. All symbol tables have to
  /// agree about where it is.
  func select(_ name: String?) throws(ObjectFileError) -> ELFSymbol {
    let symbol: ELFSymbol
    if let name { symbol = try function(name) } else { symbol = try onlyFunction() }
    let name = Array(file.nameBytes(of: symbol, in: table, limit: .max))
    for (other, others) in file.symbolTables where other != table {
      for found in others where found.isGlobal && file.hasName(found, in: other, name) {
        let isDefined = found.section != nil || found.isAbsolute
        let isSame = (found.section, found.value) == (symbol.section, symbol.value)
        guard isDefined, !isSame || found.type == UInt8(STT_GNU_IFUNC) else { continue }
        throw file.error(
          at: found.fileOffset,
          "'\(printable(name))' is at \(hexadecimal(found.value)) by \(file.sections[other].name), "
            + "but at \(hexadecimal(symbol.value)) by \(file.sections[table].name)")
      }
    }
    return symbol
  }

  /// The function called `name`.
  private func function(_ name: String) throws(ObjectFileError) -> ELFSymbol {
    if name.isEmpty { throw file.error("a symbol's name must not be empty") }
    let wanted = Array(name.utf8)
    let named = symbols.filter { file.hasName($0, in: table, wanted) }
    let code = named.filter { isCode($0) }
    let globals = code.filter { $0.isGlobal }
    if let only = globals.count == 1 ? globals[0] : code.count == 1 ? code[0] : nil {
      if only.type == UInt8(STT_GNU_IFUNC) {
        throw file.error(
          at: only.fileOffset,
          "'\(printable(wanted))' is an indirect function (STT_GNU_IFUNC), whose code is chosen when "
            + "the program starts; name one of its implementations")
      }
      return only
    }
    if code.count > 1 { throw ambiguous(code, printable(wanted)) }
    throw notCode(named, printable(wanted), wanted)
  }

  /// The addresses from `symbol`'s first byte to its end; without a size, to the next function or
  /// global symbol of its section, or to the section's end. Offsets in a relocatable object.
  func extent(of symbol: ELFSymbol, in section: ELFSection) throws(ObjectFileError) -> Range<UInt64>
  {
    let start = file.isRelocatable ? 0 : section.address
    let (end, wraps) = start.addingReportingOverflow(UInt64(section.fileRange.count))
    guard !wraps else {
      throw file.error(at: section.headerOffset + 16, "\(section.name)'s addresses wrap")
    }
    let name = file.title(of: symbol, in: table)
    guard start <= symbol.value, symbol.value < end else {
      throw file.error(
        at: symbol.fileOffset + 8,
        "'\(name)' at \(hexadecimal(symbol.value)) is outside of its section \(section.name)")
    }
    if symbol.size > 0 {
      guard symbol.size <= end - symbol.value else {
        throw file.error(
          at: symbol.fileOffset + 16,
          "'\(name)' has \(symbol.size) bytes, but its section \(section.name) only "
            + "\(end - symbol.value) from there")
      }
      return symbol.value..<symbol.value + symbol.size
    }
    var stop = end
    for other in symbols where other.section == section.index && other.value > symbol.value {
      let begins =
        other.type == UInt8(STT_FUNC) || other.type == UInt8(STT_GNU_IFUNC)
        || other.isGlobal && other.type == UInt8(STT_NOTYPE)
      if begins { stop = min(stop, other.value) }
    }
    return symbol.value..<stop
  }

  /// The only global function; hand-written assembly may not say that its symbols are functions.
  private func onlyFunction() throws(ObjectFileError) -> ELFSymbol {
    let globals = symbols.filter { $0.isGlobal && isCode($0) }
    let functions = globals.filter { $0.type == UInt8(STT_FUNC) }
    let candidates = functions.isEmpty ? globals : functions
    if candidates.count == 1 { return candidates[0] }
    if candidates.isEmpty {
      throw file.error("defines no global function; name a symbol, as in \(file.name):symbol")
    }
    throw file.error(
      "defines \(candidates.count) functions; name one, as in \(file.name):symbol: "
        + list(candidates.count) { file.title(of: candidates[$0], in: table) })
  }

  /// Whether a symbol names code in this file: defined in an executable section, not data, and not
  /// one of AArch64's mapping symbols.
  private func isCode(_ symbol: ELFSymbol) -> Bool {
    guard let section = symbol.section, file.sections[section].isExecutable else { return false }
    switch symbol.type {
    case UInt8(STT_FUNC), UInt8(STT_GNU_IFUNC): return true
    case UInt8(STT_NOTYPE):
      let name = file.nameBytes(of: symbol, in: table)
      return !name.isEmpty && name.first != UInt8(ascii: "$")
    default: return false
    }
  }

  /// The error for several symbols of one name.
  private func ambiguous(_ found: [ELFSymbol], _ name: String) -> ObjectFileError {
    let places = list(found.count) {
      "\(file.sections[found[$0].section ?? 0].name) at \(hexadecimal(found[$0].value))"
    }
    return file.error("has \(found.count) symbols '\(name)': " + places)
  }

  /// The error for a name that no code has: what has it instead, or the names that are near.
  private func notCode(_ named: [ELFSymbol], _ name: String, _ wanted: [UInt8]) -> ObjectFileError {
    if let symbol = named.first {
      let place =
        symbol.section.map { "is in section \(file.sections[$0].name), which is not code" }
        ?? (symbol.isAbsolute ? "is an absolute value" : "is not defined in this file")
      return file.error(at: symbol.fileOffset, "'\(name)' \(place)")
    }
    let near = NearNames.of(wanted, among: codeNames())
    let hint = near.isEmpty ? "" : "; similar: " + list(near.count) { printable(near[$0]) }
    return file.error("has no symbol '\(name)'" + hint)
  }

  /// The names of all code.
  private func codeNames() -> [[UInt8]] {
    symbols.lazy.filter { isCode($0) }.prefix(NearNames.candidateLimit)
      .map { Array(file.nameBytes(of: $0, in: table)) }
  }

  /// `count` names in a row, the first ones if there are many.
  private func list(_ count: Int, _ name: (Int) -> String) -> String {
    let shown = (0..<min(count, Self.listLimit)).map(name).joined(separator: ", ")
    let rest = count - Self.listLimit
    return rest > 0 ? "\(shown) and \(rest) more" : shown
  }
}
