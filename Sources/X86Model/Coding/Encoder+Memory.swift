import MachineModel

/// ModRM, SIB and displacement of a memory operand.
extension Encoder {
  mutating func put(_ memory: MemoryOperand) throws(AssemblyError) {
    guard memory.addressWidth == 64 || memory.addressWidth == 32, memory.extend == nil,
      memory.mode == .offset, (0..<4).contains(memory.scale)
    else { throw AssemblyError(reason: "no x86-64 address: \(memory)") }
    try memory.checkRegisters(indexWidth: pattern.indexWidth)
    has67 = has67 || memory.addressWidth == 32
    isStackGuard = memory.isStackGuard
    guard !isStackGuard || memory.displacement == 40 && memory.base == nil && memory.index == nil
    else { throw AssemblyError(reason: "of fs there is only fs:[40], the stack protector's guard") }
    if memory.isRelative {
      modRM = modRM & 0x38 | 5
      relativeMemory = memory.displacement
      tail = [0, 0, 0, 0]
      return
    }
    guard Int64(Int32(truncatingIfNeeded: memory.displacement)) == memory.displacement else {
      throw AssemblyError(reason: "displacement \(memory.displacement) does not fit 32 bits")
    }
    modRM &= 0x38
    if memory.base == nil || memory.index != nil || layout.hasSIB
      || (memory.base?.number ?? 0) & 7 == 4
    {
      modRM |= 4
      tail = [try sib(memory)]
    } else if let base = memory.base {
      modRM |= UInt8(base.number & 7)
    }
    if let base = memory.base { rex |= UInt8(base.number >> 3) }
    putDisplacement(memory)
  }

  private mutating func sib(_ memory: MemoryOperand) throws(AssemblyError) -> UInt8 {
    let base = memory.base.map { UInt8($0.number & 7) } ?? 5
    guard let index = memory.index else { return layout.scale << 6 | 4 << 3 | base }
    guard index.number != 4 || index.bank == .vector else {
      throw AssemblyError(reason: "\(index.name) cannot be an index")
    }
    rex |= UInt8(index.number >> 3) << 1
    return UInt8(memory.scale) << 6 | UInt8(index.number & 7) << 3 | base
  }

  private mutating func putDisplacement(_ memory: MemoryOperand) {
    let unit = pattern.displacementUnit(isBroadcast: isBroadcast)
    let shortest = Layout.shortest(memory, unit: unit)
    let count =
      memory.base == nil ? 4 : Swift.max(shortest, layout.displacement)
    if memory.base != nil, count != 0 { modRM |= count == 1 ? 0x40 : 0x80 }
    let value = count == 1 ? memory.displacement / unit : memory.displacement
    for index in 0..<count { tail.append(UInt8(truncatingIfNeeded: value >> Int64(8 * index))) }
  }
}
