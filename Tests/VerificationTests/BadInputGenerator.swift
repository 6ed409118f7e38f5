import BinVerify
import ConstrainedDecoding
import Contracts
import FoundationEssentials
import MachineModel
import Terms

extension SplitMix64 {
  mutating func below(_ limit: Int) -> Int { Int(next() >> 33) % limit }

  mutating func pick<Value>(_ values: [Value]) -> Value { values[below(values.count)] }
}

/// Makes hostile inputs out of the samples.
struct BadInputGenerator {
  private let samples: [(sample: Sample, file: [UInt8], specification: String)]
  private var random: SplitMix64
  /// Programs of every instruction that the decoder offers, calls and jumps to anywhere among them.
  private let samplers: [String: ProgramSampler]

  init(seed: UInt64) {
    random = SplitMix64(seed: seed)
    var seen: [(sample: Sample, file: [UInt8], specification: String)] = []
    for sample in Sample.all
    where (sample.kernel.contains(".hand.o") || sample.kernel.contains("gcc-O2.o")) {
      guard
        let file = FileManager.default.contents(atPath: Sample.root + "/samples/" + sample.kernel),
        let text = FileManager.default.contents(atPath: Sample.root + "/samples/" + sample.spec)
      else { continue }
      seen.append((sample, Array(file), String(decoding: text, as: UTF8.self)))
    }
    samples = seen
    samplers = ["x86-64", "arm64"].reduce(into: [:]) { result, isa in
      var constraint = DecodingConstraint(isa: isa)
      constraint.branches = .unchecked
      constraint.maximumInstructions = 6
      result[isa] = try? ProgramSampler(
        CompiledDecoder(constraint: constraint, vocabulary: .rawBytes))
    }
  }

  mutating func next() -> BadInput {
    guard !samples.isEmpty else { preconditionFailure("no samples in \(Sample.root)") }
    let (sample, file, specification) = random.pick(samples)
    let isa: ISA = sample.isa == "arm64" ? .arm64 : .x86
    switch random.below(6) {
    case 0:
      return BadInput(
        file: file, fileName: "k.o", symbol: sample.symbol, isa: nil,
        specification: mutatedText(specification))
    case 1:
      return BadInput(
        file: mutatedObject(file), fileName: "k.o",
        symbol: random.below(8) == 0 ? nil : sample.symbol, isa: nil, specification: specification)
    case 2:
      return BadInput(
        file: noise(), fileName: random.pick(["k.bin", "k.hex", "k.o"]), symbol: nil,
        isa: random.below(16) == 0 ? nil : isa, specification: specification)
    case 3:
      return BadInput(
        file: mutatedCode(sample), fileName: "k.bin", symbol: nil, isa: isa,
        specification: specification)
    case 4:
      return BadInput(
        file: mutatedCode(sample), fileName: "k.bin", symbol: nil, isa: isa,
        specification: invented())
    default:
      return BadInput(
        file: acceptable(sample), fileName: "k.bin", symbol: nil, isa: isa,
        specification: specification)
    }
  }

  // MARK: Files

  private mutating func noise() -> [UInt8] {
    let prefix: [UInt8] = random.below(4) == 0 ? [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] : []
    let common: [UInt8] = [
      0x48, 0x89, 0x8B, 0x0F, 0xC3, 0xEB, 0xE8, 0x31, 0xD6, 0x5F, 0x03, 0xC0, 0x91, 0xF9, 0xAA, 0,
      0xFF, 0x66, 0xF3, 0xF7, 0xC1, 0x74, 0xFE, 0x54,
    ]
    return prefix
      + (0..<random.below(64)).map { _ in
        random.below(2) == 0 ? random.pick(common) : UInt8(random.below(256))
      }
  }

  /// A random program that the constrained decoder accepts.
  private mutating func acceptable(_ sample: Sample) -> [UInt8] {
    samplers[sample.isa == "arm64" ? "arm64" : "x86-64"]?.next(using: &random)?.bytes ?? noise()
  }

  private mutating func mutatedCode(_ sample: Sample) -> [UInt8] {
    guard let code = try? sample.code() else { return noise() }
    var bytes = Mutant.bytes(of: code)
    for _ in 0..<random.below(4) where !bytes.isEmpty {
      let place = random.below(bytes.count)
      switch random.below(4) {
      case 0: bytes.remove(at: place)
      case 1: bytes.insert(UInt8(random.below(256)), at: place)
      case 2: bytes[place] ^= 1 << UInt8(random.below(8))
      default: bytes[place] = UInt8(random.below(256))
      }
    }
    return bytes
  }

  private static let numbers: [UInt64] = [
    0, 1, 7, 0x7F, 0xFF, 0xFFF1, 0xFFFF, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 1 << 40,
    .max >> 1, 1 << 63, .max, .max - 0xFFF,
  ]

  private mutating func mutatedObject(_ file: [UInt8]) -> [UInt8] {
    var bytes = file
    for _ in 0...random.below(4) {
      let near = random.below(3) == 0 ? min(64, bytes.count) : bytes.count
      let place = random.below(max(near, 1))
      guard place < bytes.count else { break }
      switch random.below(4) {
      case 0: bytes[place] ^= 1 << UInt8(random.below(8))
      case 1: bytes[place] = UInt8(random.below(256))
      case 2: if random.below(8) == 0 { bytes.removeSubrange(place...) }
      default:
        let value = random.pick(Self.numbers)
        let width = 1 << random.below(4)
        for index in 0..<width where place & ~(width - 1) + index < bytes.count {
          bytes[place & ~(width - 1) + index] = UInt8(
            truncatingIfNeeded: value >> UInt64(8 * index))
        }
      }
    }
    return bytes
  }

  // MARK: Specifications

  private static let pieces = [
    "(", ")", "((", "))", "\"", "|", ";", "\n", "#x", "#b1", "0", "99999999999999999999", "_",
    "let ((x x)) ", "bvadd", "(_ bv7 32)", "(_ extract 63 0)", "true", "[", "]", "*", "int",
    "const",
    "p", "result", ".out", "(bvudiv x x)", "select", "(_ repeat 1000)", "(_ zero_extend 5000)",
    "ensures", "=", ":", "int64_t", "restrict", "p.addr", "(_ BitVec 4096)", "[n]", "size_t n,",
    "(store p x x)", "(bvmul x x x x x)", "bvsmod", "bvurem", "ite", "distinct",
  ]

  private mutating func mutatedText(_ text: String) -> String {
    var bytes = Array(text.utf8)
    for _ in 0...random.below(3) where !bytes.isEmpty {
      let place = random.below(bytes.count)
      let end = min(bytes.count, place + 1 + random.below(24))
      switch random.below(6) {
      case 0: bytes[place] = UInt8(random.below(256))
      case 1: bytes.removeSubrange(place..<end)
      case 2: bytes.insert(contentsOf: bytes[place..<end], at: place)
      case 3: bytes.insert(contentsOf: Array(random.pick(Self.pieces).utf8), at: place)
      case 4: if random.below(6) == 0 { bytes.removeSubrange(place...) }
      default:
        // A digit changes widths, lengths and bounds, and mostly leaves the text well formed.
        let digits = bytes.indices.filter { bytes[$0] >= 0x30 && bytes[$0] <= 0x39 }
        if !digits.isEmpty { bytes[random.pick(digits)] = 0x30 + UInt8(random.below(10)) }
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let types = [
    "int8_t", "uint8_t", "int16_t", "uint16_t", "int", "uint32_t", "int64_t", "size_t", "bool",
    "unsigned __int128", "__int128", "char", "long",
  ]
  private static let lengths = [
    "0", "1", "2", "3", "n", "n+1", "2*n", "n-1", "n*n", "7-n", "100000", "65536", "n*n*n*n",
    "18446744073709551615", "restrict 3", "restrict n",
  ]

  /// A well-formed specification of a prototype made up from parts.
  private mutating func invented() -> String {
    var parameters = ["\(random.pick(Self.types)) n"]
    for index in 0..<random.below(6) {
      let constant = random.below(3) == 0 ? "const " : ""
      parameters.append(
        random.below(2) == 0
          ? "\(random.pick(Self.types)) a\(index)"
          : "\(constant)\(random.pick(Self.types)) p\(index)[\(random.pick(Self.lengths))]")
    }
    let result = random.below(3) == 0 ? "void" : random.pick(Self.types)
    let text = "\(result) f(\(parameters.joined(separator: ", ")))"
    guard let prototype = try? Prototype.parse(text) else {
      return "(set-logic ALL)\n(set-info :kernel \"\(text)\")\n(define-fun ensures () Bool true)"
    }
    let skeleton = SpecificationSkeleton(prototype).text
    let claims = [
      "true", "false", "(= result result)", "(bvult n n)", "(= n n)", "(distinct p0.addr p1.addr)",
      "(= (select p0.out (_ bv0 64)) (select p0 (_ bv0 64)))", "(= p0 p0.out)", "(= p1 p2)",
    ]
    return skeleton.replacing(
      "ensures () Bool true", with: "ensures () Bool \(random.pick(claims))"
    )
    .replacing("() Bool (bvule", with: random.below(4) == 0 ? "() Bool (bvuge" : "() Bool (bvule")
  }
}

extension String {
  /// The text with every occurrence of `old` replaced.
  fileprivate func replacing(_ old: String, with new: String) -> String {
    var parts: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: old) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return (parts + [rest]).joined(separator: new)
  }
}
