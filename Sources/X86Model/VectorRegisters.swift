import MachineModel

/// The registers that an operand's field selects from.
enum RegisterBank: Sendable, Hashable {
  case general
  /// XMM, YMM and ZMM, which are views of the same cells.
  case vector
  /// The masks of AVX-512.
  case mask
  /// MMX.
  case multimedia
}

/// The vector and mask registers of x86-64 by their encoding numbers.
///
/// The cells have 512 bits. A legacy SSE instruction keeps all bits above the XMM register that it
/// writes, a VEX or EVEX instruction clears them (Intel SDM, volume 2, 2.3.10): so each XMM register
/// is two values of `Register` with the same name.
enum VectorRegisters {
  static let count = 32
  static let maskCount = 8

  /// The index of the first cell of a bank.
  static func first(_ bank: RegisterBank) -> Int {
    let start = X86Registers.generalCount + X86Registers.flagNames.count
    return switch bank {
    case .general: 0
    case .vector: start
    case .mask: start + count
    case .multimedia: start + count + maskCount
    }
  }

  private static func bank(
    _ name: String, _ bank: RegisterBank, _ count: Int, width: Int, _ upper: Register.Upper
  ) -> [Register] {
    (0..<count).map {
      Register("\(name)\($0)", Cell(first(bank) + $0), width: width, upper: upper)
    }
  }

  /// `xmm0` … as legacy instructions see them.
  static let legacy = bank("xmm", .vector, count, width: 128, .keep)
  /// `xmm0` … as VEX and EVEX instructions see them.
  static let bits128 = bank("xmm", .vector, count, width: 128, .zero)
  static let bits256 = bank("ymm", .vector, count, width: 256, .zero)
  static let bits512 = bank("zmm", .vector, count, width: 512, .zero)
  /// `k0` … `k7`.
  static let masks = bank("k", .mask, maskCount, width: 64, .zero)
  /// `mm0` … `mm7`.
  static let multimedia = bank("mm", .multimedia, 8, width: 64, .zero)

  /// One register for each name.
  static let named = legacy + bits256 + bits512 + masks + multimedia

  static let entries = (bits512 + masks + multimedia).map {
    RegisterFile.Entry($0.name, .bitVector($0.width))
  }
}

extension X86Registers {
  /// Register `number` of a bank at `width` bits; `upper` selects between the two views of XMM
  /// registers. `hasREX` matters for bytes only.
  static func register(
    _ number: Int, _ bank: RegisterBank, width: Int, upper: Register.Upper, hasREX: Bool
  ) -> Register {
    switch bank {
    case .general: register(number, width: width, hasREX: hasREX)
    case .mask: VectorRegisters.masks[number]
    case .multimedia: VectorRegisters.multimedia[number]
    case .vector:
      switch width {
      case 128: upper == .keep ? VectorRegisters.legacy[number] : VectorRegisters.bits128[number]
      case 256: VectorRegisters.bits256[number]
      default: VectorRegisters.bits512[number]
      }
    }
  }
}

extension Register {
  /// The same register as an instruction sees it that keeps or clears the bits above.
  func seen(_ upper: Upper) -> Register {
    bank == .vector && width == 128
      ? X86Registers.register(number, .vector, width: 128, upper: upper, hasREX: false) : self
  }
}
