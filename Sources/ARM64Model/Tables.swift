import MachineModel

/// The rows, compiled: what decoding and encoding look things up in.
final class Tables: Sendable {
  let forms: [Form]
  private let rows: LazyRows
  /// All registers, as `RegisterBank` says.
  let registers = PermanentArray(RegisterBank.all)
  private let decoder: DecodingTable

  static let shared = Tables()

  private init() {
    var forms: [Form] = []
    for entry in ARM64.entries {
      for row in entry.rows {
        forms.append(
          Form(
            syntax: row.syntax, encoding: row.encoding, family: entry.family,
            feature: entry.feature, index: forms.count))
      }
    }
    self.forms = forms
    rows = LazyRows(forms)
    decoder = DecodingTable(forms.map { FixedBits($0.encoding) })
  }

  /// The row of the form with this index.
  func layout(_ index: Int) -> Layout { rows.layout(index) }

  /// The row that `word` belongs to, as decoding reads it, and its position.
  @inline(__always)
  func program(of word: UInt32) -> (UnsafePointer<RowProgram>, index: Int)? {
    guard
      let index = decoder.index(
        of: word, matches: { RowProgram.matches(rows.program($0), word) })
    else { return nil }
    return (rows.program(index), index)
  }
}

/// The aliases that are printed.
final class PreferredAliases: Sendable {
  /// The fixed bits of each, the preferred one first.
  private let bits: [FixedBits]
  private let layouts: LazyLayouts

  static let shared = PreferredAliases()

  private init() {
    let rows = ARM64.aliases.filter(\.isPreferred).map(\.row)
    bits = rows.map { FixedBits($0.encoding) }
    layouts = LazyLayouts(rows)
  }

  /// Those that `word` may be, the preferred one first.
  func matching(_ word: UInt32) -> [Layout] {
    bits.indices.filter { word & bits[$0].mask == bits[$0].value }.map { layouts[$0] }
      .filter { $0.diagram.matches(word) }
  }
}

/// What reading assembly needs besides the rows; made when first asked for.
final class AssemblyTables: Sendable {
  /// The layouts that a mnemonic has, forms before aliases.
  private let byMnemonic: [String: [Layout]]

  static let shared = AssemblyTables()

  private init() {
    let aliases = ARM64.aliases.map {
      Layout(syntax: $0.row.syntax, encoding: $0.row.encoding)
    }
    byMnemonic = Dictionary(
      grouping: Tables.shared.forms.indices.map { Tables.shared.layout($0) } + aliases,
      by: \.mnemonic)
  }

  /// The rows that a line with this mnemonic may be.
  func candidates(for mnemonic: String) -> [Layout] {
    byMnemonic[mnemonic.hasPrefix("b.") ? "b.<cond>" : mnemonic] ?? []
  }
}

/// A named part of the encoding space that has no rows.
struct CompiledArea: Sendable {
  let title: String
  let isUnpredictable: Bool
  let diagram: BitDiagram

  static let all = (ARM64.unpredictableAreas + ARM64.unsupportedAreas).map {
    CompiledArea(
      title: $0.title, isUnpredictable: $0.isUnpredictable, diagram: BitDiagram($0.encoding))
  }
}

extension ARM64 {
  /// All entries of the manual that the tables have.
  static let entries: [Entry] = [
    addSubtract, addWithCarry, logical, moveWide, bitfield, dataProcessing, tags, multiply,
    conditional, branch, loadStore, literalsAndPrefetches, loadStorePair, ordered, exclusive,
    atomic, checksums, system, vector, cryptographic,
  ].flatMap(\.self)

  /// Advanced SIMD.
  private static let vector: [Entry] = [
    vectorThreeSame, vectorLogic, vectorThreeDifferent, vectorByElement, vectorExtensions,
    vectorTwoRegister, vectorAcross, vectorShifts, vectorPermute, vectorCopy, vectorImmediates,
    floatMoves,
    vectorLoadStore, vectorStructures,
  ].flatMap { $0 }

  private static let cryptographic: [Entry] =
    cryptographicAES + cryptographicSHA1 + cryptographicSHA256 + cryptographicSHA512
    + cryptographicSHA3 + cryptographicSM3 + cryptographicSM4

  /// All aliases; where several match, the first one is printed.
  static let aliases: [Alias] =
    addSubtractAliases + logicalAliases + bitfieldAliases + multiplyAliases + conditionalAliases
    + atomicAliases + systemAliases + unscaledAliases + vectorAliases + unscaledVectorAliases
}
