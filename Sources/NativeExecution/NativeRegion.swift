/// Some bytes at an address in the memory that the code under test sees.
///
/// Regions may share pages (a page then allows what any of its regions allows) but no bytes. What is
/// outside all pages of regions faults.
public struct NativeRegion: Sendable, Hashable {
  /// The first byte's address.
  public var address: UInt64
  /// The contents at the start.
  public var bytes: [UInt8]
  /// The access besides reading.
  public var isWritable: Bool
  public var isExecutable: Bool

  public init(
    address: UInt64, bytes: [UInt8], isWritable: Bool = false, isExecutable: Bool = false
  ) {
    self.address = address
    self.bytes = bytes
    self.isWritable = isWritable
    self.isExecutable = isExecutable
  }
}
