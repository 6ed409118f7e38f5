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

  /// The register or the slot of the stack of which an integer parameter is the low part.
  public struct Container: Sendable, Hashable {
    /// The register's name, or `stack slot`.
    public let name: String
    /// 64 bits.
    public let value: BitVector
  }

  /// The integer parameters, by name.
  public let values: [String: BitVector]
  /// By parameter of a function: what holds it, where the bits above it, which are arbitrary, are not zero.
  public let containers: [String: Container]
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

  /// The input that `model` describes for code entered at `entry`.
  init(_ model: Model, _ inputs: Inputs, _ entry: EntryState) {
    self = InputReader(inputs, entry).input(model)
  }

  init(
    values: [String: BitVector], containers: [String: Container], buffers: [Buffer],
    cells: [BitVector], stackPointer: UInt64, returnAddress: UInt64, codeSlide: UInt64,
    stack: [UInt64: UInt8], text: String
  ) {
    self.values = values
    self.containers = containers
    self.buffers = buffers
    self.cells = cells
    self.stackPointer = stackPointer
    self.returnAddress = returnAddress
    self.codeSlide = codeSlide
    self.stack = stack
    self.text = text
  }
}
