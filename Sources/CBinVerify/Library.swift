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
}

/// The one library of the process; C has nowhere else to keep it.
let library = Library()

/// A text argument.
func text(_ pointer: UnsafePointer<CChar>?, _ name: String) throws(Failure) -> String {
  guard let pointer else { throw .argument("\(name): a text was expected, found null") }
  guard let text = String(validatingCString: pointer) else {
    throw .argument("\(name): UTF-8 text was expected")
  }
  return text
}

/// Where a result goes.
func place<Value>(
  _ pointer: UnsafeMutablePointer<Value>?, _ name: String
) throws(Failure) -> UnsafeMutablePointer<Value> {
  guard let pointer else { throw .argument("\(name): a place was expected, found null") }
  return pointer
}

/// The bytes of code.
func bytes(_ code: binverify_code, _ name: String) throws(Failure) -> [UInt8] {
  guard 0...1 << 24 ~= code.size else {
    let size = UInt(bitPattern: code.size)
    throw .argument("\(name): at most 16 MiB of code were expected, found \(size) bytes")
  }
  if code.size == 0 { return [] }
  guard let start = code.bytes else {
    throw .argument("\(name): \(code.size) bytes were expected, found null")
  }
  return Array(UnsafeBufferPointer(start: start, count: code.size))
}

/// The options at a place, those of older versions included.
func options(
  _ pointer: UnsafePointer<binverify_options>?
) throws(Failure) -> (limits: VerificationOptions, tests: Int) {
  var limits = VerificationOptions()
  guard let pointer else { return (limits, 32) }
  let size = Int(UnsafeRawPointer(pointer).loadUnaligned(as: UInt32.self))
  let own = MemoryLayout<binverify_options>.size
  guard size == own else {
    throw .argument("options: a struct_size of \(own) was expected, found \(size)")
  }
  let options = pointer.pointee
  if options.seconds != 0 { limits.seconds = options.seconds }
  if options.memory != 0 { limits.memory = options.memory }
  limits.resource = options.resource
  return (limits, options.tests == 0 ? 32 : Int(options.tests))
}
