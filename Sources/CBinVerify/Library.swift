import BinVerify
import CBinVerifyABI

/// All that the library holds: what its handles stand for.
final class Library: Sendable {
  let handles = HandleTable()

  /// The library file itself, run as a program.
  func program() throws(Failure) -> WorkerProgram {
    let capacity = 4_096
    var library = [CChar](repeating: 0, count: capacity)
    var loader = [CChar](repeating: 0, count: capacity)
    guard binverify_program(&library, &loader, capacity) != 0 else {
      throw .argument("the file of this library cannot be found")
    }
    return WorkerProgram(path: text(loader), arguments: [text(library)])
  }

  private func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  /// Runs the body of an exported function: its errors become a code and a message.
  func call(_ body: () throws(Failure) -> Void) -> binverify_status {
    do {
      try body()
      return Int32(BINVERIFY_OK)
    } catch {
      binverify_set_error(error.message)
      return error.status
    }
  }

  /// Work of a verifier, with its errors as those of the interface.
  func judging<Value>(_ body: () throws(CandidateError) -> Value) throws(Failure) -> Value {
    do { return try body() } catch { throw Failure(error) }
  }

  /// Work of the constrained decoder, with its errors as those of the interface.
  func decoding<Value>(_ body: () throws(DecoderError) -> Value) throws(Failure) -> Value {
    do { return try body() } catch { throw Failure(error) }
  }
}

/// The one library of the process; C has nowhere else to keep it.
let library = Library()
