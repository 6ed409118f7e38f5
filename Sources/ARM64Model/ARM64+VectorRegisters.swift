import MachineModel

/// The SIMD and floating-point registers as instructions name them (Arm ARM, C1.2.6).
extension ARM64 {
  /// The letters of lanes of 8, 16, 32, 64 and 128 bits.
  static let laneLetters: [Character] = ["b", "h", "s", "d", "q"]

  /// b0, h0, s0, d0 and q0 to 31, by the logarithm of their width in bytes and by number. A write
  /// clears the rest of the vector register.
  static let scalars: [[Register]] = laneLetters.indices.map { size in
    (0..<32).map { number in
      Register(
        "\(laneLetters[size])\(number)", Cell(firstVectorCell + number), width: 8 << size,
        upper: .zero)
    }
  }

  /// v0 to v31, all 128 bits, for those who name no lanes.
  static let wholeVectors: [Register] = (0..<32).map {
    Register("v\($0)", Cell(firstVectorCell + $0), width: 128)
  }

  /// v0.8b, v0.16b, v0.4h, … v0.2d and v0.1q to 31: by twice the logarithm of the lane's width in
  /// bytes, plus one where all 128 bits are meant, and by number. There is no half of v0.1q.
  static let vectors: [[Register]] = (0..<10).map { shape in
    let (size, width) = (shape / 2, 64 << (shape % 2))
    guard width >= 8 << size else { return [] }
    return (0..<32).map { number in
      Register(
        "v\(number).\(width / (8 << size))\(laneLetters[size])", Cell(firstVectorCell + number),
        width: width, upper: .zero)
    }
  }

  /// v0.b[0], …, v0.d[0] to 31, by the logarithm of the width in bytes and by number, and last
  /// v0.4b[0], four bytes; the names leave out the index. A write keeps the other lanes.
  static let elements: [[Register]] =
    [("b", 8), ("h", 16), ("s", 32), ("d", 64), ("4b", 32)].map { lane, width in
      (0..<32).map { number in
        Register("v\(number).\(lane)", Cell(firstVectorCell + number), width: width)
      }
    }

  static let elementsByName: [String: Register] = {
    var names: [String: Register] = [:]
    for register in elements.joined() { names[register.name] = register }
    return names
  }()
}

extension Register {
  /// The number of a vector register; nil for a register of another kind.
  var vectorNumber: Int? {
    guard let index = cell?.index, index >= ARM64.firstVectorCell,
      index < ARM64.firstVectorCell + 32
    else { return nil }
    return index - ARM64.firstVectorCell
  }

  /// The same element with another index.
  func element(_ index: Int) -> Register {
    Register(name, cell, low: index * width, width: width, upper: upper)
  }

  /// The width in bits of a lane, which the last letter of a name like `v3.8h` says; that of the
  /// whole register where it has no arrangement.
  var laneWidth: Int {
    let last = name.utf8.last
    switch last {
    case 98: return 8
    case 104: return 16
    case 115: return 32
    case 100: return 64
    default: return width
    }
  }
}
