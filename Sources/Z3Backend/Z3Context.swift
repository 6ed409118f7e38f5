import CZ3

/// Why Z3 could not do what it was asked to.
package struct Z3Failure: Error, Sendable {
  /// Z3's own words.
  package let message: String

  package init(_ message: String) { self.message = message }
}

/// A Z3 context of its own: nothing is shared with any other, and errors never end the process.
///
/// Expressions live as long as the context. It belongs to one thread.
package final class Z3Context {
  package let pointer: Z3_context

  package init() throws(Z3Failure) {
    let configuration = Z3_mk_config()
    defer { Z3_del_config(configuration) }
    guard let pointer = Z3_mk_context(configuration) else {
      throw Z3Failure("no context could be made")
    }
    // Without a handler of ours, Z3 prints the error and exits.
    Z3_set_error_handler(pointer) { _, _ in }
    self.pointer = pointer
  }

  deinit { Z3_del_context(pointer) }

  /// What the last call left as its error; nil if it went well.
  package var failure: Z3Failure? {
    let code = Z3_get_error_code(pointer)
    if code == Z3_OK { return nil }
    return Z3Failure(Z3_get_error_msg(pointer, code).map { String(cString: $0) } ?? "an error")
  }

  /// The result of a call, or the error that made it nil.
  package func checked(_ result: OpaquePointer?) throws(Z3Failure) -> OpaquePointer {
    guard let result else { throw failure ?? Z3Failure("Z3 returned nothing") }
    return result
  }

  /// Z3's version: `4.8.12`.
  package static var version: String {
    var parts: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)
    Z3_get_version(&parts.0, &parts.1, &parts.2, &parts.3)
    return "\(parts.0).\(parts.1).\(parts.2)"
  }
}
