import MachineModel

/// What a program would find in memory of an ELF file's constant bytes.
struct LoadedImage {
  /// Sorted by address, disjoint.
  let segments: [Segment]
  /// Sorted by address.
  let unresolved: [UnresolvedReference]
  /// The address of each section that is among the segments.
  let addresses: [Int: UInt64]
  let linkedFields: [LinkedField]
  /// As in `Code`.
  let addressWords: [UInt64]
  /// The unit in which it may be moved as a whole; nil if it may not.
  let slideStep: UInt64?

  init(
    segments: [Segment], unresolved: [UnresolvedReference], linkedFields: [LinkedField] = [],
    addressWords: [UInt64] = [], addresses: [Int: UInt64], slideStep: UInt64?
  ) {
    self.linkedFields = linkedFields
    self.addressWords = addressWords
    self.slideStep = slideStep
    self.segments = segments.sorted { $0.address < $1.address }
    self.unresolved = unresolved.sorted {
      ($0.address, $0.byteCount, $0.symbol) < ($1.address, $1.byteCount, $1.symbol)
    }
    self.addresses = addresses
  }
}
