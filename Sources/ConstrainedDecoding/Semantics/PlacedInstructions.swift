/// Instructions with another displacement, by what they are like but for that; nothing depends on the machine's state.
///
/// A class for its tables; it is used under the lock of `CompiledDecoder`.
final class PlacedInstructions {
  /// The rest of an instruction's bytes, as in `Position.plan`, and the number of what it does.
  struct Placed {
    let bytes: UInt128
    let effect: Int32
  }

  /// What one is like: a candidate, or what a beginning goes on to with zeros after it.
  enum Source {
    case candidate(Int32)
    case zeros(node: Int32)

    fileprivate var number: Int32 {
      switch self {
      case .candidate(let element): element << 1
      case .zeros(let node): node << 1 | 1
      }
    }
  }

  /// By source and displacement: the place in `made`, or -1 where there is none.
  private let places = FlatTable()
  @exclusivity(unchecked) private var made: [Placed] = []

  /// The instruction with a displacement, made by `make` when it is first asked for.
  func find(
    _ source: Source, displacement: Int32, make: () -> Placed?
  ) -> Placed? {
    let key = FlatTable.key(source.number, displacement)
    if let known = places[key] { return known < 0 ? nil : made[Int(known)] }
    let found = make()
    places.insert(found == nil ? -1 : Int32(made.count), for: key)
    if let found { made.append(found) }
    return found
  }

  func removeAll() {
    places.removeAll()
    made.removeAll()
  }

  /// The bytes that they take.
  var memory: Int { places.memory + made.count * MemoryLayout<Placed>.stride }
}
