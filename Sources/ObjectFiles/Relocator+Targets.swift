import CElfutils
import MachineModel

/// What relocations refer to.
extension Relocator {
  /// Where a relocation's symbol is, or what to call it when that is not known.
  enum Target {
    case address(UInt64)
    /// No address of anything in the file.
    case number(UInt64)
    /// An entry of a mergeable section, and what to call it.
    case entry(UInt64, String)
    case unknown(String, UnresolvedReference.Cause)
  }

  /// The address of a relocation's symbol; an unsupported type is as good as an unknown symbol.
  func target(
    of entry: Entry, _ type: RelocationType
  ) throws(ObjectFileError) -> Target {
    let index = entry.relocation.symbol
    if case .unsupported = type.action, index == 0 { return .unknown(type.name, .kind) }
    if index == 0 { return fixed(0, type, "0") }
    guard let symbols = file.symbolTables[entry.symbolTable], index < symbols.count else {
      throw file.error(
        at: entry.relocation.fileOffset,
        "\(type.name) refers to symbol \(index), which does not exist")
    }
    let symbol = symbols[index]
    if case .unsupported = type.action {
      return .unknown("\(file.title(of: symbol, in: entry.symbolTable)) (\(type.name))", .kind)
    }
    if symbol.isAbsolute {
      return fixed(symbol.value, type, file.title(of: symbol, in: entry.symbolTable))
    }
    if symbol.type == UInt8(STT_GNU_IFUNC) || symbol.type == UInt8(STT_TLS)
      || replaced[entry.symbolTable]?.contains(index) ?? false
    {
      return .unknown(file.title(of: symbol, in: entry.symbolTable), cause(of: symbol))
    }
    if let section = symbol.section, file.sections[section].isMergeable,
      file.sections[section].isAllocated
    {
      let title = file.title(of: symbol, in: entry.symbolTable)
      let name =
        title == file.sections[section].name ? title : "\(title) (\(file.sections[section].name))"
      guard self.section.isExecutable != type.action.isWord,
        let address = mergeable.address(of: symbol, entry.relocation, type.action)
      else { return .unknown(name, .merged) }
      return .entry(address, name)
    }
    if let address = offsets.address(ofUndefined: key(entry)), mayNameGuard(type.action) {
      return .address(address)
    }
    guard let section = symbol.section, let base = baseOf(section) else {
      let title = file.title(of: symbol, in: entry.symbolTable)
      let isEnd =
        symbol.isUndefined && symbol.binding == UInt8(STB_GLOBAL)
        && isBranch(type.action, entry.relocation.addend)
        && NoReturn.contains(title, hasLandingPads: hasLandingPads)
      return .unknown(title, isEnd ? .ending : cause(of: symbol))
    }
    return .address(base &+ symbol.value)
  }

  /// Whether the stack protector's guard, which is anywhere, may be referred to so: as a whole address in data or in the
  /// global offset table, not as a distance or a part of an address.
  private func mayNameGuard(_ action: RelocationAction) -> Bool {
    if case .slot = action { return true }
    return action.isWord && !section.isExecutable
  }

  /// Whether a relocation of a branch leads to its symbol itself.
  private func isBranch(_ action: RelocationAction, _ addend: UInt64?) -> Bool {
    switch action {
    case .relative(bytes: 4, _), .x86TableLoad:
      file.isa == "x86-64" && addend == UInt64(bitPattern: -4)
    case .instruction(.branch(bits: 26, _)): addend == 0
    default: false
    }
  }

  /// Whether some function goes on where it catches an exception or a panic.
  private var hasLandingPads: Bool {
    file.sections.contains { $0.name.hasPrefix(".gcc_except_table") }
  }

  /// Why a symbol is nowhere.
  private func cause(of symbol: ELFSymbol) -> UnresolvedReference.Cause {
    guard let section = symbol.section else { return .undefined }
    return file.sections[section].isWritable ? .writable : .kind
  }

  /// A symbol that is a number; its distance from the place is not known before all is linked.
  private func fixed(_ value: UInt64, _ type: RelocationType, _ title: String) -> Target {
    type.action.isAbsolute
      ? .number(value) : .unknown("\(title) (\(type.name) to an absolute address)", .kind)
  }
}
