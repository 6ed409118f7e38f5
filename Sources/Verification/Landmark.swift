import MachineModel
import Terms

/// A place and a state of a run: one that comes back to it is endless.
///
/// What decides the way is enough to come back to. While a landmark watches, it knows what the run
/// since then has made of each cell and byte, and which of them decided where it went. Let R be these
/// and all that they are made of in turn: where R is what it was, the same way is gone again, R is
/// again what it was, and so for ever, whatever else changes.
struct Landmark {
  /// The instructions of a run after which landmarks watch, since that costs more than running.
  static let watches = 1_024...4_096
  /// The instructions of a run after which nothing is watched any more.
  static let watchLimit = watches.upperBound + longestWay + 1
  /// The instructions of a way that is found to be gone for ever.
  private static let longestWay = 512

  /// A cell, or a byte of memory.
  private enum Location: Hashable {
    case cell(Int)
    case byte(UInt64)
  }

  private let address: UInt64
  private let cells: [BitVector]
  private let bytes: SparseBytes
  private var footprints: Footprints?
  private var length = 0
  /// What a location is made of, if not of itself alone.
  private var origins: [Location: Set<Location>] = [:]
  private var decisive: Set<Location> = []

  /// The memory's `isChanged` has to be reset with it.
  init(_ address: UInt64, _ cells: [BitVector], _ memory: ConcreteMemory) {
    self.address = address
    self.cells = cells
    bytes = memory.bytes
  }

  /// Lets what the run does be followed from here on.
  mutating func watch(by footprints: Footprints) {
    self.footprints = footprints
    if let stackPointer = footprints.stackPointer { decisive = [.cell(stackPointer)] }
  }

  /// Whether a run is here again for ever.
  func isMetAgain(at address: UInt64, _ cells: [BitVector], _ memory: ConcreteMemory) -> Bool {
    guard address == self.address else { return false }
    return cells == self.cells && !memory.isChanged || hasRecurred(cells, memory)
  }

  private func hasRecurred(_ cells: [BitVector], _ memory: ConcreteMemory) -> Bool {
    guard footprints != nil, length > 0 else { return false }
    var needed = decisive
    var open = Array(decisive)
    while let location = open.popLast() {
      switch location {
      case .cell(let index): if cells[index] != self.cells[index] { return false }
      case .byte(let address): if memory.bytes[address] != bytes[address] { return false }
      }
      for origin in origins[location] ?? [] where needed.insert(origin).inserted {
        open.append(origin)
      }
    }
    return true
  }

  /// Follows an instruction that was executed, with its accesses in order.
  mutating func note(_ instruction: Instruction, _ accesses: [ConcreteMemory.Violation]) {
    guard let footprints else { return }
    length += 1
    guard length <= Landmark.longestWay, let footprint = footprints[instruction],
      accesses.count == footprint.loadCount + footprint.stores.count
    else {
      self.footprints = nil
      return
    }
    let loads = accesses.prefix(footprint.loadCount).map { load in
      (0..<UInt64(load.byteCount)).reduce(into: Set<Location>()) {
        $0.formUnion(known(.byte(load.address &+ $1)))
      }
    }
    func made(of sources: [Footprint.Source]) -> Set<Location> {
      sources.reduce(into: []) { result, source in
        switch source {
        case .cell(let index): result.formUnion(known(.cell(index)))
        case .load(let number): result.formUnion(loads[number])
        }
      }
    }
    decisive.formUnion(made(of: footprint.decisive))
    let results = footprint.results.map { ($0.cell, made(of: $0.sources)) }
    for (sources, store) in zip(footprint.stores, accesses.dropFirst(footprint.loadCount)) {
      let value = made(of: sources)
      for index in 0..<UInt64(store.byteCount) {
        origins[.byte(store.address &+ index)] = value
      }
    }
    for (cell, value) in results { origins[.cell(cell)] = value }
  }

  private func known(_ location: Location) -> Set<Location> {
    origins[location] ?? [location]
  }
}
