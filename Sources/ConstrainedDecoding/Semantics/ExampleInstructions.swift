/// Legal instructions in many states: every form with registers and pointers that have a value at entry.
struct ExampleInstructions: Sendable {
  /// By their bytes; as in `Position.begun`, with zeros after them up to fifteen bytes.
  private let sorted: [(padded: UInt128, begun: UInt128)]

  init(_ instructions: some Sequence<[UInt8]>) {
    var seen: Set<UInt128> = []
    sorted = instructions.map { $0.reduce(UInt128(1)) { $0 << 8 | UInt128($1) } }
      .filter { seen.insert($0).inserted }
      .map { ($0 << UInt128(8 * (15 - $0.byteCount)), $0) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
  }

  /// Those that begin with some bytes and are longer, evenly chosen if there are more than `limit`.
  func beginning(with begun: UInt128, atMost limit: Int) -> [UInt128] {
    let shift = UInt128(8 * (15 - begun.byteCount))
    let first = begun << shift
    var low = 0
    var high = sorted.count
    while low < high {
      let middle = (low + high) / 2
      if sorted[middle].padded < first { low = middle + 1 } else { high = middle }
    }
    var end = low
    while end < sorted.count, sorted[end].padded >> shift == begun { end += 1 }
    let stride = Swift.max(1, (end - low) / limit)
    return Swift.stride(from: low, to: end, by: stride).map { sorted[$0].begun }
      .filter { $0 > begun }
  }
}

extension UInt128 {
  /// How many bytes an instruction that was begun has.
  var byteCount: Int { (127 - leadingZeroBitCount) / 8 }

  /// Those bytes.
  var bytes: [UInt8] {
    let count = byteCount
    return (0..<count).map { UInt8(truncatingIfNeeded: self >> UInt128(8 * (count - 1 - $0))) }
  }
}
