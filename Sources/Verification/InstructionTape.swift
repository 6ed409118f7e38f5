import MachineModel
import Terms

/// One instruction, lifted once to be run on many lanes: columns of its operands in, columns of its
/// results out.
final class InstructionTape {
  /// An access: the columns of its address, of whether it takes place, and of its value.
  struct Access<Value> {
    let address: Int
    let condition: Int
    let value: Value
    let byteCount: Int
  }

  let flow: Flow
  private let lanes: Int
  /// What loads are made of.
  private var addresses: ColumnProgram
  /// The value is nil where it does not matter.
  let loads: [Access<Int?>]
  /// Everything else, and from it to the state.
  private var results: ColumnProgram
  let outputs: [ColumnPassage]
  let stores: [Access<Int>]
  /// The positions of the cells that are changed.
  let changed: [Int]
  /// The column of the next instruction's address; nil for the one behind this one, which then does the same
  /// wherever it stands.
  let next: Int?
  /// The bytes of the instruction.
  let length: Int
  /// The column of whether there is a fault.
  let fault: Int
  /// The flags that it changes, and those that it depends on.
  let writtenFlags: FlagSet
  let readFlags: FlagSet
  /// A plain instruction without its flags, for where nothing reads them; nil where it changes none.
  let withoutFlags: UnflaggedTape?
  /// Whether it accesses no memory, never faults, leaves the stack pointer, and goes on behind itself wherever it
  /// stands.
  let isPlain: Bool

  /// Nil for an instruction that loads what it stored, or from an address that it loaded, and for one
  /// that may change what is not modelled.
  init?(_ instruction: Instruction, over start: LaneVariables) {
    let terms = start.terms
    guard let (state, record) = start.execute(instruction),
      !state.faults.contains(where: { $0.fault == .systemFlag })
    else { return nil }
    flow = instruction.form.family.flow
    lanes = start.lanes
    let changed = start.cells.indices.filter { state.cells[$0] != start.cells[$0] }
    let isFaulty = terms.or(state.faults.map(\.condition))
    let addresses = ColumnProgram(
      record.loads.flatMap { [$0.address, $0.condition] }, over: start)
    let loaded = Set(record.loads.map(\.value))
    guard loaded.isDisjoint(with: addresses.variables) else { return nil }
    let own =
      changed.map { state.cells[$0] } + [isFaulty]
      + record.stores.flatMap { [$0.address, $0.condition, $0.value] }
    let isAnywhere = start.isAnywhere(
      instruction, state, own + record.loads.flatMap { [$0.address, $0.condition] })
    let results = ColumnProgram(own + (isAnywhere ? [] : [state.nextInstruction]), over: start)
    outputs = changed.map {
      start.passage($0, from: results.column(of: state.cells[$0]))
    }
    let used = Set(results.variables)
    loads = record.loads.map {
      Access(
        address: addresses.column(of: $0.address), condition: addresses.column(of: $0.condition),
        value: used.contains($0.value) ? results.column(of: $0.value) : nil,
        byteCount: $0.byteCount)
    }
    stores = record.stores.map {
      Access(
        address: results.column(of: $0.address), condition: results.column(of: $0.condition),
        value: results.column(of: $0.value), byteCount: $0.byteCount)
    }
    next = isAnywhere ? nil : results.column(of: state.nextInstruction)
    length = instruction.length
    fault = results.column(of: isFaulty)
    isPlain =
      isAnywhere && isFaulty == terms.false && record.loads.isEmpty && record.stores.isEmpty
      && !changed.contains { $0 == start.stackPointer }
    writtenFlags = start.flags(among: changed.map { start.cells[$0] })
    readFlags = start.flags(among: results.variables)
    withoutFlags =
      isPlain && !writtenFlags.isEmpty ? UnflaggedTape(changed, state.cells, over: start) : nil
    self.changed = changed
    self.addresses = addresses
    self.results = results
  }

  var accessesMemory: Bool { !loads.isEmpty || !stores.isEmpty }

  /// The words that the tape keeps.
  var size: Int { results.size + addresses.size + (withoutFlags?.size ?? 0) }

  /// Finds the addresses of loads, for states in `words`.
  func runAddresses(_ words: [UInt64]) {
    if !loads.isEmpty { addresses.run(words) }
  }

  /// Lets `body` read the columns that `runAddresses` found.
  func withAddresses(_ body: (UnsafeBufferPointer<UInt64>) -> Void) { addresses.withColumns(body) }

  /// Gives a word of a load's value in one lane.
  func setLoaded(_ column: Int, word: Int, lane: Int, _ value: UInt64) {
    results.set(column + word * lanes + lane, value)
  }

  /// Finds everything else.
  func runResults(_ words: [UInt64]) { results.run(words) }

  /// Lets `body` read the columns that `runResults` found.
  func withResults(_ body: (UnsafeBufferPointer<UInt64>) -> Void) { results.withColumns(body) }

  /// Makes the results the state of all lanes.
  func writeResults(to words: inout [UInt64]) { results.copy(outputs, to: &words) }
}

/// What a plain instruction does but for its flags.
final class UnflaggedTape {
  private var results: ColumnProgram
  private let outputs: [ColumnPassage]
  let changed: [Int]
  let readFlags: FlagSet

  fileprivate init(_ changed: [Int], _ cells: [Term], over start: LaneVariables) {
    let changed = changed.filter { !start.terms.isBool(start.cells[$0]) }
    let results = ColumnProgram(changed.map { cells[$0] }, over: start)
    outputs = changed.map { start.passage($0, from: results.column(of: cells[$0])) }
    readFlags = start.flags(among: results.variables)
    self.changed = changed
    self.results = results
  }

  var size: Int { results.size }

  /// Goes on with states in `words`.
  func run(_ words: inout [UInt64]) {
    if outputs.isEmpty { return }
    results.run(words)
    results.copy(outputs, to: &words)
  }
}

extension Instruction {
  /// Whether an operand is an address that depends on where the instruction stands, or control may go elsewhere.
  var refersToItsPlace: Bool {
    form.family.flow != .sequential || operands.contains { $0.relativeAddress != nil }
  }
}
