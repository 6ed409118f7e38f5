import MachineModel
import Terms

/// Arguments by the SysV AMD64 ABI (3.2.3, "Parameter Passing") and AAPCS64 (6.8.2, "Parameter
/// passing rules", stages B and C).
extension Layout {
  /// Where `convention` puts a function's parameters and result; `file` is for errors.
  init(
    _ parameters: [Parameter], _ outputs: [Output], _ convention: CallingConvention, file: String
  ) throws(SpecificationError) {
    func unsupported(
      _ name: String, _ position: SourcePosition, _ reason: String
    ) -> SpecificationError {
      SpecificationError(
        .unsupported, file: file, at: position, "'\(name)' \(reason) in \(convention.name)")
    }
    var cursor = ArgumentCursor(convention: convention)
    var arguments: [ValueLocation] = []
    for parameter in parameters {
      let kind = parameter.value?.kind ?? .integer
      guard let place = cursor.place(kind, width: parameter.width) else {
        throw unsupported(
          parameter.name, parameter.position,
          "has \(parameter.width) bits, which cannot be passed")
      }
      arguments.append(place)
    }
    var results: [ValueLocation] = []
    for output in outputs {
      guard let place = Layout.result(output.type, convention) else {
        throw unsupported(
          output.name, output.position, "has \(output.type.width) bits, which cannot be returned")
      }
      results.append(place)
    }
    self.init(
      arguments: arguments, outputs: results, clobbers: nil, clobbersFlags: true,
      stackArgumentBytes: cursor.stackBytes)
  }

  private static func result(
    _ type: ValueType, _ convention: CallingConvention
  ) -> ValueLocation? {
    if type.kind != .integer {
      guard let register = convention.vectorResults.first, type.width <= register.width else {
        return nil
      }
      return .register(register.view(width: type.width))
    }
    let registers = convention.integerResults
    return type.width > 64
      ? .registerPair(low: registers[0], high: registers[1])
      : .register(registers[0].view(width: type.width))
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
  private var nextVector = 0
  /// The bytes of the stack's argument area in use.
  private(set) var stackBytes: Int64 = 0

  init(convention: CallingConvention) { self.convention = convention }

  /// The place of the next argument; nil if there is none that is supported.
  mutating func place(_ kind: ValueType.Kind, width: Int) -> ValueLocation? {
    kind == .integer ? integer(width: width) : vector(width: width)
  }

  /// Floating point and vectors have registers of their own, one each (SysV: class SSE, and SSEUP
  /// for what is wider than 64 bits; AAPCS64: C.1 to C.5).
  private mutating func vector(width: Int) -> ValueLocation? {
    let registers = convention.vectorArguments
    guard let first = registers.first, width <= first.width else { return nil }
    if nextVector < registers.count {
      nextVector += 1
      return .register(registers[nextVector - 1].view(width: width))
    }
    // Wider vectors would align the stack itself to their size.
    return width > 128 ? nil : stack(width: width, slots: width > 64 ? 2 : 1)
  }

  private mutating func integer(width: Int) -> ValueLocation {
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
