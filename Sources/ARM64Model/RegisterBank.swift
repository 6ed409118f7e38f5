import MachineModel

/// All registers in one array, so that reading an operand is one look-up.
enum RegisterBank {
  /// The positions of the first register of each kind; 32 follow each other.
  static let x = 0
  static let w = 32
  static let xOrSP = 64
  static let wOrWSP = 96
  /// By the logarithm of the width in bytes.
  static let scalars = 128
  /// By twice the logarithm of the lane's width, plus one where all 128 bits are meant.
  static let vectors = 128 + 5 * 32

  static let all: [Register] =
    ARM64.x + ARM64.w + ARM64.xOrSP + ARM64.wOrWSP + ARM64.scalars.joined()
    + ARM64.vectors.flatMap { $0.isEmpty ? ARM64.x : $0 }
}
