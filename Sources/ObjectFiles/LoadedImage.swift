import MachineModel

/// What a program would find in memory of an ELF file's constant bytes.
struct LoadedImage {
  /// Sorted by address, disjoint.
  let segments: [Segment]
  /// Sorted by address.
  let unresolved: [UnresolvedReference]
  /// The address of each section that is among the segments.
  let addresses: [Int: UInt64]
  /// Whether it may stand elsewhere as a whole.
  let isRelocatable: Bool

  init(
    segments: [Segment], unresolved: [UnresolvedReference], addresses: [Int: UInt64],
    isRelocatable: Bool
  ) {
    self.isRelocatable = isRelocatable
    self.segments = segments.sorted { $0.address < $1.address }
    self.unresolved = unresolved.sorted {
      ($0.address, $0.byteCount, $0.symbol) < ($1.address, $1.byteCount, $1.symbol)
    }
    self.addresses = addresses
  }
}
