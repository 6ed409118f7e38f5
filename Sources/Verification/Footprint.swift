import MachineModel
import Terms

/// What one instruction reads and writes, and what of it decides how the run goes on.
struct Footprint {
  /// What a result is made of: a cell, or the value of a load.
  enum Source: Hashable {
    case cell(Int)
    case load(Int)
  }

  /// By cell that is changed.
  let results: [(cell: Int, sources: [Source])]
  /// By store, in order.
  let stores: [[Source]]
  let loadCount: Int
  /// What the next instruction's address, the addresses of accesses and faults depend on.
  let decisive: [Source]

  /// Nil for an instruction with accesses that do not always take place, loads after stores, or a part
  /// that the environment decides.
  fileprivate init?(_ instruction: Instruction, over start: LaneVariables) {
    let terms = start.terms
    guard let (state, record) = start.execute(instruction),
      (record.loads + record.stores).allSatisfy({ $0.condition == terms.true })
    else { return nil }
    var loads: [Term: Int] = [:]
    for (number, load) in record.loads.enumerated() { loads[load.value] = number }
    var isDecidedByChance = false
    func sources(_ values: [Term]) -> [Source] {
      terms.freeVariables(of: values).compactMap { variable in
        if let load = loads[variable] { return .load(load) }
        if let cell = start.cell(variable) { return .cell(cell) }
        if terms.variable(variable)?.isEnvironment ?? true { isDecidedByChance = true }
        return nil
      }
    }
    results = start.cells.indices.filter { state.cells[$0] != start.cells[$0] }
      .map { ($0, sources([state.cells[$0]])) }
    stores = record.stores.map { sources([$0.value]) }
    loadCount = record.loads.count
    decisive = sources(
      [state.nextInstruction] + state.faults.map(\.condition)
        + (record.loads + record.stores).map(\.address))
    if isDecidedByChance { return nil }
  }
}

/// The footprints of a run's instructions, each found once.
final class Footprints {
  private let variables: LaneVariables
  private var known: [UInt64: Footprint?] = [:]
  /// The position of the stack pointer among the cells.
  let stackPointer: Int?

  init(_ architecture: any Architecture) {
    variables = LaneVariables(architecture, lanes: 1)
    stackPointer = architecture.convention.stackPointer.cell?.index
  }

  /// The footprint of an instruction of the run; nil where it has none.
  subscript(instruction: Instruction) -> Footprint? {
    if let found = known[instruction.address] { return found }
    let made = Footprint(instruction, over: variables)
    known[instruction.address] = .some(made)
    return made
  }
}
