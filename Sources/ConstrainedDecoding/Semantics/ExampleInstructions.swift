/// Legal instructions in many states: every form with registers and pointers that have a value at entry.
///
/// A class since they are made when they are first asked for; it is used under the lock of `CompiledDecoder`.
final class ExampleInstructions {
  /// By their bytes; as in `Position.begun`, with zeros after them up to fifteen bytes.
  private lazy var sorted = ExampleInstructions.sorted(make())
  private let make: () -> [UInt128]

  init(_ make: @escaping () -> [UInt128]) { self.make = make }

  private static func sorted(_ instructions: [UInt128]) -> [(padded: UInt128, begun: UInt128)] {
    var seen: Set<UInt128> = []
    return instructions.filter { seen.insert($0).inserted }
      .map { ($0 << UInt128(8 * (15 - $0.byteCount)), $0) }
      .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
  }

  var count: Int { sorted.count }

  /// The bytes of one, as in `Position.begun`.
  subscript(index: Int) -> UInt128 { sorted[index].begun }

  /// The places of those that begin with some bytes, and half a byte (one more than it, or zero) after
  /// them.
  func beginning(with begun: UInt128, half: UInt8) -> Range<Int> {
    let shift = UInt128(8 * (15 - begun.byteCount) - (half > 0 ? 4 : 0))
    let begun = half > 0 ? begun << 4 | UInt128(half - 1) : begun
    let low = index { $0 >= begun << shift }
    return low..<Swift.max(low, index { $0 >> shift > begun })
  }

  /// The first of which the bytes are as wanted, as all after it are.
  private func index(_ isWanted: (UInt128) -> Bool) -> Int {
    var (low, high) = (0, sorted.count)
    while low < high {
      let middle = (low + high) / 2
      if isWanted(sorted[middle].padded) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}

extension Sequence<UInt8> {
  /// The bytes of an instruction as in `Position.begun`.
  var begun: UInt128 { reduce(1) { $0 << 8 | UInt128($1) } }
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
