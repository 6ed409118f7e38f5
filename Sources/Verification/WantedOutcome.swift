import Contracts
import Terms

/// An outcome that the contract allows for a test, as words to compare that of a lane with.
struct WantedOutcome {
  private let outputs: [(value: LaneValue, wanted: [UInt64])]
  /// The bytes of buffers that may be written, at most eight together.
  private var bytes: [(address: UInt64, count: Int, wanted: UInt64)] = []
  /// In bits.
  private var width: Int

  /// - Parameter values: those of the contract's outputs.
  init(
    _ allowed: Counterexample.Outcome, _ input: ConcreteInput, _ contract: Contract,
    _ values: [LaneValue?]
  ) {
    outputs = zip(contract.outputs, values).compactMap {
      output, value -> (value: LaneValue, wanted: [UInt64])? in
      guard let value, let wanted = allowed.outputs[output.name] else { return nil }
      return (value, Array(wanted.words))
    }
    width = outputs.reduce(0) { $0 + $1.value.width }
    for (index, buffer) in input.buffers.enumerated() where !buffer.type.isConst {
      let size = buffer.type.elementBytes
      for (number, element) in allowed.buffers[index].enumerated() {
        for (word, start) in stride(from: 0, to: size, by: 8).enumerated() {
          let address = buffer.address &+ UInt64(number * size + start)
          bytes.append((address, Swift.min(8, size - start), element.words[word]))
        }
      }
      width += allowed.buffers[index].count * size * 8
    }
  }

  /// The share of its bits that a lane has right; zero where there is nothing to compare.
  func agreement(_ machine: LaneMachine, lane: Int) -> Double {
    var wrong = 0
    for (value, wanted) in outputs {
      wrong += value.difference(from: wanted, lane: lane, machine.words)
    }
    for (address, count, wanted) in bytes {
      wrong += (machine.memories[lane].word(address, count) ^ wanted).nonzeroBitCount
    }
    return width == 0 ? 0 : Double(width - wrong) / Double(width)
  }
}
