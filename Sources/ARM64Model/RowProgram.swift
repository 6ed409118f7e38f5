import MachineModel

/// A row as decoding reads it: plain memory that lives as long as the process, so that nothing is
/// counted or allocated for an instruction.
struct RowProgram {
  /// Two fields and, for registers, whether number 31 is exempt.
  private struct Pair {
    let first: OperandReader.Field
    let second: OperandReader.Field
    var exempts31 = false

    init(_ first: BitField, _ second: BitField, exempts31: Bool = false) {
      self.first = OperandReader.Field(first)
      self.second = OperandReader.Field(second)
      self.exempts31 = exempts31
    }

    @inline(__always)
    func areEqual(_ word: UInt32) -> Bool {
      let value = first.value(word)
      return value == second.value(word) && !(exempts31 && value == 31)
    }
  }

  let form: Form
  private let readers: PermanentArray<OperandReader>
  private let exclusions: PermanentArray<BitDiagram.Exclusion>
  /// Fields that hold the same value in words of the row.
  private let twins: PermanentArray<Pair>
  /// Registers that make a word UNPREDICTABLE where they are the same.
  private let clashes: PermanentArray<Pair>
  /// Whether every operand has a reader.
  let isComplete: Bool
  private let redundancy: RedundancyReader

  init(_ form: Form, _ layout: Layout) {
    self.form = form
    let readers = layout.operands.map { OperandReader($0) }
    self.readers = PermanentArray(readers)
    exclusions = PermanentArray(layout.diagram.exclusions)
    twins = PermanentArray(layout.diagram.twins.map { Pair($0.0, $0.1) })
    clashes = PermanentArray(
      layout.restrictions.map { restriction in
        let (first, second) = restriction.registers
        return Pair(first, second, exempts31: restriction.exempts31)
      })
    isComplete = readers.allSatisfy { $0.kind != .other }
    redundancy = RedundancyReader(layout.redundancy)
  }

  /// Whether a word with the row's fixed bits has none of the excluded values, and equal twins.
  static func matches(_ program: UnsafePointer<RowProgram>, _ word: UInt32) -> Bool {
    let (exclusions, twins) = (program.pointee.exclusions, program.pointee.twins)
    for index in 0..<exclusions.count
    where word & exclusions[index].mask == exclusions[index].value { return false }
    for index in 0..<twins.count where !twins[index].areEqual(word) { return false }
    return true
  }

  /// Whether the registers of a word of the row make it UNPREDICTABLE.
  @inline(__always)
  static func isUnpredictable(_ program: UnsafePointer<RowProgram>, _ word: UInt32) -> Bool {
    let clashes = program.pointee.clashes
    for index in 0..<clashes.count where clashes[index].areEqual(word) { return true }
    return false
  }

  /// The redundant bits of a word of the row.
  @inline(__always)
  static func annotation(_ program: UnsafePointer<RowProgram>, _ word: UInt32) -> Int {
    program.pointee.redundancy.kind == .none ? 0 : program.pointee.redundancy.bits(word)
  }

  /// Reads the operands of a word of the row; false if a field is reserved. The row is given by its
  /// address, so that only what is needed of it is loaded.
  @inline(__always)
  static func read(
    _ program: UnsafePointer<RowProgram>, _ word: UInt32, at address: UInt64,
    _ bank: PermanentArray<Register>, into operands: inout Operands
  ) -> Bool {
    let readers = program.pointee.readers
    for index in 0..<readers.count {
      let reader = readers.address(of: index)
      if !OperandReader.read(reader, word, at: address, bank, into: &operands) { return false }
    }
    return true
  }
}

/// `Layout.Redundancy` without references.
private struct RedundancyReader: Sendable {
  enum Kind: UInt8, Sendable {
    case none, field
    /// The bits of `immr`, the first field, that do not count for `imms` and `N`, the others.
    case rotation
  }

  private(set) var kind = Kind.none
  private var first = OperandReader.Field()
  private var second = OperandReader.Field()
  private var third = OperandReader.Field()

  init(_ redundancy: Layout.Redundancy?) {
    switch redundancy {
    case nil: break
    case .zeroShift(let field), .ignored(let field):
      kind = .field
      first = OperandReader.Field(field)
    case .rotation(let fields):
      kind = .rotation
      first = OperandReader.Field(fields.immr)
      second = OperandReader.Field(fields.imms)
      third = fields.n.map { OperandReader.Field($0) } ?? third
    }
  }

  func bits(_ word: UInt32) -> Int {
    if kind == .field { return first.value(word) }
    let levels = BitmaskImmediate.levels(
      n: UInt32(third.value(word)), imms: UInt32(second.value(word)))
    return first.value(word) & ~Int(levels)
  }
}
