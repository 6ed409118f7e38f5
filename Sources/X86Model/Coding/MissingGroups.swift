/// What the tables lack, by groups: the reason that users see where an opcode has no row (opcode maps of
/// the Intel SDM, volume 2, appendix A, and of the AMD APM, volume 3, appendix A).
struct MissingGroup {
  /// Which 66, F2 or F3 belongs to the opcodes.
  enum Prefix {
    case any, none, some
  }

  let name: String
  let maps: Set<Pattern.Map>
  let prefix: Prefix
  let opcodes: [ClosedRange<UInt8>]

  private init(
    _ name: String, _ maps: Set<Pattern.Map>, _ prefix: Prefix = .any,
    _ opcodes: ClosedRange<UInt8>...
  ) {
    self.name = name
    self.maps = maps
    self.prefix = prefix
    self.opcodes = opcodes
  }

  private static let floating = "floating-point arithmetic"

  // swift-format-ignore
  private static let all: [MissingGroup] = [
    MissingGroup("AVX-512", [.evex0F, .evex0F38, .evex0F3A], .any, 0x00...0xFF),
    MissingGroup("x87 floating point", [.oneByte], .any, 0x9B...0x9B, 0xD8...0xDF),
    MissingGroup("input and output", [.oneByte], .any, 0x6C...0x6F, 0xE4...0xE7, 0xEC...0xEF),
    MissingGroup("XOP", [.oneByte], .any, 0x8F...0x8F),
    MissingGroup("3DNow!", [.map0F], .any, 0x0E...0x0F),
    MissingGroup("SSE4a", [.map0F], .some, 0x2B...0x2B, 0x78...0x79),
    MissingGroup(floating, [.map0F, .vex0F], .any,
      0x2A...0x2A, 0x2C...0x2F, 0x51...0x53, 0x58...0x5F, 0xC2...0xC2),
    MissingGroup(floating, [.map0F, .vex0F], .some, 0x7C...0x7D, 0xD0...0xD0, 0xE6...0xE6),
    MissingGroup(floating + " (FMA, F16C)", [.vex0F38], .some,
      0x13...0x13, 0x96...0x9F, 0xA6...0xAF, 0xB6...0xBF),
    MissingGroup(floating, [.map0F3A, .vex0F3A], .some,
      0x08...0x0B, 0x1D...0x1D, 0x40...0x41),
    MissingGroup("FMA4 and XOP", [.vex0F3A], .some,
      0x48...0x49, 0x5C...0x5F, 0x68...0x6F, 0x78...0x7F),
    MissingGroup("MMX", [.map0F], .none,
      0x60...0x6B, 0x6E...0x77, 0x7E...0x7F, 0xC4...0xC5, 0xD1...0xFE),
    MissingGroup("MMX", [.map0F], .some, 0xD6...0xD6),
    MissingGroup("MMX", [.map0F38], .none, 0x00...0x0B, 0x1C...0x1E),
    MissingGroup("MMX", [.map0F3A], .none, 0x0F...0x0F),
    MissingGroup("AMX, AVX-VNNI and their kind", [.vex0F38], .any,
      0x49...0x4B, 0x50...0x53, 0x5C...0x5E),
    MissingGroup("segment registers", [.oneByte], .any, 0x8C...0x8C, 0x8E...0x8E),
    MissingGroup("segment registers", [.map0F], .any,
      0xA0...0xA1, 0xA8...0xA9, 0xB2...0xB2, 0xB4...0xB5),
    MissingGroup("interrupts and far transfers", [.oneByte], .any,
      0xCA...0xCB, 0xCD...0xCD, 0xCF...0xCF, 0xFF...0xFF),
    MissingGroup("transactional memory (TSX)", [.oneByte], .any, 0xC6...0xC7),
    MissingGroup("Key Locker", [.map0F38], .some, 0xD8...0xD8, 0xDC...0xDF, 0xFA...0xFB),
    MissingGroup("shadow stacks (CET)", [.map0F38], .any, 0xF5...0xF6),
    MissingGroup("direct stores", [.map0F38], .any, 0xF8...0xF9),
    MissingGroup("virtual machines", [.map0F], .none, 0x78...0x79),
    MissingGroup("system instructions", [.oneByte], .any, 0xFA...0xFB),
    MissingGroup("system instructions", [.map0F], .any,
      0x00...0x09, 0x20...0x23, 0x30...0x37, 0xA2...0xA2, 0xA6...0xA7, 0xAA...0xAA, 0xC7...0xC7),
    MissingGroup("system instructions", [.map0F38], .some, 0x80...0x82),
    MissingGroup("processor state (MXCSR, XSAVE and their kind)", [.map0F, .vex0F], .any, 0xAE...0xAE),
  ]

  /// The group that an opcode belongs to; nil if none is known.
  static func name(_ map: Pattern.Map, _ opcode: UInt8, hasPrefix: Bool) -> String? {
    all.first { group in
      group.maps.contains(map) && group.opcodes.contains { $0.contains(opcode) }
        && (group.prefix == .any || (group.prefix == .some) == hasPrefix)
    }?.name
  }
}

extension Decoder {
  /// Why there is no row for the bytes that were read.
  mutating func missing() -> DecodingFailure {
    let hasPrefix = map.isVEX ? vexPrefix != 0 : prefixes.has66 || prefixes.repeats != 0
    let name = MissingGroup.name(map, opcode, hasPrefix: hasPrefix)
    return .unsupported(name.map { $0 + ": no row of the tables" } ?? "no row of the tables")
  }
}
