import ARM64Model
import MachineModel
import Terms

/// Words of A64 to compare decoders on, as four bytes each.
package enum ARM64Corpus {
  /// The different words of a section of code.
  package static func sweep(_ bytes: [UInt8]) -> [[UInt8]] {
    let words = stride(from: 0, to: bytes.count - 3, by: 4).map { place in
      (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
    }
    return Set(words).filter(isNoMarker).sorted().map(code)
  }

  package static func random(_ count: Int, seed: UInt64) -> [[UInt8]] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in UInt32.random(in: 0...UInt32.max, using: &random) }
      .filter(isNoMarker).map(code)
  }

  /// Instructions of random rows, nine of ten with up to four bits changed.
  package static func mutated(_ count: Int, seed: UInt64) -> [[UInt8]] {
    var random: any RandomNumberGenerator = SplitMix64(seed: seed)
    let arm64 = ARM64()
    var codes: [[UInt8]] = []
    while codes.count < count {
      let form = arm64.forms[Int.random(in: 0..<arm64.forms.count, using: &random)]
      let instruction = arm64.randomInstruction(of: form, at: 0, using: &random)
      guard let bytes = try? arm64.encode(instruction) else { continue }
      var word = word(bytes)
      if Int.random(in: 0..<10, using: &random) > 0 {
        for _ in 0..<Int.random(in: 0...4, using: &random) {
          word ^= 1 << UInt32.random(in: 0...31, using: &random)
        }
      }
      if isNoMarker(word) { codes.append(code(word)) }
    }
    return codes
  }

  static func word(_ bytes: [UInt8]) -> UInt32 {
    bytes.prefix(4).reversed().reduce(0) { $0 << 8 | UInt32($1) }
  }

  static func code(_ word: UInt32) -> [UInt8] {
    [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> $0) }
  }

  /// Whether a word is not `brk #0`, which marks where the next word begins in LLVM's input.
  package static func isNoMarker(_ word: UInt32) -> Bool { word != 0xD420_0000 }
}
