import Contracts
import MachineModel
import Terms

/// Makes inputs of the models of one entry: the terms whose values they are, ready to be evaluated.
struct InputReader {
  private let inputs: Inputs
  private let entry: EntryState
  /// Of each buffer the elements, byte by byte, the first byte least significant.
  private let contents: [[Term]]
  private let stackBytes: [(offset: Int64, term: Term)]
  private let returnAddress: Term
  private let evaluator: Evaluator

  init(_ inputs: Inputs, _ entry: EntryState) {
    let terms = inputs.terms
    self.inputs = inputs
    self.entry = entry
    contents = InputReader.contents(inputs)
    stackBytes = InputReader.stackBytes(entry, terms)
    returnAddress = entry.returnAddress ?? terms.constant(0, width: 64)
    evaluator = Evaluator(
      terms, roots: InputReader.roots(inputs, entry) + [returnAddress], lanes: 1)
  }

  /// The terms that an input is the values of. Buffers are taken by their bytes: as arrays each element would make
  /// another value of the whole.
  static func roots(_ inputs: Inputs, _ entry: EntryState) -> [Term] {
    let scalars = inputs.environment.values.filter {
      if case .array = inputs.terms.sort($0) { false } else { true }
    }
    return inputs.buffers.map(\.address) + inputs.buffers.map(\.count)
      + contents(inputs).flatMap { $0 }
      + entry.state.cells + stackBytes(entry, inputs.terms).map(\.term)
      + scalars
      + [entry.stackPointer, entry.returnAddress, entry.state.codeSlide].compactMap { $0 }
  }

  private static func contents(_ inputs: Inputs) -> [[Term]] {
    inputs.buffers.map { buffer in
      (0..<buffer.byteLimit).map {
        inputs.contents[buffer.group].byte(buffer.offset + $0, inputs.terms).term(inputs.terms)
      }
    }
  }

  /// The bytes of the stack that are worth naming: from a little below the stack pointer to the
  /// last argument.
  private static func stackBytes(
    _ entry: EntryState, _ terms: TermManager
  ) -> [(offset: Int64, term: Term)] {
    guard let memory = entry.state.memory as? SymbolicMemory, let stack = memory.stack else {
      return []
    }
    return stack.windows.flatMap { window in
      let start = Swift.max(window.offset, -512)
      return (start..<Swift.max(start, window.offset + window.limit)).map {
        ($0, stack.byte($0, terms).term(terms))
      }
    }
  }

  /// The input that a model describes; what nothing initialised and the model leaves open is chosen by
  /// `choice`.
  func input(_ model: Model, choice: UndefinedChoice = .zeros) -> ConcreteInput {
    let terms = inputs.terms
    var evaluator = evaluator
    if choice != .zeros {
      choice.set(&evaluator, terms) { terms.variable($0)?.isUndefined ?? false }
    }
    for (variable, value) in entry.defaults { evaluator.set(variable, lane: 0, to: value) }
    evaluator.set(model, lane: 0)
    evaluator.run()
    func word(_ term: Term) -> UInt64 { evaluator.word(term, lane: 0) }
    let stackPointer = word(entry.stackPointer)
    let cells = entry.state.cells.map { evaluator.value($0, lane: 0) }
    let stack = Dictionary(
      uniqueKeysWithValues: stackBytes.map { offset, term in
        (stackPointer &+ UInt64(bitPattern: offset), UInt8(word(term)))
      })
    return ConcreteInput(
      values: values(evaluator), containers: containers(cells, stack, stackPointer),
      buffers: buffers(evaluator), cells: cells, stackPointer: stackPointer,
      returnAddress: word(returnAddress), codeSlide: entry.state.codeSlide.map(word) ?? 0,
      stack: stack, text: ConcreteInput.text(evaluator, inputs, entry))
  }

  private func containers(
    _ cells: [BitVector], _ stack: [UInt64: UInt8], _ stackPointer: UInt64
  ) -> [String: ConcreteInput.Container] {
    guard entry.layout.clobbers == nil else { return [:] }
    var containers: [String: ConcreteInput.Container] = [:]
    for (parameter, place) in zip(inputs.contract.parameters, entry.layout.arguments)
    where parameter.value?.kind == .integer && parameter.width < 64 {
      let found: ConcreteInput.Container? =
        switch place {
        case .register(let register):
          register.cell.map { .init(name: register.name, value: cells[$0.index]) }
        case .stack(let offset, _):
          InputReader.slot(at: stackPointer &+ UInt64(bitPattern: offset), stack)
        case .registerPair: nil
        }
      guard let found, !found.value.shiftedRight(logical: parameter.width).isZero else { continue }
      containers[parameter.name] = found
    }
    return containers
  }

  private static func slot(
    at address: UInt64, _ stack: [UInt64: UInt8]
  ) -> ConcreteInput.Container? {
    let bytes = (0..<8).compactMap { stack[address &+ $0] }
    return bytes.count < 8 ? nil : .init(name: "stack slot", value: BitVector(bytes: bytes))
  }

  private func values(_ evaluator: Evaluator) -> [String: BitVector] {
    var values: [String: BitVector] = [:]
    for parameter in inputs.contract.parameters where parameter.value != nil {
      values[parameter.name] = inputs.environment[parameter.name].map {
        evaluator.value($0, lane: 0)
      }
    }
    return values
  }

  private func buffers(_ evaluator: Evaluator) -> [ConcreteInput.Buffer] {
    zip(inputs.buffers, contents).map { buffer, bytes in
      let count = Int(Swift.min(evaluator.word(buffer.count, lane: 0), UInt64(buffer.limit)))
      let size = buffer.type.elementBytes
      let elements = (0..<count).map { index in
        BitVector(
          bytes: bytes[index * size..<(index + 1) * size].map {
            UInt8(truncatingIfNeeded: evaluator.word($0, lane: 0))
          })
      }
      return ConcreteInput.Buffer(
        name: buffer.parameter.name, type: buffer.type,
        address: evaluator.word(buffer.address, lane: 0), elements: elements)
    }
  }
}
