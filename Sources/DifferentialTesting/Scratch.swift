/// Where things are, below 2 GiB so that every kind of address reaches them.
package enum Scratch {
  package static let code: UInt64 = 0x2000_0800
  package static let address: UInt64 = 0x2001_0000
  package static let byteCount = 256
  static let wordCount = byteCount / 8
  /// Where branches may go, besides the next instruction.
  package static let landings: [UInt64] = [
    code - 96, code + 96, code + 0x300, code - 0x300, code + 0x4_0000,
  ]

  /// The offset of an access that lies in the scratch memory altogether.
  static func offset(_ address: UInt64, _ byteCount: Int) -> Int? {
    guard address >= self.address else { return nil }
    let offset = address - self.address
    return offset <= UInt64(self.byteCount - byteCount) ? Int(offset) : nil
  }
}
