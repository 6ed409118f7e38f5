import ObjectFiles
import Testing

/// A small deterministic source of numbers (xorshift64).
struct Xorshift {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed | 1
  }

  /// A number below `bound`, which is positive.
  mutating func below(_ bound: Int) -> Int {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Int(state >> 16) % bound
  }
}

/// Hostile files end in a value or an `ObjectFileError`.
@Suite struct RobustnessTests {
  private static let files: [(name: String, symbol: String?)] = [
    ("kernel-x86-64.o", "byte_bits"), ("kernel-arm64.o", "byte_bits"),
    ("relocations-x86-64.o", "f"), ("relocations-arm64.o", "f"), ("single-x86-64.so", nil),
    ("single-arm64.so", nil), ("program-x86-64", "step"), ("program-arm64", "step"),
  ]

  /// Loads `bytes` and tells whether that gave code, whose promises then hold.
  private func load(_ bytes: [UInt8], _ name: String, _ symbol: String?) -> Bool {
    do {
      let code = try CodeLoader.load(
        bytes: bytes, name: name, symbol: symbol, isa: nil, withLines: true
      ).code
      #expect(zip(code.segments, code.segments.dropFirst()).allSatisfy { $0.end <= $1.address })
      #expect(code.segment(at: code.entry)?.isExecutable == true)
      #expect(code.bytes(at: code.extent) != nil)
      #expect(code.lines.keys.allSatisfy { code.extent.contains($0) })
      return true
    } catch {
      #expect(!error.message.isEmpty)
      return false
    }
  }

  @Test(arguments: files)
  func truncations(name: String, symbol: String?) throws {
    let bytes = try Fixture.bytes(name)
    #expect(load(bytes, name, symbol))
    for count in bytes.indices {
      #expect(!load(Array(bytes[..<count]), name, symbol), "the first \(count) bytes")
    }
  }

  @Test(arguments: files)
  func mutations(name: String, symbol: String?) throws {
    let bytes = try Fixture.bytes(name)
    var mutator = Mutator(bytes: bytes, seed: UInt64(bytes.count))
    let survivors = (0..<2500).count { _ in load(mutator.next(), name, symbol) }
    #expect(survivors > 0 && survivors < 2500)
  }
}

/// Makes hostile variants of an ELF file.
struct Mutator {
  private let bytes: [UInt8]
  private var random: Xorshift
  /// What is likely to be changed: headers, tables, symbols, relocations and debug information.
  private let targets: [Range<Int>]
  private static let interesting: [UInt64] = [
    0, 1, 2, 0x7f, 0x80, 0xff, 0xffff, 0xfff1, 0xff00, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff,
    0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, 0xffff_ffff_ffff_ffff, 0xffff_ffff_ffff_f000,
  ]

  init(bytes: [UInt8], seed: UInt64) {
    self.bytes = bytes
    random = Xorshift(seed: seed &* 0x9e37_79b9_7f4a_7c15)
    func integer(_ offset: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
    }
    let table = integer(40, 8)
    var targets = [0..<64, 0..<64, table..<bytes.count]
    if integer(32, 8) > 0 { targets.append(64..<64 + 56 * integer(56, 2)) }
    for header in stride(from: table, to: table + 64 * integer(60, 2), by: 64) {
      let range = integer(header + 24, 8)..<integer(header + 24, 8) + integer(header + 32, 8)
      let isTable = [2, 4, 9, 11].contains(integer(header + 4, 4))
      if !range.isEmpty, range.upperBound <= bytes.count {
        targets += Array(repeating: range, count: isTable ? 3 : 1)
      }
    }
    self.targets = targets
  }

  /// The next variant: one to four fields changed, sometimes a piece copied over another or cut off.
  mutating func next() -> [UInt8] {
    var result = bytes
    for _ in 0...random.below(4) {
      let target = targets[random.below(targets.count)]
      let offset = target.lowerBound + random.below(target.count)
      switch random.below(8) {
      case 0: result[offset] ^= 1 << UInt8(random.below(8))
      case 1, 2: result[offset] = UInt8(random.below(256))
      case 3: copy(&result, to: offset)
      default: write(&result, at: offset)
      }
    }
    if random.below(32) == 0 { result.removeLast(random.below(result.count)) }
    return result
  }

  /// Writes a number that is likely to be mishandled, at the alignment of its width.
  private mutating func write(_ result: inout [UInt8], at offset: Int) {
    let width = 1 << random.below(4)
    var value = Self.interesting[random.below(Self.interesting.count)]
    if random.below(3) == 0 { value = UInt64(random.below(2 * bytes.count)) }
    let start = offset & ~(width - 1)
    for index in 0..<width where start + index < result.count {
      result[start + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
    }
  }

  /// Copies a piece of up to 64 bytes from elsewhere.
  private mutating func copy(_ result: inout [UInt8], to offset: Int) {
    let source = random.below(bytes.count)
    let count = min(1 + random.below(64), bytes.count - source, bytes.count - offset)
    for index in 0..<count { result[offset + index] = bytes[source + index] }
  }
}
