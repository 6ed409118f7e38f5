import BinVerify
import CBinVerifyABI

/// An error as the C interface tells it: its code and its words.
struct Failure: Error {
  let status: Int32
  let message: String

  static func argument(_ message: String) -> Failure {
    Failure(status: Int32(BINVERIFY_ERROR_ARGUMENT), message: message)
  }

  static func handle(_ kind: String, _ handle: UInt64) -> Failure {
    Failure(
      status: Int32(BINVERIFY_ERROR_HANDLE),
      message: "the handle of a \(kind) was expected, found \(handle)")
  }

  private init(status: Int32, message: String) {
    self.status = status
    self.message = message
  }

  init(_ error: CandidateError) {
    let status =
      switch error {
      case .specification: BINVERIFY_ERROR_SPECIFICATION
      case .vacuous: BINVERIFY_ERROR_VACUOUS
      case .usage: BINVERIFY_ERROR_ARGUMENT
      case .worker: BINVERIFY_ERROR_WORKER
      }
    self.init(status: Int32(status), message: error.description)
  }

  init(_ error: DecoderError) {
    self.init(status: Int32(BINVERIFY_ERROR_DECODER), message: error.description)
  }
}
