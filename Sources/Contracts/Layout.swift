import MachineModel

/// Where a value is at entry or at the return.
public enum ValueLocation: Hashable, Sendable {
  /// The low bits of a register: the view has the value's width. What the register holds above
  /// them is arbitrary.
  case register(Register)
  /// 128 bits in two 64-bit registers.
  case registerPair(low: Register, high: Register)
  /// Memory at `offset` bytes above the stack pointer at entry; bytes of its slot above
  /// `byteCount` are arbitrary.
  case stack(offset: Int64, byteCount: Int)
}

/// Where one architecture puts what a contract is about.
public struct Layout: Hashable, Sendable {
  /// One for each of the contract's parameters, in order.
  public let arguments: [ValueLocation]
  /// One for each of the contract's outputs, in order.
  public let outputs: [ValueLocation]
  /// For a fragment: the registers that may change besides its outputs. Nil for a function, where
  /// the calling convention says so.
  public let clobbers: [Register]?
  /// For a fragment: whether flags may change. True for a function.
  public let clobbersFlags: Bool
  /// The bytes of stack arguments, which the caller owns and the code may write.
  public let stackArgumentBytes: Int64

  public init(
    arguments: [ValueLocation], outputs: [ValueLocation], clobbers: [Register]?,
    clobbersFlags: Bool, stackArgumentBytes: Int64
  ) {
    self.arguments = arguments
    self.outputs = outputs
    self.clobbers = clobbers
    self.clobbersFlags = clobbersFlags
    self.stackArgumentBytes = stackArgumentBytes
  }
}
