import MachineModel
import Terms

/// The variables that tapes are over, and the columns of a state that they stand for: a column for each
/// word of each cell, and one for the code's slide.
struct LaneVariables {
  let terms = TermManager()
  let lanes: Int
  let cells: [Term]
  /// The position of the stack pointer's cell.
  let stackPointer: Int?
  let slide: Term
  /// Where the columns of each cell, and last of the slide, begin.
  let columns: [Int]
  let size: Int
  private let places: [Term: Int]
  /// The Boolean cells, by position.
  private let flags: [Int]

  init(_ architecture: any Architecture, lanes: Int) {
    let terms = terms
    self.lanes = lanes
    stackPointer = architecture.convention.stackPointer.cell?.index
    let entries = architecture.registerFile.entries
    cells = entries.map { terms.variable("cell " + $0.name, $0.sort) }
    slide = terms.variable("slide", width: 64)
    flags = entries.indices.filter { entries[$0].sort == .bool }
    precondition(flags.count <= FlagSet.limit, "\(flags.count) flags")
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

  /// The flags among terms.
  func flags(among found: [Term]) -> FlagSet {
    let found = Set(found)
    return flags.indices.reduce(into: []) { set, number in
      if found.contains(cells[flags[number]]) { set.insert(FlagSet(rawValue: 1 << UInt64(number))) }
    }
  }

  private func words(_ place: Int) -> Int {
    ((place + 1 < columns.count ? columns[place + 1] : size) - columns[place]) / lanes
  }

  /// From a state to the variables of an evaluator; all others are undefined, and zero.
  func passages(to evaluator: Evaluator) -> [ColumnPassage] {
    evaluator.variables.compactMap { variable in
      places[variable].map {
        .init(from: columns[$0], to: evaluator.column(of: variable), words: words($0))
      }
    }
  }

  /// From a column to a cell of a state.
  func passage(_ cell: Int, from column: Int) -> ColumnPassage {
    .init(from: column, to: columns[cell], words: words(cell))
  }
}

/// Some of the Boolean cells of a register file, by their order.
struct FlagSet: OptionSet {
  static let limit = 64

  let rawValue: UInt64
}
