/// Values, or that there is none, by numbers: each made when it is first asked for.
///
/// A class, since others may be made while one is; it is used under the lock of `CompiledDecoder`.
final class FoundValues<Value> {
  /// Places in `values`, or -1.
  private let places = FlatTable()
  @exclusivity(unchecked) private var values: [Value] = []

  /// The value for a key of `FlatTable`, made by `make` where it is not known.
  func value(for key: UInt64, _ make: () -> Value?) -> Value? {
    if let known = places[key] { return known < 0 ? nil : values[Int(known)] }
    let found = make()
    places.insert(found == nil ? -1 : Int32(values.count), for: key)
    if let found { values.append(found) }
    return found
  }

  func removeAll() {
    places.removeAll()
    values.removeAll()
  }

  /// The bytes that they take.
  var memory: Int { places.memory + values.count * MemoryLayout<Value>.stride }
}
