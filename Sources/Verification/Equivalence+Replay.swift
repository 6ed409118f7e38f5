import Contracts
import MachineModel
import Terms

extension EquivalenceVerifier {
  /// A difference that runs of both codes on a model show.
  func confirm(_ model: Model, _ pair: Pair, _ kind: ObligationKind) -> Difference? {
    let inputA = ConcreteInput(model, pair.inputs, pair.entries.0)
    let inputB = ConcreteInput(model, pair.inputs, pair.entries.1)
    guard inputA.isInput(of: first.stream, contract, first.layout),
      inputB.isInput(of: second.stream, contract, second.layout)
    else { return nil }
    for choice in UndefinedChoice.all {
      let a = Replay(
        first.stream, contract, first.layout, inputA, choice: choice, until: pair.prover.deadline)
      if a.isTooLong { return nil }
      if let violation = a.violation, violation.kind != .ensures { continue }
      guard a.hasEnded else { continue }
      for other in UndefinedChoice.all {
        let b = Replay(
          second.stream, contract, second.layout, inputB, choice: other,
          until: pair.prover.deadline)
        if b.isTooLong { return nil }
        let violation = b.violation.flatMap { $0.kind == .ensures ? nil : $0 }
        guard violation != nil || b.hasEnded else { continue }
        guard violation != nil || a.outputs != b.outputs || a.written(inputA) != b.written(inputB)
        else { continue }
        return Difference(
          obligation: violation?.kind ?? .ensures,
          message: violation?.message ?? "the two outcomes differ", address: violation?.address,
          input: inputA, secondInput: inputB,
          first: .init(outputs: a.outputs, buffers: a.buffers),
          second: violation == nil ? .init(outputs: b.outputs, buffers: b.buffers) : nil,
          firstTrace: a.trace, secondTrace: b.trace)
      }
    }
    return nil
  }
}

extension Replay {
  /// The elements of the writable buffers at the end.
  func written(_ input: ConcreteInput) -> [[BitVector]] {
    zip(input.buffers, buffers).filter { !$0.0.type.isConst }.map(\.1)
  }
}
