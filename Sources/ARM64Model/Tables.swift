import MachineModel

/// The rows, compiled: what decoding, printing and reading look things up in.
struct Tables: Sendable {
  /// An alias and its compiled row.
  struct CompiledAlias: Sendable {
    let layout: Layout
    let isPreferred: Bool
  }

  /// A named part of the encoding space.
  struct Area: Sendable {
    let title: String
    let diagram: BitDiagram
  }

  let forms: [Form]
  /// The rows of `forms`, by the same index.
  let layouts: [Layout]
  let aliases: [CompiledAlias]
  let areas: [Area]
  let decoder: DecodingTable
  /// The layouts that a mnemonic has, forms before aliases.
  private let byMnemonic: [String: [Layout]]

  static let shared = Tables()

  private init() {
    var forms: [Form] = []
    for entry in ARM64.entries {
      for row in entry.rows {
        forms.append(
          Form(
            syntax: row.syntax, encoding: row.encoding, family: entry.family, index: forms.count))
      }
    }
    self.forms = forms
    layouts = forms.map { Layout(syntax: $0.syntax, encoding: $0.encoding) }
    aliases = ARM64.aliases.map {
      CompiledAlias(
        layout: Layout(syntax: $0.row.syntax, encoding: $0.row.encoding),
        isPreferred: $0.isPreferred)
    }
    areas = ARM64.unsupportedAreas.map {
      Area(title: $0.title, diagram: BitDiagram($0.encoding))
    }
    decoder = DecodingTable(layouts.map(\.diagram))
    byMnemonic = Dictionary(grouping: layouts + aliases.map(\.layout), by: \.mnemonic)
  }

  /// The rows that a line with this mnemonic may be.
  func candidates(for mnemonic: String) -> [Layout] {
    byMnemonic[mnemonic.hasPrefix("b.") ? "b.<cond>" : mnemonic] ?? []
  }
}

extension ARM64 {
  /// All entries of the manual that the tables have.
  static let entries: [Entry] =
    addSubtract + addWithCarry + logical + moveWide + bitfield + dataProcessing + multiply
    + conditional + branch + loadStore + literalsAndPrefetches + loadStorePair + ordered
    + checksums + system

  /// All aliases; where several match, the first one is printed.
  static let aliases: [Alias] =
    addSubtractAliases + logicalAliases + bitfieldAliases + multiplyAliases + conditionalAliases
    + systemAliases
}
