import MachineModel
import Terms

/// One instruction, lifted once to be run on many lanes: columns of its operands in, columns of its
/// results out.
final class InstructionTape {
  /// Words of a lane that go from one set of columns to another.
  struct Passage {
    let from: Int
    let to: Int
    let words: Int

    /// Copies the words of all lanes.
    func copy(
      from source: UnsafeBufferPointer<UInt64>, to target: UnsafeMutableBufferPointer<UInt64>, lanes: Int
    ) {
      let from = UnsafeBufferPointer(rebasing: source[from..<from + words * lanes])
      _ = UnsafeMutableBufferPointer(rebasing: target[to..<to + words * lanes]).update(fromContentsOf: from)
    }
  }

  /// An access: the columns of its address, of whether it takes place, and of its value.
  struct Access<Value> {
    let address: Int
    let condition: Int
    let value: Value
    let byteCount: Int
  }

  let flow: Flow
  /// What loads are made of, and from the state to it.
  private var addresses: Evaluator
  let addressInputs: [Passage]
  /// The value is nil where it does not matter.
  let loads: [Access<Int?>]
  /// Everything else, from the state to it and back.
  private var results: Evaluator
  let inputs: [Passage]
  let outputs: [Passage]
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
  /// Whether it accesses no memory, never faults, and goes on behind itself wherever it stands.
  let isPlain: Bool

  /// Nil for an instruction that loads what it stored, or from an address that it loaded, and for one
  /// that may change what is not modelled.
  init?(_ instruction: Instruction, over start: LaneVariables) {
    let terms = start.terms
    guard let (state, record) = start.execute(instruction),
      !state.faults.contains(where: { $0.fault == .systemFlag })
    else { return nil }
    flow = instruction.form.family.flow
    let changed = start.cells.indices.filter { state.cells[$0] != start.cells[$0] }
    let isFaulty = terms.or(state.faults.map(\.condition))
    let addresses = Evaluator(
      terms, roots: record.loads.flatMap { [$0.address, $0.condition] }, lanes: start.lanes)
    let loaded = Set(record.loads.map(\.value))
    guard loaded.isDisjoint(with: addresses.variables) else { return nil }
    let own =
      changed.map { state.cells[$0] } + [isFaulty]
      + record.stores.flatMap { [$0.address, $0.condition, $0.value] }
    let isAnywhere = start.isAnywhere(
      instruction, state, own + record.loads.flatMap { [$0.address, $0.condition] })
    let results = Evaluator(
      terms, roots: own + (isAnywhere ? [] : [state.nextInstruction]), lanes: start.lanes)
    addressInputs = start.passages(to: addresses)
    inputs = start.passages(to: results)
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
    self.changed = changed
    self.addresses = addresses
    self.results = results
  }

  var accessesMemory: Bool { !loads.isEmpty || !stores.isEmpty }

  /// Lets `body` read the columns that `runAddresses` found.
  func withAddresses(_ body: (UnsafeBufferPointer<UInt64>) -> Void) { addresses.withWords(body) }

  /// Lets `body` read the columns that `runResults` found.
  func withResults(_ body: (UnsafeBufferPointer<UInt64>) -> Void) { results.withWords(body) }

  /// The words that the tape keeps.
  var size: Int { results.columnWords + addresses.columnWords }

  /// Finds the addresses of loads, for states in `words`.
  func runAddresses(_ words: [UInt64]) {
    if loads.isEmpty { return }
    InstructionTape.copy(words, addressInputs, to: &addresses)
    addresses.run()
  }

  /// Gives a word of a load's value in one lane.
  func setLoaded(_ column: Int, word: Int, lane: Int, _ value: UInt64) {
    let place = column + word * results.lanes + lane
    results.withMutableWords { $0[place] = value }
  }

  /// Finds everything else.
  func runResults(_ words: [UInt64]) {
    InstructionTape.copy(words, inputs, to: &results)
    results.run()
  }

  private static func copy(
    _ words: [UInt64], _ passages: [Passage], to evaluator: inout Evaluator
  ) {
    let lanes = evaluator.lanes
    evaluator.withMutableWords { columns in
      words.withUnsafeBufferPointer { words in
        for passage in passages { passage.copy(from: words, to: columns, lanes: lanes) }
      }
    }
  }
}

/// The variables that tapes are over, and the columns of a state that they stand for: a column for each
/// word of each cell, and one for the code's slide.
struct LaneVariables {
  let terms = TermManager()
  let lanes: Int
  let cells: [Term]
  let slide: Term
  /// Where the columns of each cell, and last of the slide, begin.
  let columns: [Int]
  let size: Int
  private let places: [Term: Int]

  init(_ architecture: any Architecture, lanes: Int) {
    let terms = terms
    self.lanes = lanes
    let entries = architecture.registerFile.entries
    cells = entries.map { terms.variable("cell " + $0.name, $0.sort) }
    slide = terms.variable("slide", width: 64)
    var next = 0
    var columns: [Int] = []
    for entry in entries {
      columns.append(next)
      next += BitVector.wordCount(entry.sort.width) * lanes
    }
    self.columns = columns + [next]
    size = next + lanes
    places = Dictionary(
      uniqueKeysWithValues: (cells + [slide]).enumerated().map { ($0.element, $0.offset) })
  }

  /// What an instruction makes of the variables, with its accesses; nil for one that loads what it stored.
  func execute(_ instruction: Instruction) -> (state: MachineState, record: AccessRecord)? {
    var state = MachineState(
      terms: terms, cells: cells, memory: AccessRecord(),
      nextInstruction: next(instruction))
    state.codeSlide = slide
    instruction.form.family.execute(instruction, &state)
    guard let record = state.memory as? AccessRecord, record.isInOrder else { return nil }
    return (state, record)
  }

  /// Whether an instruction does the same wherever it stands, and goes on behind itself.
  ///
  /// - Parameter roots: all that it does.
  func isAnywhere(_ instruction: Instruction, _ state: MachineState, _ roots: [Term]) -> Bool {
    !instruction.refersToItsPlace && state.nextInstruction == next(instruction)
      && !terms.freeVariables(of: roots).contains(slide)
  }

  private func next(_ instruction: Instruction) -> Term {
    terms.add(slide, terms.constant(instruction.end, width: 64))
  }

  /// The position of the cell that a variable stands for.
  func cell(_ variable: Term) -> Int? {
    places[variable].flatMap { $0 < cells.count ? $0 : nil }
  }

  private func words(_ place: Int) -> Int {
    ((place + 1 < columns.count ? columns[place + 1] : size) - columns[place]) / lanes
  }

  /// From a state to the variables of an evaluator; all others are undefined, and zero.
  func passages(to evaluator: Evaluator) -> [InstructionTape.Passage] {
    evaluator.variables.compactMap { variable in
      places[variable].map {
        .init(from: columns[$0], to: evaluator.column(of: variable), words: words($0))
      }
    }
  }

  /// From a column to a cell of a state.
  func passage(_ cell: Int, from column: Int) -> InstructionTape.Passage {
    .init(from: column, to: columns[cell], words: words(cell))
  }
}

extension Instruction {
  /// Whether an operand is an address that depends on where the instruction stands, or control may go elsewhere.
  var refersToItsPlace: Bool {
    form.family.flow != .sequential || operands.contains { $0.relativeAddress != nil }
  }
}
