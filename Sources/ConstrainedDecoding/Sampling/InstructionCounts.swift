/// How many instructions of a language there are from each state on, by their lengths.
struct InstructionCounts: Sendable {
  static let longest = 15

  private let automaton: CodeAutomaton
  private let isLast: Bool
  /// By state, `longest` each: the number of ways to an end by exactly 1, 2, … bytes, the one begun
  /// included; empty before it is counted.
  private var counts: [[UInt128]]

  /// - Parameter isLast: whether only those count that may be the last.
  init(_ automaton: CodeAutomaton, isLast: Bool) {
    self.automaton = automaton
    self.isLast = isLast
    counts = [[UInt128]](repeating: [], count: automaton.stateCount)
    count(CodeAutomaton.open)
  }

  /// The instructions of `length` bytes.
  subscript(length: Int) -> UInt128 { counts[Int(CodeAutomaton.open)][length - 1] }

  /// Counts a state and all that it leads to inside an instruction.
  private mutating func count(_ state: Int32) {
    if !counts[Int(state)].isEmpty { return }
    var result = [UInt128](repeating: 0, count: InstructionCounts.longest)
    // The first half of a byte does not complete it.
    let shift = automaton.isHalf(state) ? 1 : 0
    for half in UInt8(0)..<16 {
      let next = automaton.step(state, half: half)
      if next < 0 { continue }
      if automaton.isBoundary(next) {
        if isEnd(next) { result[0] += 1 }
        continue
      }
      count(next)
      for length in shift..<InstructionCounts.longest {
        result[length] += counts[Int(next)][length - shift]
      }
    }
    counts[Int(state)] = result
  }

  private func isEnd(_ state: Int32) -> Bool { !isLast || state == CodeAutomaton.closed }

  /// The instruction of `length` bytes that has so many before it in order.
  func instruction(_ number: UInt128, length: Int) -> [UInt8] {
    var number = number
    var result: [UInt8] = []
    var state = CodeAutomaton.open
    for rest in stride(from: length, to: 0, by: -1) {
      let high = step(&state, &number, rest)
      let low = step(&state, &number, rest)
      result.append(high << 4 | low)
    }
    return result
  }

  /// The half byte with which the instruction goes on, of which `rest` bytes are left.
  private func step(_ state: inout Int32, _ number: inout UInt128, _ rest: Int) -> UInt8 {
    let isHalf = automaton.isHalf(state)
    for half in UInt8(0)..<16 {
      let next = automaton.step(state, half: half)
      if next < 0 { continue }
      var count: UInt128 = 0
      if automaton.isBoundary(next) {
        if rest == 1, isEnd(next) { count = 1 }
      } else if rest > (isHalf ? 1 : 0) {
        count = counts[Int(next)][rest - (isHalf ? 2 : 1)]
      }
      if number < count {
        state = next
        return half
      }
      number -= count
    }
    preconditionFailure("a number beyond the count of instructions")
  }
}
