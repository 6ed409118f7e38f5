import MachineModel
import Terms
import X86Model

/// Codes of x86-64 to compare decoders on, each of at most 15 bytes.
package enum X86Corpus {
  /// The different codes that a linear sweep meets: an instruction's bytes, or 15 where we read
  /// none.
  package static func sweep(_ bytes: [UInt8]) -> [[UInt8]] {
    var codes: Set<[UInt8]> = []
    var start = 0
    while start + 15 <= bytes.count {
      let length = (try? X86().decode(bytes[start..<start + 15], at: 0))?.length
      codes.insert(Array(bytes[start..<start + (length ?? 15)]))
      start += length ?? 1
    }
    return codes.sorted { $0.lexicographicallyPrecedes($1) }
  }

  /// Strings of 15 bytes, each of which may be anything.
  package static func random(_ count: Int, seed: UInt64) -> [[UInt8]] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in bytes(15, &random) }
  }

  /// Instructions of random rows, with up to two of their first bytes changed and perhaps a prefix
  /// before them.
  package static func mutated(_ count: Int, seed: UInt64) -> [[UInt8]] {
    var random: any RandomNumberGenerator = SplitMix64(seed: seed)
    let forms = X86().forms
    var codes: [[UInt8]] = []
    while codes.count < count {
      let form = forms[Int.random(in: 0..<forms.count, using: &random)]
      let instruction = X86().randomInstruction(of: form, at: 0, using: &random)
      guard var code = try? X86().encode(instruction) else { continue }
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        let place = Int.random(in: 0..<min(code.count, 4), using: &random)
        code[place] = UInt8.random(in: 0...255, using: &random)
      }
      if Int.random(in: 0..<4, using: &random) == 0 {
        let prefix: [UInt8] = [0x66, 0xF2, 0xF3, 0x67, 0x48, 0x41, 0x44, 0x40, 0x2E, 0xF0]
        code.insert(prefix[Int.random(in: 0..<prefix.count, using: &random)], at: 0)
      }
      while code.count < 15 { code.append(UInt8.random(in: 0...255, using: &random)) }
      codes.append(Array(code.prefix(15)))
    }
    return codes
  }

  /// Strings whose first bytes lead to an opcode: prefixes and REX, an escape, a VEX or an EVEX
  /// prefix; opcode, ModRM and the rest are anything.
  package static func opcodes(_ count: Int, seed: UInt64) -> [[UInt8]] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let head = beginning(&random)
      return head + bytes(15 - head.count, &random)
    }
  }

  private static func beginning(_ random: inout SplitMix64) -> [UInt8] {
    func byte() -> UInt8 { UInt8.random(in: 0...255, using: &random) }
    func map() -> UInt8 { UInt8.random(in: 1...3, using: &random) }
    // Half of all instructions have no vvvv, which must be 1111 then.
    func vector() -> UInt8 { Bool.random(using: &random) ? byte() : byte() | 0x78 }
    switch Int.random(in: 0..<20, using: &random) {
    case 0..<8:
      let prefixes: [UInt8] = [0x66, 0xF2, 0xF3, 0x67, 0x2E, 0xF0, 0x64]
      var head: [UInt8] = []
      for _ in 0..<[0, 0, 1, 1, 2][Int.random(in: 0..<5, using: &random)] {
        head.append(prefixes[Int.random(in: 0..<prefixes.count, using: &random)])
      }
      if Bool.random(using: &random) { head.append(0x40 | byte() & 15) }
      let escapes: [[UInt8]] = [[], [0x0F], [0x0F, 0x38], [0x0F, 0x3A]]
      return head + escapes[Int.random(in: 0..<4, using: &random)]
    case 8..<11: return [0xC5, vector()]
    case 11..<15: return [0xC4, byte() & 0xE0 | map(), vector()]
    default:
      return [0x62, byte() & 0xF0 | map(), vector() | 4, Bool.random(using: &random) ? 8 : byte()]
    }
  }

  private static func bytes(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
    (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
  }
}
