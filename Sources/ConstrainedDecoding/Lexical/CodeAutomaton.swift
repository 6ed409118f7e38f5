import MachineModel

/// Code as a sequence of instructions: the automaton of one, closed to a loop, by half bytes.
///
/// A value that never changes. From every state the code can be completed, budgets aside.
struct CodeAutomaton: Sendable {
  /// Between instructions: at the start or after one that may not be last, and after one that may.
  static let open: Int32 = 0
  static let closed: Int32 = 1
  static let dead: Int32 = -1
  /// The label of an instruction that may be the last one.
  static let lastLabel = 1

  /// Where half a byte leads.
  private let steps: StepTable
  let stateCount: Int
  /// States from this one on are between the halves of a byte.
  let firstHalf: Int32
  /// By state: the fewest bytes, the one begun included, that complete an instruction, and one that may
  /// be last; `never` if none is.
  private let leastRest: [UInt8]
  private let leastLastRest: [UInt8]

  private static let never: UInt8 = 255

  /// Nil if no instruction may be last.
  init?(_ automaton: InstructionAutomaton) {
    guard automaton.start >= 0 else { return nil }
    let order = StateOrder(automaton)
    var steps = [Int32](repeating: CodeAutomaton.dead, count: order.count << 4)
    var rests = [[UInt8]](
      repeating: [UInt8](repeating: CodeAutomaton.never, count: order.count), count: 2)
    let halves = HalfSteps(automaton)
    func add(_ state: Int32, _ node: Int) {
      for half in 0..<16 {
        steps[Int(state) << 4 | half] = order.state(automaton.steps[node << 4 | half])
      }
      rests[0][Int(state)] = halves.any[node]
      rests[1][Int(state)] = halves.last[node]
    }
    for (node, state) in order.states.enumerated() { add(state, node) }
    add(CodeAutomaton.closed, Int(automaton.start))
    self.steps = StepTable(steps)
    stateCount = order.count
    firstHalf = order.firstHalf
    leastRest = rests[0]
    leastLastRest = rests[1]
    if leastLastRest[Int(CodeAutomaton.open)] == CodeAutomaton.never { return nil }
  }

  /// The bytes of the shortest instruction that may be last.
  var shortestLast: Int { Int(leastLastRest[Int(CodeAutomaton.open)]) }

  // MARK: Steps

  func isBoundary(_ state: Int32) -> Bool { state <= CodeAutomaton.closed }

  func isHalf(_ state: Int32) -> Bool { state >= firstHalf }

  /// Where half a byte leads; `dead` if no instruction can be completed then.
  @inline(__always)
  func step(_ state: Int32, half: UInt8) -> Int32 { steps[Int(state) << 4 | Int(half)] }

  /// Calls `body` with the memory of the table of steps.
  @inline(__always)
  func readSteps<Result>(_ body: (StateSteps) -> Result) -> Result { steps.read(body) }

  /// Where the sixteen half bytes lead.
  func targets(_ state: Int32) -> [Int32] { (0..<16).map { step(state, half: $0) } }

  /// Where a byte leads from a state between bytes.
  @inline(__always)
  func step(_ state: Int32, _ byte: UInt8) -> Int32 {
    let middle = step(state, half: byte >> 4)
    return middle < 0 ? middle : step(middle, half: byte & 15)
  }

  /// Whether every byte leads to the same state: one of a displacement or an immediate.
  func isFree(_ state: Int32) -> Bool {
    let middle = step(state, half: 0)
    guard middle >= 0, hasOneTarget(state) else { return false }
    return step(middle, half: 0) >= 0 && hasOneTarget(middle)
  }

  private func hasOneTarget(_ state: Int32) -> Bool {
    let targets = targets(state)
    return targets.allSatisfy { $0 == targets[0] }
  }

  // MARK: Ends

  /// Whether the code can be ended with at most `bytes` more bytes and `instructions` more
  /// instructions, the ones begun included; where it is ended already, with none.
  func canEnd(_ state: Int32, instructions: Int, bytes: Int) -> Bool {
    leastRest(state, instructions: instructions).map { $0 <= bytes } ?? false
  }

  /// The fewest bytes that end the code with at most so many more instructions; nil if none do.
  func leastRest(_ state: Int32, instructions: Int) -> Int? {
    if instructions < 0 { return nil }
    if state == CodeAutomaton.closed { return 0 }
    if instructions < 1 { return nil }
    let last = Int(leastLastRest[Int(state)])
    let more = instructions > 1 ? Int(leastRest[Int(state)]) + shortestLast : Int.max
    let least = Swift.min(last, more)
    return least < CodeAutomaton.never ? least : nil
  }

  /// The bytes that the tables take.
  var memory: Int { steps.memory + leastRest.count * 2 }
}

/// The states of nodes: those between bytes first, in both cases those near to the start first.
private struct StateOrder {
  /// By node: its state, `open` for the start, which is `closed` too.
  private(set) var states: [Int32]
  private(set) var firstHalf: Int32 = 0
  private(set) var count = 0

  init(_ automaton: InstructionAutomaton) {
    states = [Int32](repeating: CodeAutomaton.open, count: automaton.nodeCount)
    var seen = [Bool](repeating: false, count: automaton.nodeCount)
    var fronts: [[Int32]] = [[automaton.start]]
    while let front = fronts.last, !front.isEmpty {
      var next: [Int32] = []
      for node in front {
        for target in automaton.steps[Int(node) << 4..<Int(node + 1) << 4]
        where target >= 0 && !seen[Int(target)] {
          seen[Int(target)] = true
          next.append(target)
        }
      }
      fronts.append(next)
    }
    // Every way to a node has the same number of half bytes left, so that it is always between bytes
    // or never.
    var number: Int32 = 2
    for parity in 0...1 {
      if parity == 1 { firstHalf = number }
      for (depth, front) in fronts.enumerated() where depth & 1 == parity {
        for node in front where node != automaton.start {
          states[Int(node)] = number
          number += 1
        }
      }
    }
    count = Int(number)
  }

  /// The state of a node, or after an end.
  func state(_ target: Int32) -> Int32 {
    if target >= 0 { return states[Int(target)] }
    if target == InstructionAutomaton.Step.dead { return CodeAutomaton.dead }
    return target == InstructionAutomaton.Step.end(CodeAutomaton.lastLabel)
      ? CodeAutomaton.closed : CodeAutomaton.open
  }
}

/// By node: the fewest bytes to an end, and to one of an instruction that may be last; 255 for none.
private struct HalfSteps {
  private(set) var any: [UInt8]
  private(set) var last: [UInt8]

  init(_ automaton: InstructionAutomaton) {
    any = HalfSteps.bytes(automaton) { $0 != InstructionAutomaton.Step.dead }
    last = HalfSteps.bytes(automaton) {
      $0 == InstructionAutomaton.Step.end(CodeAutomaton.lastLabel)
    }
  }

  private static func bytes(
    _ automaton: InstructionAutomaton, _ isEnd: (Int32) -> Bool
  ) -> [UInt8] {
    var halves: [Int] = []
    halves.reserveCapacity(automaton.nodeCount)
    // The targets of a node come before it.
    for node in 0..<automaton.nodeCount {
      var least = 1000
      for place in node << 4..<(node + 1) << 4 {
        let target = automaton.steps[place]
        let count = target >= 0 ? halves[Int(target)] + 1 : isEnd(target) ? 1 : 1000
        least = Swift.min(least, count)
      }
      halves.append(least)
    }
    return halves.map { $0 < 1000 ? UInt8(($0 + 1) / 2) : 255 }
  }
}
