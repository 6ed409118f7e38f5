import MachineModel

/// Code as a sequence of instructions: the language of all of them and of those that may be last, side
/// by side.
///
/// A class for its growing tables; `CompiledDecoder` guards it with a lock.
final class CodeAutomaton {
  /// A state: where the two languages are, or a boundary between instructions.
  struct State: Hashable {
    /// The place in the language of all instructions.
    var all: Int32
    /// That in the language of the last one; `dead` where the instruction cannot be it.
    var last: Int32
  }

  /// Between instructions: at the start or after one that may not be last, and after one that may.
  static let open: Int32 = 0
  static let closed: Int32 = 1
  static let dead: Int32 = -1
  private static let unknown: Int32 = -100

  let all: InstructionTable
  let last: InstructionTable
  private var states: [State]
  private var numbers: [State: Int32] = [:]
  private(set) var steps: [Int32]
  private var free: [Int32: Bool] = [:]
  /// The bytes of the shortest instruction that may be last.
  let shortestLast: Int

  /// Nil if no instruction may be last.
  init?(all: some InstructionLanguage, last: some InstructionLanguage) {
    self.all = InstructionTable(all)
    self.last = InstructionTable(last)
    let start = State(all: 0, last: 0)
    states = [start, start]
    steps = [Int32](repeating: CodeAutomaton.unknown, count: 512)
    let table = self.last
    guard let length = (1...15).first(where: { table.fits(0, $0) }) else { return nil }
    shortestLast = length
  }

  /// Whether every byte leads to the same state: one of a displacement or an immediate.
  func isFree(_ state: Int32) -> Bool {
    if let known = free[state] { return known }
    let first = step(state, 0)
    let result = first >= 0 && (UInt8(1)...255).allSatisfy { step(state, $0) == first }
    free[state] = result
    return result
  }

  func isBoundary(_ state: Int32) -> Bool { state <= CodeAutomaton.closed }

  /// Where a byte leads; `dead` if no instruction can be completed then.
  @inline(__always)
  func step(_ state: Int32, _ byte: UInt8) -> Int32 {
    let known = steps[Int(state) << 8 | Int(byte)]
    return known != CodeAutomaton.unknown ? known : find(state, byte)
  }

  private func find(_ number: Int32, _ byte: UInt8) -> Int32 {
    let state = states[Int(number)]
    let next = all.step(state.all, byte)
    let result: Int32
    if next == InstructionTable.Step.dead {
      result = CodeAutomaton.dead
    } else {
      let lastNext =
        state.last < 0 ? InstructionTable.Step.dead : last.step(state.last, byte)
      if next < 0 {
        result =
          lastNext <= InstructionTable.Step.end(0) ? CodeAutomaton.closed : CodeAutomaton.open
      } else {
        result = intern(State(all: next, last: lastNext))
      }
    }
    steps[Int(number) << 8 | Int(byte)] = result
    return result
  }

  private func intern(_ state: State) -> Int32 {
    if let number = numbers[state] { return number }
    let number = Int32(states.count)
    states.append(state)
    numbers[state] = number
    steps += [Int32](repeating: CodeAutomaton.unknown, count: 256)
    return number
  }

  /// Whether the code can be ended with at most `bytes` more bytes and `instructions` more
  /// instructions, the one begun included; where it is ended already, with none.
  func canEnd(_ state: Int32, instructions: Int, bytes: Int, mayStop: Bool = true) -> Bool {
    if instructions < 0 || bytes < 0 { return false }
    if state == CodeAutomaton.closed, mayStop { return true }
    let places = states[Int(state)]
    if instructions < 1 { return false }
    if places.last >= 0, last.fits(places.last, bytes) { return true }
    return instructions > 1 && all.fits(places.all, bytes - shortestLast)
  }

  var memory: Int {
    states.capacity * 8 + numbers.capacity * 13 + steps.capacity * 4 + all.memory + last.memory
  }
  var stateCount: Int { states.count }
}
