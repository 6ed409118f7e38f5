import MachineModel
import Terms

/// Code without a return: which registers its inputs and outputs are in, and what it may change.
public struct Fragment: Hashable, Sendable {
  /// A name bound to a register, which the architecture resolves.
  public struct Binding: Hashable, Sendable {
    public let name: String
    public let register: String
    /// Where the register is named.
    public let position: SourcePosition

    public init(name: String, register: String, position: SourcePosition) {
      self.name = name
      self.register = register
      self.position = position
    }
  }

  /// Inputs, buffers' addresses among them.
  public let inputs: [Binding]
  public let outputs: [Binding]
  /// Registers that may change; a binding's name and register are the same.
  public let clobbers: [Binding]
  /// Whether every flag may change.
  public let clobbersFlags: Bool

  public init(
    inputs: [Binding], outputs: [Binding], clobbers: [Binding], clobbersFlags: Bool
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.clobbers = clobbers
    self.clobbersFlags = clobbersFlags
  }
}
