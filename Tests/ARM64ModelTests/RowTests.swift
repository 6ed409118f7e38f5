import ARM64Model
import MachineModel
import Terms
import Testing

/// The word of four bytes.
func word(_ bytes: [UInt8]) -> UInt32 {
  bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) }
}

/// The bytes of a word.
func bytes(_ word: UInt32) -> [UInt8] {
  [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: word >> $0) }
}

/// What holds for every row of the tables, by nothing but the row.
struct RowTests {
  static let arm64 = ARM64()
  static let address: UInt64 = 0x7000_1000

  @Test(
    "A row's instructions survive encoding, decoding, printing and reading",
    arguments: arm64.forms)
  func roundTrips(_ form: Form) throws {
    let arm64 = RowTests.arm64
    var random: any RandomNumberGenerator = SplitMix64(seed: UInt64(form.index))
    for _ in 0..<200 {
      let instruction = arm64.randomInstruction(
        of: form, at: RowTests.address, using: &random)
      #expect(instruction.form == form)
      let encoded = try arm64.encode(instruction)
      let decoded = try arm64.decode(encoded[...], at: RowTests.address)
      #expect(decoded == instruction)
      let text = arm64.text(of: instruction)
      let parsed = try arm64.parse(text, at: RowTests.address, labels: [:])
      #expect(parsed == instruction, "\(text)")
      let shouted = try arm64.parse(text.uppercased(), at: RowTests.address, labels: [:])
      #expect(shouted == instruction, "\(text)")
    }
  }

  @Test("Every decodable word has one row and encodes to itself")
  func words() throws {
    let arm64 = RowTests.arm64
    var random = SplitMix64(seed: 1)
    var decoded = 0
    for _ in 0..<300_000 {
      let word = UInt32.random(in: 0...UInt32.max, using: &random)
      guard let instruction = try? arm64.decode(bytes(word)[...], at: RowTests.address) else {
        continue
      }
      decoded += 1
      #expect(try arm64.encode(instruction) == bytes(word))
    }
    #expect(decoded > 30_000)
  }

  @Test("No two rows have a word in common")
  func disjoint() {
    let forms = RowTests.arm64.forms
    let bits = RowTests.fixedBits
    for (index, own) in bits.enumerated() {
      for (other, theirs) in bits[..<index].enumerated()
      where (own.value ^ theirs.value) & own.mask & theirs.mask == 0 {
        // The bits that one of them fixes may be what the other excludes.
        let isExcluded =
          excludes(forms[index], theirs.mask, theirs.value)
          || excludes(forms[other], own.mask, own.value)
        #expect(isExcluded, "\(forms[index].syntax) and \(forms[other].syntax)")
      }
    }
  }

  /// Whether a row excludes a value of one of its fields that the bits `mask` fix as `value`.
  private func excludes(_ form: Form, _ mask: UInt32, _ value: UInt32) -> Bool {
    var position = 32
    for part in form.encoding.split(separator: " ") where position > 0 {
      let head = part.prefix { $0 != "!" }
      let colon = head.firstIndex(of: ":")
      let width = colon.flatMap { Int(head[head.index(after: $0)...]) } ?? 0
      position -= width > 0 ? width : RowTests.bits(of: part).utf8.count
      for pattern in part.split(separator: "!").dropFirst() where width > 0 {
        let wanted = RowTests.number(pattern.dropFirst())
        let own = (mask >> UInt32(position), value >> UInt32(position))
        if own.0 & wanted.mask == wanted.mask, own.1 & wanted.mask == wanted.value { return true }
      }
    }
    return false
  }

  private static let fixedBits = arm64.forms.map { number($0.encoding.split(separator: " ")) }

  /// The bits of one part of a diagram, `x` for those that are free.
  private static func bits(of part: Substring) -> String {
    let part = part.prefix { $0 != "!" }
    if let equals = part.firstIndex(of: "=") {
      return String(part[part.index(after: equals)...])
    }
    if let colon = part.firstIndex(of: ":") {
      return String(repeating: "x", count: Int(part[part.index(after: colon)...]) ?? 0)
    }
    return part.allSatisfy { "01x".contains($0) } ? String(part) : "x"
  }

  /// The fixed bits of a diagram, read independently of the tables' own reader.
  private static func number(_ parts: [Substring]) -> (mask: UInt32, value: UInt32) {
    let bits = parts.map(bits).joined()
    return bits.utf8.count == 32 ? number(bits[...]) : (0, 0)
  }

  private static func number(_ bits: Substring) -> (mask: UInt32, value: UInt32) {
    var (mask, value): (UInt32, UInt32) = (0, 0)
    for bit in bits {
      mask = mask << 1 | (bit == "x" ? 0 : 1)
      value = value << 1 | (bit == "1" ? 1 : 0)
    }
    return (mask, value)
  }

  /// A seed means the same in every process: fields had been filled in the order of their hashes.
  @Test func randomInstructionsDependOnTheSeedAlone() throws {
    let arm64 = ARM64()
    let form = try #require(arm64.forms.first { $0.mnemonic == "madd" })
    var random: any RandomNumberGenerator = SplitMix64(seed: 1)
    var words: [String] = []
    for _ in 0..<6 {
      let bytes = try arm64.encode(arm64.randomInstruction(of: form, at: 0, using: &random))
      words.append(bytes.reversed().map { String($0, radix: 16) }.joined(separator: " "))
    }
    #expect(
      words == [
        "1b 2 7c c1", "1b 16 3c a5", "1b f b fe", "1b b 28 11", "1b 10 3e ac", "1b 1f 4 84",
      ])
  }
}
