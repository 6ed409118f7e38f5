import MachineModel
import Terms

/// Integer arguments by the SysV AMD64 ABI (3.2.3, "Parameter Passing") and AAPCS64 (6.8.2,
/// "Parameter passing rules", stages B and C).
extension Layout {
  /// Where `convention` puts a function's parameters and result.
  init(_ parameters: [Parameter], _ outputs: [Output], _ convention: CallingConvention) {
    var cursor = ArgumentCursor(convention: convention)
    let arguments = parameters.map { cursor.place(width: $0.width) }
    self.init(
      arguments: arguments,
      outputs: outputs.map { Layout.result($0.type.width, convention) }, clobbers: nil,
      clobbersFlags: true, stackArgumentBytes: cursor.stackBytes)
  }

  private static func result(_ width: Int, _ convention: CallingConvention) -> ValueLocation {
    let registers = convention.integerResults
    return width > 64
      ? .registerPair(low: registers[0], high: registers[1])
      : .register(registers[0].view(width: width))
  }
}

extension Register {
  /// The low `width` bits of this register, under its name.
  func view(width: Int) -> Register {
    Register(name, cell, low: low, width: width, upper: upper)
  }
}

/// Gives arguments their places, from the first to the last.
private struct ArgumentCursor {
  let convention: CallingConvention
  private var nextRegister = 0
  /// The bytes of the stack's argument area in use.
  private(set) var stackBytes: Int64 = 0

  init(convention: CallingConvention) { self.convention = convention }

  mutating func place(width: Int) -> ValueLocation {
    let registers = convention.integerArguments
    let count = width > 64 ? 2 : 1
    var first = nextRegister
    // AAPCS64, C.10: a 16-byte argument starts at an even register.
    if count == 2, convention.wideArgumentsAreEven { first += first % 2 }
    if first + count <= registers.count {
      nextRegister = first + count
      return count == 2
        ? .registerPair(low: registers[first], high: registers[first + 1])
        : .register(registers[first].view(width: width))
    }
    // AAPCS64, C.13: what does not fit uses the registers up. SysV leaves them to later ones.
    if convention.wideArgumentsAreEven { nextRegister = registers.count }
    return stack(width: width, slots: Int64(count))
  }

  private mutating func stack(width: Int, slots: Int64) -> ValueLocation {
    if slots == 2 { stackBytes = (stackBytes + 15) / 16 * 16 }
    let offset = convention.firstStackArgument + stackBytes
    stackBytes += 8 * slots
    return .stack(offset: offset, byteCount: width / 8)
  }
}
