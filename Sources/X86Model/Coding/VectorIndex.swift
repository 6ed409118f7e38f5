import MachineModel

/// VSIB: addresses whose index is a vector (Intel SDM, volume 2, 2.3.12).
///
/// The index is in `MemoryOperand.index`, as legacy instructions see it; the width of the operand is that
/// of all the elements at the addresses.
extension Decoder {
  /// Makes the index that was read a vector register of `width` bits.
  mutating func takeVectorIndex(_ width: Int) throws(DecodingFailure) {
    guard modRM & 7 == 4 else { throw .invalid("a vector of indices needs a SIB byte") }
    guard memory.base != nil || !prefixes.has67 else {
      throw .unsupported("67 before a vector of indices without a base")
    }
    if memory.index == nil {
      // Number 4, which elsewhere stands for no index.
      memory.scale = Int(layout.scale)
      layout.scale = 0
      layout.hasSIB = false
    }
    memory.index = X86Registers.register(
      memory.index?.number ?? 4, .vector, width: width, upper: .keep, hasREX: false)
  }
}

extension MemoryOperand {
  /// Checks that the registers of an address are general ones of its width, but for an index of
  /// `indexWidth` bits where that is not zero.
  func checkRegisters(indexWidth: Int) throws(AssemblyError) {
    let isVector = indexWidth != 0
    if let base, base.width != addressWidth || base.low != 0 || base.bank != .general {
      throw AssemblyError(reason: "\(base.name) in an address of \(addressWidth) bits")
    }
    if let index,
      index.width != (isVector ? indexWidth : addressWidth) || index.low != 0
        || index.bank != (isVector ? .vector : .general)
    {
      throw AssemblyError(reason: "\(index.name) in an address of \(addressWidth) bits")
    }
    if isVector, index == nil { throw AssemblyError(reason: "a vector of indices was expected") }
    if isVector, base == nil, addressWidth == 32 {
      throw AssemblyError(reason: "a vector of indices without a base has addresses of 64 bits")
    }
  }
}

extension Pattern {
  /// The width of the vector of indices in the form's address; zero for a form without.
  var indexWidth: Int { operands.first { $0.indexWidth != 0 }?.indexWidth ?? 0 }

  /// Sets the width of what a vector of addresses reads: elements of 64 bits with W and of 32 without,
  /// as many as there are indices and places in the destination.
  mutating func deriveIndexed() {
    for place in operands.indices where operands[place].indexWidth != 0 {
      let element = rexW ? 64 : 32
      let indices = operands[place].indexWidth / operands[place].indexElementWidth
      operands[place].width =
        Swift.min(indices, operands[0].registerWidth / element) * element
    }
  }
}
