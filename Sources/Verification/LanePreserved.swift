import MachineModel
import Terms

/// What code has to leave as it found it, in every lane.
struct LanePreserved {
  private struct Part {
    let part: Preserved.Part
    let value: LaneValue
    let isUnchanged: Bool
    /// By lane, the words that it has to have.
    let expected: [[UInt64]]
  }

  private let parts: [Part]

  /// Nil where some of it has no `LaneValue`.
  init?(_ preserved: Preserved, _ inputs: [ConcreteInput], _ machine: LaneMachine) {
    let values = inputs.map {
      preserved.values($0.cells, $0.stackPointer).map { Array($0.1.words) }
    }
    var parts: [Part] = []
    for (index, part) in preserved.parts.enumerated() {
      guard let value = LaneValue(part.cell, part.low...part.high, machine) else { return nil }
      var isUnchanged = false
      if case .unchanged = part.expectation { isUnchanged = true }
      parts.append(
        Part(
          part: part, value: value, isUnchanged: isUnchanged,
          expected: values.map { $0[index] }))
    }
    self.parts = parts
  }

  /// Whether it is so in a lane.
  func holds(_ machine: LaneMachine, lane: Int) -> Bool { wrong(machine, lane) == nil }

  /// The first part of it that is not so in a lane.
  func refutation(_ machine: LaneMachine, lane: Int) -> Refutation? {
    wrong(machine, lane).map { part in
      .leaves(
        part.part, part.value.value(lane: lane, machine.words),
        not: BitVector(words: part.expected[lane], width: part.value.width))
    }
  }

  private func wrong(_ machine: LaneMachine, _ lane: Int) -> Part? {
    parts.first { part in
      if part.isUnchanged, !machine.mayHaveChanged(part.part.cell) { return false }
      return (0..<part.value.wordCount).contains {
        part.value.word($0, lane: lane, machine.words) != part.expected[lane][$0]
      }
    }
  }
}
