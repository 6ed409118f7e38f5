import Terms

/// AES (FIPS 197) and carry-less products on terms, shared by the ISAs, so that instructions which
/// do the same mathematics build the same terms.
///
/// A state has 128 bits; byte `4 * column + row` of it, counted from the least significant, is the
/// standard's `s[row, column]`.
extension TermManager {
  // MARK: SubBytes

  /// SubBytes: the S-box on each byte of `state`, of any whole number of bytes.
  public func aesSubstituted(_ state: Term) -> Term {
    mapLanes(state, of: 8) { lookUp($0, in: AESTables.box) }
  }

  /// InvSubBytes.
  public func aesInverseSubstituted(_ state: Term) -> Term {
    mapLanes(state, of: 8) { lookUp($0, in: AESTables.inverseBox) }
  }

  /// The entry of a table of 256 bytes at `index` of eight bits: a choice by its bits from the
  /// highest down.
  ///
  /// Measured for one AES round on 64 inputs: 0.5 ms; as a circuit over GF(2⁴)² 0.35 ms, as a chain
  /// of comparisons 6.5 ms. Z3 proves each pair of them equal in 0.1 to 0.3 s, and an XOR of two
  /// look-ups in none of the forms; so what counts is that equal look-ups are equal terms.
  public func lookUp(_ index: Term, in table: [UInt8]) -> Term {
    precondition(table.count == 256 && width(index) == 8, "a table of \(table.count) bytes")
    return summary("look up", constants: table, of: [index], width: 8) { choice(index, table) }
  }

  private func choice(_ index: Term, _ table: [UInt8]) -> Term {
    var entries = table.map { constant(UInt64($0), width: 8) }
    for position in 0..<8 {
      let isSet = bit(index, position)
      entries = stride(from: 0, to: entries.count, by: 2).map {
        ifThenElse(isSet, entries[$0 + 1], entries[$0])
      }
    }
    return entries[0]
  }

  // MARK: ShiftRows

  /// ShiftRows: row `r` rotated left by `r` columns.
  public func aesShiftedRows(_ state: Term) -> Term { shiftingRows(state, by: 1) }

  /// InvShiftRows.
  public func aesInverseShiftedRows(_ state: Term) -> Term { shiftingRows(state, by: 3) }

  private func shiftingRows(_ state: Term, by step: Int) -> Term {
    let bytes = lanes(state, of: 8)
    return joined((0..<16).map { bytes[($0 + 4 * step * ($0 % 4)) % 16] })
  }

  // MARK: MixColumns

  /// MixColumns on a state, or on any whole number of columns of 32 bits.
  public func aesMixedColumns(_ state: Term) -> Term { mixing(state, by: [2, 3, 1, 1]) }

  /// InvMixColumns.
  public func aesInverseMixedColumns(_ state: Term) -> Term { mixing(state, by: [14, 11, 13, 9]) }

  /// Byte `r` of a column becomes the sum of byte `(r + i) % 4` times `factors[i]`.
  private func mixing(_ state: Term, by factors: [Int]) -> Term {
    mapLanes(state, of: 32) { column in
      let bytes = lanes(column, of: 8)
      return joined(
        (0..<4).map { row in
          (0..<4).reduce(constant(0, width: 8)) {
            xor($0, fieldProduct(bytes[(row + $1) % 4], factors[$1]))
          }
        })
    }
  }

  /// `byte` times a constant in GF(2⁸).
  private func fieldProduct(_ byte: Term, _ factor: Int) -> Term {
    var (power, result) = (byte, constant(0, width: 8))
    for bit in 0..<4 where factor >> bit != 0 {
      if factor >> bit & 1 == 1 { result = xor(result, power) }
      power = timesX(power)
    }
    return result
  }

  /// `byte` times x modulo x⁸ + x⁴ + x³ + x + 1.
  private func timesX(_ byte: Term) -> Term {
    let reduction = signExtend(extract(byte, 7, 7), to: 8)
    return xor(shiftLeft(byte, by: 1), and(reduction, constant(0x1B, width: 8)))
  }

  // MARK: Products over GF(2)

  /// The product of two polynomials over GF(2) of one width, twice as wide. The factors may be
  /// exchanged: the term is the same.
  public func carrylessProduct(_ left: Term, _ right: Term) -> Term {
    let count = width(left)
    precondition(width(right) == count, "\(count) bits times \(width(right))")
    return summary("carry-less product", of: [left, right], width: 2 * count) {
      coefficients(left, right)
    }
  }

  private func coefficients(_ left: Term, _ right: Term) -> Term {
    let count = width(left)
    let (a, b) = (lanes(left, of: 1), lanes(right, of: 1))
    let coefficients = (0..<2 * count - 1).map { degree -> Term in
      let range = Swift.max(0, degree - count + 1)...Swift.min(degree, count - 1)
      let products = range.map { and(a[$0], b[degree - $0]) }
      return sum(products.sorted { $0.position < $1.position }[...])
    }
    return concat(constant(0, width: 1), joined(coefficients))
  }

  /// The exclusive or of `terms`, halved again and again.
  private func sum(_ terms: ArraySlice<Term>) -> Term {
    if terms.count == 1 { return terms[terms.startIndex] }
    let middle = terms.startIndex + terms.count / 2
    return xor(sum(terms[..<middle]), sum(terms[middle...]))
  }
}

/// The S-box of FIPS 197, 5.1.1, and its inverse.
private enum AESTables {
  /// The inverse in GF(2⁸), zero for zero, then the affine map.
  static let box: [UInt8] = {
    // Powers of the generator x + 1; the inverse of its power n is its power 255 - n.
    var (powers, power): ([UInt8], UInt8) = ([], 1)
    for _ in 0..<255 {
      powers.append(power)
      power ^= power << 1 ^ (power & 0x80 == 0 ? 0 : 0x1B)
    }
    var result = [UInt8](repeating: 0x63, count: 256)
    for (exponent, power) in powers.enumerated() {
      let inverse = powers[(255 - exponent) % 255]
      for count: UInt8 in 0..<5 {
        result[Int(power)] ^= inverse << count | inverse >> (8 - count)
      }
    }
    return result
  }()

  static let inverseBox: [UInt8] = {
    var result = [UInt8](repeating: 0, count: 256)
    for (index, value) in box.enumerated() { result[Int(value)] = UInt8(index) }
    return result
  }()
}
