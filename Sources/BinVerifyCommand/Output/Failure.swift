import BinVerify
import GateReports
import ObjectFiles

/// Bad input: what is wrong and what was expected, with the place where there is one.
struct Failure: Error {
  var status = ExitStatus.badInput
  /// One line, without its end.
  let message: String

  init(_ message: String, status: ExitStatus = .badInput) {
    self.message = message
    self.status = status
  }

  /// The failure that an error of the library is.
  init(_ error: any Error) {
    switch error {
    case let failure as Failure: self = failure
    case let error as SpecificationError:
      self.init("\(error.file):\(error.position): error: \(error.message)")
    case let error as ObjectFileError: self.init(Failure.message(error))
    case let error as AssemblyTextError:
      self.init("\(error.file):\(error.line):\(error.column): error: \(error.reason)")
    case let error as UnknownArchitecture: self.init("binverify: error: \(error)")
    case let error as UnknownCPU: self.init("binverify: error: --cpu: \(error)")
    case let error as DecoderError: self.init("binverify: error: \(error)")
    case let error as ReproductionError:
      self.init("binverify: error: \(error.reason)")
    case let error as LiftingError:
      self.init("binverify: inconclusive: \(error.reason)", status: .inconclusive)
    case let error as UnsupportedCode:
      self.init("binverify: error: \(Failure.words(error))", status: .unsupported)
    case let error as VacuousSpecification:
      self.init("\(error.file): error: \(Failure.vacuous)", status: .vacuous)
    default: self.init("binverify: internal error: \(error)", status: .internalError)
    }
  }

  /// What a precondition that nothing meets means.
  static let vacuous = "no input satisfies requires, so every code would satisfy the specification"

  /// The address, the bytes and the reason.
  static func words(_ error: UnsupportedCode) -> String {
    let bytes = error.bytes.isEmpty ? "" : " \(digits(error.bytes)):"
    return "unsupported at \(hexadecimal(error.address)):\(bytes) \(error.reason)"
  }

  private static func message(_ error: ObjectFileError) -> String {
    switch error.position {
    case nil: "\(error.file): error: \(error.message)"
    case .byte(let offset):
      "\(error.file): error: byte \(hexadecimal(offset)): \(error.message)"
    case .text(let line, let column):
      "\(error.file):\(line):\(column): error: \(error.message)"
    }
  }

  /// What the command then leaves behind.
  var outcome: CommandOutcome {
    CommandOutcome(status: status, errors: message.printableLine + "\n")
  }
}
