import BinVerify
import CBinVerifyABI

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

/// An array argument of at most `limit` elements.
func array<Element>(
  _ pointer: UnsafePointer<Element>?, _ count: Int, _ name: String, limit: Int = 1 << 24
) throws(Failure) -> UnsafeBufferPointer<Element> {
  guard 0...limit ~= count else {
    let count = UInt(bitPattern: count)
    throw .argument("\(name): at most \(limit) elements were expected, found \(count)")
  }
  guard pointer != nil || count == 0 else {
    throw .argument("\(name): \(count) elements were expected, found null")
  }
  return UnsafeBufferPointer(start: pointer, count: count)
}

/// The structure at a place, whose first member is its size.
///
/// - Parameter first: the size that it had when the interface first had it; members that a caller does not
///   know of yet are zero.
func structure<Value>(
  _ pointer: UnsafePointer<Value>, _ name: String, first: Int = MemoryLayout<Value>.size
) throws(Failure) -> Value {
  let size = Int(UnsafeRawPointer(pointer).loadUnaligned(as: UInt32.self))
  let own = MemoryLayout<Value>.size
  guard size == own || size == first else {
    throw .argument("\(name): a struct_size of \(own) was expected, found \(size)")
  }
  return withUnsafeTemporaryAllocation(of: Value.self, capacity: 1) { room in
    let bytes = UnsafeMutableRawBufferPointer(room)
    _ = bytes.initializeMemory(as: UInt8.self, repeating: 0)
    bytes.copyMemory(from: UnsafeRawBufferPointer(start: pointer, count: size))
    return room[0]
  }
}

/// Where a structure goes that tells its size in its first member.
func place<Value>(
  structure pointer: UnsafeMutablePointer<Value>?, _ name: String
) throws(Failure) -> UnsafeMutablePointer<Value> {
  let place = try place(pointer, name)
  _ = try structure(UnsafePointer(place), name)
  return place
}

/// How candidates are judged.
struct Judging {
  var limits = VerificationOptions()
  var tests = 32
  var cpu = "any"
  var reports = true

  /// The options at a place, or their defaults.
  init(_ pointer: UnsafePointer<binverify_options>?) throws(Failure) {
    guard let pointer else { return }
    let size = MemoryLayout<binverify_options>.offset(of: \.cpu) ?? 0
    let options = try structure(pointer, "options", first: size)
    if options.seconds != 0 { limits.seconds = options.seconds }
    if options.memory != 0 { limits.memory = options.memory }
    limits.resource = options.resource
    if options.tests != 0 { tests = Int(options.tests) }
    if let name = options.cpu { cpu = try text(name, "cpu") }
    reports = options.omits_reports == 0
  }
}

/// Room for a result of varying size: what fits is written, and how much there is.
struct Room<Element> {
  private let buffer: UnsafeMutablePointer<Element>?
  private let capacity: Int

  init(
    _ buffer: UnsafeMutablePointer<Element>?, _ capacity: Int, _ name: String
  ) throws(Failure) {
    guard capacity >= 0 else {
      throw .argument("capacity: \(UInt(bitPattern: capacity)) is too large")
    }
    guard buffer != nil || capacity == 0 else {
      throw .argument("\(name): room for \(capacity) elements was expected, found null")
    }
    self.buffer = buffer
    self.capacity = capacity
  }

  /// Writes the elements that there is room for, and to `count` how many there are.
  func write(_ elements: [Element], count: UnsafeMutablePointer<Int>?) {
    if let count { count.pointee = elements.count }
    guard let buffer else { return }
    for (index, element) in elements.prefix(capacity).enumerated() { buffer[index] = element }
  }
}

extension Room where Element == CChar {
  /// Writes a text, cut where there is no room for it, with a zero at its end, and to `size` the
  /// bytes that all of it needs.
  func write(_ text: String, size: UnsafeMutablePointer<Int>?) {
    let bytes = text.utf8.map(CChar.init(bitPattern:))
    if let size { size.pointee = bytes.count + 1 }
    if capacity > 0 {
      write(bytes.prefix(capacity - 1) + [0], count: nil)
    }
  }
}
