import Contracts
import MachineModel
import Terms

/// Runs code on many inputs at once, everything undefined zero: what `ConcreteMachine` does, by tapes.
///
/// An instruction is lifted once, however many runs and candidates it occurs in. Each step takes the
/// lanes that are at the lowest address, so that they stay together.
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

  /// Tapes are forgotten beyond this many words.
  private static let tapeLimit = 1 << 23

  /// The instructions after which lanes run one after the other.
  private static let patience = 1_024

  /// An instruction; the address is nil of one that does the same anywhere.
  private struct Place: Hashable {
    let address: UInt64?
    let bytes: [UInt8]
  }

  private let architecture: any Architecture
  let stackPointer: Cell?
  let red: UInt64
  let stackRise: Int64?
  let instructionLimit: Int?
  let starts: [LaneStart]
  var variables: LaneVariables
  private var tapes: [Place: InstructionTape] = [:]
  private var tapeSize = 0
  /// The columns of the inputs, of what the run has made of them, and of each lane's landmark.
  private let entry: [UInt64]
  var words: [UInt64] = []
  var landmarks: [UInt64] = []

  // The run, by lane.
  var ends: [End] = []
  var steps: [Int] = []
  var addresses: [UInt64] = []
  var isReturning: [Bool] = []
  var memories: [LaneMemory] = []
  /// The address of a state that is met again if the run is endless.
  var landmarkAddresses: [UInt64?] = []
  /// The addresses that the current instruction accesses.
  var accesses: [[UInt64]] = []

  private(set) var stream: InstructionStream
  /// What is at the addresses of this run's code; nil for what has no tape.
  private var code: [UInt64: InstructionTape?] = [:]
  /// An address of `code` that was looked up last.
  private var known: UInt64?
  /// Whether some instruction of this run changes a cell, and the columns of those cells.
  var isChanged: [Bool] = []
  var changedColumns: [Int] = []

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
    variables = LaneVariables(architecture, lanes: inputs.count)
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
    self.entry = entry
  }

  /// Runs the code on each input, as long as those before it take fewer instructions together than `stepLimit`.
  mutating func run(_ stream: InstructionStream, stepLimit: Int) {
    begin(stream)
    while let first = ends.firstIndex(of: .running), !ends[..<first].contains(.tooLong),
      steps[first] < LaneMachine.patience || steps[..<first].reduce(0, +) < stepLimit
    {
      if let tape = code[address(first)] ?? nil {
        step(tape, active(first))
      } else {
        for lane in active(first) { ends[lane] = .unknown }
      }
    }
  }

  /// The address to go on at: the lowest, so that lanes stay together; but that of the `first` lane that
  /// runs once this takes long, since nothing after a test that takes too long counts.
  private func address(_ first: Int) -> UInt64 {
    if steps[first] >= LaneMachine.patience { return addresses[first] }
    return ends.indices.reduce(.max) { isTogether($1) ? Swift.min($0, addresses[$1]) : $0 }
  }

  private func isTogether(_ lane: Int) -> Bool {
    ends[lane] == .running && steps[lane] < LaneMachine.patience
  }

  /// The lanes that go on there.
  private func active(_ first: Int) -> [Int] {
    if steps[first] >= LaneMachine.patience { return [first] }
    let address = address(first)
    return ends.indices.filter { isTogether($0) && addresses[$0] == address }
  }

  private mutating func begin(_ stream: InstructionStream) {
    self.stream = stream
    let segments = stream.code.segments
    (words, landmarks, changedColumns, code, known) = (entry, entry, [], [:], nil)
    isChanged = Array(repeating: false, count: variables.cells.count)
    ends = starts.map { $0.isApart(from: segments) ? .running : .unknown }
    steps = Array(repeating: 0, count: count)
    addresses = Array(repeating: stream.code.entry, count: count)
    isReturning = Array(repeating: false, count: count)
    memories = starts.map { LaneMemory($0, stream.code.segments(at: $0.slide)) }
    landmarkAddresses = Array(repeating: nil, count: count)
    accesses = Array(repeating: [], count: count)
    for lane in ends.indices where ends[lane] == .running { arrive(lane) }
  }

  /// The value of a cell in a lane.
  func value(_ cell: Cell, lane: Int) -> BitVector {
    let width = architecture.registerFile[cell].sort.width
    return BitVector(width: width) {
      words[variables.columns[cell.index] + $0 * count + lane]
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

  /// Whether there is an instruction at an address; its tape is then in `code`, if it has one.
  mutating func isInstruction(_ address: UInt64) -> Bool {
    if known == address { return true }
    if code[address] != nil {
      known = address
      return true
    }
    guard let instruction = try? stream.instruction(at: address) else { return false }
    code[address] = .some(tape(instruction))
    return true
  }

  private mutating func tape(_ instruction: Instruction) -> InstructionTape? {
    let bytes = stream.bytes(of: instruction)
    if !instruction.refersToItsPlace, let known = tapes[Place(address: nil, bytes: bytes)] {
      return known
    }
    if let known = tapes[Place(address: instruction.address, bytes: bytes)] { return known }
    if tapeSize > LaneMachine.tapeLimit {
      (tapes, tapeSize) = ([:], 0)
      variables = LaneVariables(architecture, lanes: count)
    }
    guard let tape = InstructionTape(instruction, over: variables) else { return nil }
    tapes[Place(address: tape.next == nil ? nil : instruction.address, bytes: bytes)] = tape
    tapeSize += tape.size
    return tape
  }
}
