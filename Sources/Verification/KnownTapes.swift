import MachineModel

/// The tapes of instructions that were lifted before, by their bytes.
struct KnownTapes {
  /// Tapes are forgotten beyond this many words.
  private static let limit = 1 << 23

  /// The bytes of an instruction, lowest first, and last its length.
  private struct Key: Hashable {
    private let low: UInt64
    private let high: UInt64

    /// The key of the first `length` bytes of those in two words.
    init(_ low: UInt64, _ high: UInt64, length: Int) {
      // Shifts by more than a word's bits give zero.
      self.low = low & ~(UInt64.max << (8 * length))
      self.high = high & ~(UInt64.max << Swift.max(0, 8 * length - 64)) | UInt64(length) << 56
    }

    init(_ bytes: ArraySlice<UInt8>) {
      let (low, high) = Key.words(bytes)
      self.init(low, high, length: bytes.count)
    }

    /// At most 16 bytes as numbers.
    static func words(_ bytes: ArraySlice<UInt8>) -> (UInt64, UInt64) {
      var words: (UInt64, UInt64) = (0, 0)
      withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: bytes) }
      return (UInt64(littleEndian: words.0), UInt64(littleEndian: words.1))
    }
  }

  /// An instruction that does something else elsewhere.
  private struct Place: Hashable {
    let address: UInt64
    let key: Key
  }

  /// Of instructions that do the same anywhere, and of others.
  private var anywhere: [Key: InstructionTape] = [:]
  private var placed: [Place: InstructionTape] = [:]
  /// By first byte: bit `n` for an instruction of `n` bytes in `anywhere`.
  private var lengths = [UInt16](repeating: 0, count: 256)
  private var size = 0

  /// Whether there are so many that they should be forgotten.
  var isFull: Bool { size > KnownTapes.limit }

  /// The tape of the instruction that begins these bytes, of one that does the same anywhere: no instruction is
  /// the beginning of another.
  func tape(beginning bytes: ArraySlice<UInt8>) -> InstructionTape? {
    guard let first = bytes.first else { return nil }
    var lengths = lengths[Int(first)]
    if lengths == 0 { return nil }
    let (low, high) = Key.words(bytes)
    while lengths != 0 {
      let length = lengths.trailingZeroBitCount
      lengths &= lengths - 1
      if length <= bytes.count, let tape = anywhere[Key(low, high, length: length)] { return tape }
    }
    return nil
  }

  /// The tape of an instruction at an address.
  func tape(of bytes: [UInt8], at address: UInt64) -> InstructionTape? {
    let key = Key(bytes[...])
    return anywhere[key] ?? placed[Place(address: address, key: key)]
  }

  /// Keeps the tape of an instruction at an address.
  mutating func keep(_ tape: InstructionTape, of bytes: [UInt8], at address: UInt64) {
    let key = Key(bytes[...])
    size += tape.size
    if tape.next != nil {
      placed[Place(address: address, key: key)] = tape
    } else {
      anywhere[key] = tape
      lengths[Int(bytes[0])] |= 1 << UInt16(bytes.count)
    }
  }
}
