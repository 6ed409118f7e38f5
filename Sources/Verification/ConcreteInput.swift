import Contracts
import MachineModel
import Terms

/// One input as values: everything that a machine needs to start.
public struct ConcreteInput: Sendable, Hashable {
  /// A buffer at entry.
  public struct Buffer: Sendable, Hashable {
    public let name: String
    public let type: BufferType
    public let address: UInt64
    public let elements: [BitVector]

    /// The contents as bytes in memory order.
    public var bytes: [UInt8] {
      elements.flatMap { element in
        (0..<type.elementBytes).map {
          UInt8(truncatingIfNeeded: element.words[$0 / 8] >> UInt64($0 % 8 * 8))
        }
      }
    }
  }

  /// The integer parameters, by name.
  public let values: [String: BitVector]
  /// The buffers in the order of the prototype.
  public let buffers: [Buffer]
  /// What the cells of the register file hold; Booleans are one bit.
  public let cells: [BitVector]
  public let stackPointer: UInt64
  public let returnAddress: UInt64
  /// How far the code is from its addresses in the file, in bytes.
  public let codeSlide: UInt64
  /// Bytes of the stack that the input fixes, by address: arguments, the return address, and what
  /// uninitialised places happen to hold.
  public let stack: [UInt64: UInt8]
  /// What it is made of.
  package let text: String

  /// The input that `model` describes for code entered at `entry`; what nothing initialised and the
  /// model leaves open is chosen by `choice`.
  init(
    _ model: Model, _ inputs: Inputs, _ entry: EntryState, choice: UndefinedChoice = .zeros
  ) {
    let terms = inputs.terms
    let stackBytes = ConcreteInput.stackBytes(entry, terms)
    let returnAddress = entry.returnAddress ?? terms.constant(0, width: 64)
    let roots = ConcreteInput.roots(inputs, entry) + [returnAddress]
    var evaluator = Evaluator(terms, roots: roots, lanes: 1)
    choice.set(&evaluator, terms) { terms.variable($0)?.isUndefined ?? false }
    for (variable, value) in entry.defaults { evaluator.set(variable, lane: 0, to: value) }
    evaluator.set(model, lane: 0)
    evaluator.run()
    func value(_ term: Term) -> BitVector { evaluator.value(term, lane: 0) }
    text = ConcreteInput.text(evaluator, inputs, entry)

    stackPointer = value(entry.stackPointer).low
    self.returnAddress = value(returnAddress).low
    codeSlide = entry.state.codeSlide.map { value($0).low } ?? 0
    cells = entry.state.cells.map(value)
    var values: [String: BitVector] = [:]
    for parameter in inputs.contract.parameters where parameter.value != nil {
      values[parameter.name] = inputs.environment[parameter.name].map(value)
    }
    self.values = values
    buffers = inputs.buffers.map { buffer in
      let count = Swift.min(value(buffer.count).low, UInt64(buffer.limit))
      let size = Int64(buffer.type.elementBytes)
      let elements = (0..<Int64(count)).map { index in
        (0..<size).reversed().map {
          value(
            inputs.contents[buffer.group].byte(buffer.offset + index * size + $0, terms).term(terms)
          )
        }.reduce(nil as BitVector?) { $0?.concatenating($1) ?? $1 } ?? .zero(Int(size) * 8)
      }
      return Buffer(
        name: buffer.parameter.name, type: buffer.type, address: value(buffer.address).low,
        elements: elements)
    }
    let base = stackPointer
    stack = Dictionary(
      uniqueKeysWithValues: stackBytes.map { offset, term in
        (base &+ UInt64(bitPattern: offset), UInt8(value(term).low))
      })
  }

  /// The bytes of the stack that are worth naming: from a little below the stack pointer to the
  /// last argument.
  static func stackBytes(
    _ entry: EntryState, _ terms: TermManager
  ) -> [(Int64, Term)] {
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
}
