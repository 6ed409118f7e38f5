import MachineModel
import Terms

/// The cells and the registers that instructions name (Arm ARM, B1.2).
extension ARM64 {
  static let stackPointerIndex = 31

  /// x0 to x30 and sp of 64 bits each, the four condition flags, v0 to v31 of 128 bits each, and
  /// the cumulative saturation flag, FPSR.QC.
  static let registerFile = RegisterFile(
    (0..<31).map { RegisterFile.Entry("x\($0)", .bitVector(64)) }
      + [RegisterFile.Entry("sp", .bitVector(64))]
      + ["n", "z", "c", "v"].map { RegisterFile.Entry($0, .bool) }
      + (0..<32).map { RegisterFile.Entry("v\($0)", .bitVector(128)) }
      + [RegisterFile.Entry("qc", .bool)] + monitorEntries)

  /// The local exclusives monitor: the address that a load-exclusive marked, and how many bytes of
  /// it, zero where nothing is marked (Arm ARM, B2.12).
  private static let monitorEntries = [
    RegisterFile.Entry("exclusive.address", .bitVector(64), isRelied: false),
    RegisterFile.Entry("exclusive.size", .bitVector(8), isRelied: false),
  ]

  static let monitorAddress = Cell(registerFile.entries.count - 2)
  static let monitorSize = Cell(registerFile.entries.count - 1)

  static let n = Flag("n", Cell(32))
  static let z = Flag("z", Cell(33))
  static let c = Flag("c", Cell(34))
  static let v = Flag("v", Cell(35))
  /// Set by an instruction that saturates, cleared only by a write to FPSR.
  static let qc = Flag("qc", Cell(68))
  /// The cell of v0; those of the other vector registers follow it.
  static let firstVectorCell = 36

  static let nzcv: Set<Flag> = [n, z, c, v]

  /// The general registers of one width by number, 31 being the zero register.
  static let x: [Register] = generalRegisters(width: 64) + [Register("xzr", nil, width: 64)]
  static let w: [Register] =
    generalRegisters(width: 32) + [Register("wzr", nil, width: 32, upper: .zero)]

  /// The general registers of one width by number, 31 being the stack pointer.
  static let xOrSP: [Register] =
    generalRegisters(width: 64) + [Register("sp", Cell(stackPointerIndex), width: 64)]
  static let wOrWSP: [Register] =
    generalRegisters(width: 32)
    + [Register("wsp", Cell(stackPointerIndex), width: 32, upper: .zero)]

  static let sp = xOrSP[31]
  /// The link register, x30.
  static let lr = x[30]

  /// A write to a W register clears the upper half of the X register.
  private static func generalRegisters(width: Int) -> [Register] {
    (0..<31).map { number in
      width == 64
        ? Register("x\(number)", Cell(number), width: 64)
        : Register("w\(number)", Cell(number), width: 32, upper: .zero)
    }
  }

  /// Every register by its name in assembly.
  static let registersByName: [String: Register] = {
    var names: [String: Register] = ["lr": x[30], "fp": x[29]]
    for register in x + w + [xOrSP[31], wOrWSP[31]] { names[register.name] = register }
    for register in (scalars + vectors).joined() { names[register.name] = register }
    for register in wholeVectors { names[register.name] = register }
    return names
  }()

  /// AAPCS64. x16 and x17 may be changed by veneers, x18 is a temporary on Linux; a callee may use
  /// them all. Of v8 to v15 a callee keeps the low halves (6.1.2).
  static let convention = CallingConvention(
    name: "AAPCS64", integerArguments: Array(x[0...7]), integerResults: Array(x[0...1]),
    vectorArguments: Array(wholeVectors[0...7]), vectorResults: [wholeVectors[0]],
    wideArgumentsAreEven: true, stackPointer: sp, returnAddress: .register(lr),
    calleeSaved: Array(x[19...29]) + Array(scalars[3][8...15]), stackRemainder: 0,
    poppedAtReturn: 0, firstStackArgument: 0, redZone: 0, fixedFlags: [:],
    veneerRegisters: Array(x[16...17]))
}
