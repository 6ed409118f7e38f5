import Contracts
import MachineModel
import Terms

/// Runs code on many inputs at once, everything undefined zero: what `ConcreteMachine` does, by tapes.
///
/// An instruction is lifted once, however many runs and candidates it occurs in. While all lanes are at one
/// address they take instructions together (`LaneMachine+Convoy`); else each step takes the lanes that are
/// at the lowest address, so that they come together again.
struct LaneMachine {
  /// How the run of a lane ended.
  enum End: Equatable {
    case running
    /// At a return; where it went to.
    case left(UInt64)
    /// Before its end, since it violates an obligation.
    case failed(ObligationKind)
    /// After as many instructions as `ConcreteMachine` takes.
    case tooLong
    /// Only a run of its own tells.
    case unknown
  }

  /// What is at an address.
  enum Found {
    case tape(InstructionTape)
    /// An instruction that has no tape.
    case instruction
    case nothing
  }

  /// The instructions after which lanes run one after the other.
  private static let patience = 1_024

  private let architecture: any Architecture
  let stackPointer: Cell?
  let red: UInt64
  let stackRise: Int64?
  let instructionLimit: Int?
  let starts: [LaneStart]
  private(set) var variables: LaneVariables
  private var tapes = KnownTapes()
  /// The columns of the inputs, and of what the run has made of them.
  private let entry: [UInt64]
  var words: [UInt64]
  /// The columns of each lane's landmark, of those that have changed.
  var landmarks: [UInt64]

  // The run, by lane.
  var ends: [End] = []
  var steps: [Int] = []
  var addresses: [UInt64] = []
  var isReturning: [Bool] = []
  let memories: [LaneMemory]
  /// The address of a state that is met again if the run is endless.
  var landmarkAddresses: [UInt64?] = []
  /// The addresses that the current instruction accesses.
  var accesses: [[UInt64]]

  private(set) var stream: InstructionStream
  /// What was found in this run, by place among the bytes that decide it, and by address elsewhere.
  private var near: [Found?] = []
  private var far: [UInt64: Found] = [:]
  /// What was looked up last.
  private var last: (address: UInt64, found: Found)?
  /// Whether some instruction of this run changes a cell, and the columns of those cells.
  private var isChanged: [Bool]
  private(set) var changedColumns: [Int] = []

  var count: Int { starts.count }

  init(
    _ architecture: any Architecture, _ layout: Layout, _ inputs: [ConcreteInput],
    instructionLimit: Int?
  ) {
    self.architecture = architecture
    self.instructionLimit = instructionLimit
    stackPointer = architecture.convention.stackPointer.cell
    red = UInt64(architecture.convention.redZone)
    stackRise = Preserved(architecture, layout).stackRise(architecture.convention)
    starts = inputs.map { LaneStart($0, ConcreteMachine.windows(architecture, $0, layout)) }
    memories = starts.map { LaneMemory($0) }
    let variables = LaneVariables(architecture, lanes: inputs.count)
    stream = InstructionStream(Code(bytes: []), architecture)
    var entry = [UInt64](repeating: 0, count: variables.size)
    for (lane, input) in inputs.enumerated() {
      for (cell, value) in input.cells.enumerated() {
        for (index, word) in value.words.enumerated() {
          entry[variables.columns[cell] + index * inputs.count + lane] = word
        }
      }
      entry[variables.columns[input.cells.count] + lane] = input.codeSlide
    }
    self.variables = variables
    self.entry = entry
    words = entry
    landmarks = entry
    isChanged = Array(repeating: false, count: variables.cells.count)
    accesses = Array(repeating: [], count: inputs.count)
  }

  /// Runs the code on each input, as long as those before it take fewer instructions together than `stepLimit`.
  mutating func run(_ stream: InstructionStream, stepLimit: Int) {
    begin(stream)
    while let first = ends.firstIndex(of: .running), !ends[..<first].contains(.tooLong),
      steps[first] < LaneMachine.patience || steps[..<first].reduce(0, +) < stepLimit
    {
      let active = active(first)
      if case .tape(let tape) = find(addresses[active[0]]) {
        step(tape, active)
        if active.count == count { runTogether() }
      } else {
        for lane in active { ends[lane] = .unknown }
      }
    }
  }

  /// The lanes that go on at the lowest address; but the `first` lane that runs once this takes long, since nothing
  /// after a test that takes too long counts.
  private func active(_ first: Int) -> [Int] {
    if steps[first] >= LaneMachine.patience { return [first] }
    let together = ends.indices.filter {
      ends[$0] == .running && steps[$0] < LaneMachine.patience
    }
    let lowest = together.reduce(UInt64.max) { Swift.min($0, addresses[$1]) }
    return together.filter { addresses[$0] == lowest }
  }

  private mutating func begin(_ stream: InstructionStream) {
    self.stream = stream
    for column in changedColumns {
      for lane in column..<column + count { words[lane] = entry[lane] }
    }
    (changedColumns, far, last) = ([], [:], nil)
    near = Array(repeating: nil, count: stream.decidingCount)
    isChanged = Array(repeating: false, count: isChanged.count)
    let segments = stream.code.segments
    ends = starts.map { $0.isApart(from: segments) ? .running : .unknown }
    steps = Array(repeating: 0, count: count)
    addresses = Array(repeating: stream.code.entry, count: count)
    isReturning = Array(repeating: false, count: count)
    for memory in memories { memory.begin(stream.code.segments(at: memory.slide)) }
    landmarkAddresses = Array(repeating: nil, count: count)
    setOff()
  }

  /// Notes that cells are about to change.
  mutating func note(_ changed: [Int]) {
    for cell in changed where !isChanged[cell] {
      isChanged[cell] = true
      let columns = variables.columns[cell]..<variables.columns[cell + 1]
      for word in columns { landmarks[word] = entry[word] }
      changedColumns += stride(from: columns.lowerBound, to: columns.upperBound, by: count)
    }
  }

  /// The columns of a cell, the lowest word's first.
  func column(of cell: Cell) -> Int { variables.columns[cell.index] }

  /// The value of a cell in a lane.
  func value(_ cell: Cell, lane: Int) -> BitVector {
    let column = column(of: cell)
    return BitVector(width: architecture.registerFile[cell].sort.width) {
      words[column + $0 * count + lane]
    }
  }

  /// Whether the run may have changed a cell.
  func mayHaveChanged(_ cell: Cell) -> Bool { isChanged[cell.index] }

  /// The elements of a buffer in a lane.
  func elements(of buffer: ConcreteInput.Buffer, lane: Int) -> [BitVector] {
    let size = buffer.type.elementBytes
    return buffer.elements.indices.map { index in
      BitVector(bytes: memories[lane].bytes(buffer.address &+ UInt64(index * size), size))
    }
  }

  /// What is at an address of the code.
  mutating func find(_ address: UInt64) -> Found {
    if let last, last.address == address { return last.found }
    let found = lookUp(address)
    last = (address, found)
    return found
  }

  private mutating func lookUp(_ address: UInt64) -> Found {
    guard let place = stream.decidingPlace(of: address) else {
      if let known = far[address] { return known }
      let found = read(address)
      far[address] = found
      return found
    }
    if let known = near[place] { return known }
    let found =
      tapes.tape(beginning: stream.decidingBytes(from: place)).map { Found.tape($0) }
      ?? read(address)
    near[place] = found
    return found
  }

  private mutating func read(_ address: UInt64) -> Found {
    guard let instruction = try? stream.instruction(at: address) else { return .nothing }
    return tape(instruction).map { .tape($0) } ?? .instruction
  }

  private mutating func tape(_ instruction: Instruction) -> InstructionTape? {
    let bytes = stream.bytes(of: instruction)
    if let known = tapes.tape(of: bytes, at: instruction.address) { return known }
    if tapes.isFull {
      tapes = KnownTapes()
      variables = LaneVariables(architecture, lanes: count)
    }
    guard let tape = InstructionTape(instruction, over: variables) else { return nil }
    tapes.keep(tape, of: bytes, at: instruction.address)
    return tape
  }
}
