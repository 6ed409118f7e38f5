import MachineModel

/// Code that the engine cannot follow: the reason why there is no verdict.
public struct UnsupportedCode: Error, Sendable, Hashable {
  public let address: UInt64
  /// The bytes at the address, as many as there are up to 15.
  public let bytes: [UInt8]
  public let reason: String
  /// Whether it is known to end the program, so that whatever gets there never returns.
  public let endsProgram: Bool

  public init(address: UInt64, bytes: [UInt8], reason: String, endsProgram: Bool = false) {
    self.address = address
    self.bytes = bytes
    self.reason = reason
    self.endsProgram = endsProgram
  }
}

/// The instructions of a `Code`, each decoded once.
public final class InstructionStream {
  public let code: Code
  public let architecture: any Architecture
  private var decoded: [UInt64: Instruction] = [:]
  /// The addresses from which segments are reached that have a step of their own.
  private let places: [Range<UInt64>]
  /// Instructions stand at multiples of so many bytes, a power of two.
  private let alignment: UInt64
  /// The bytes around the entry that alone decide what instructions there are: linkers have no say.
  private let deciding: Segment?

  public init(_ code: Code, _ architecture: any Architecture) {
    self.code = code
    self.architecture = architecture
    places = code.segments.filter { $0.ownStep != nil }.map(MachineState.Place.range)
    let isLinked = places.isEmpty && code.unresolved.isEmpty && code.linkedFields.isEmpty
    deciding = isLinked ? code.segment(at: code.entry).flatMap { $0.isExecutable ? $0 : nil } : nil
    alignment = UInt64(architecture.instructionAlignment)
  }

  /// The number of bytes around the entry that alone decide what instructions there are.
  var decidingCount: Int { deciding?.bytes.count ?? 0 }

  /// The place of an address among these bytes; nil where no instruction can stand there, or more decides.
  func decidingPlace(of address: UInt64) -> Int? {
    guard let deciding, address & (alignment - 1) == 0, deciding.contains(address)
    else { return nil }
    return Int(address - deciding.address)
  }

  /// These bytes from a place on, at most 15.
  func decidingBytes(from place: Int) -> ArraySlice<UInt8> {
    let bytes = deciding?.bytes ?? []
    return bytes[place..<min(place + 15, bytes.count)]
  }

  /// The instruction at `address`, which has to lie in executable bytes that the file determines.
  public func instruction(at address: UInt64) throws(UnsupportedCode) -> Instruction {
    if let known = decoded[address] { return known }
    guard let segment = code.segment(at: address), segment.isExecutable else {
      throw UnsupportedCode(address: address, bytes: [], reason: "no code at this address")
    }
    let start = Int(address - segment.address)
    let bytes = segment.bytes[start..<min(start + 15, segment.bytes.count)]
    guard address.isMultiple(of: UInt64(architecture.instructionAlignment)) else {
      throw UnsupportedCode(
        address: address, bytes: Array(bytes.prefix(architecture.instructionAlignment)),
        reason: "instructions stand at multiples of \(architecture.instructionAlignment) bytes")
    }
    let instruction: Instruction
    do {
      instruction = try architecture.decode(bytes, at: address)
    } catch {
      throw UnsupportedCode(address: address, bytes: error.bytes, reason: error.reason)
    }
    let extent = address..<instruction.end
    for reference in code.unresolved
    where extent.overlaps(reference.address..<reference.address + UInt64(reference.byteCount)) {
      let endsProgram = reference.cause == .ending && isBranch(instruction, to: reference)
      throw UnsupportedCode(
        address: address, bytes: Array(bytes.prefix(instruction.length)),
        reason: endsProgram
          ? "calls '\(reference.symbol)', which does not return" : "refers to \(reference.text)",
        endsProgram: endsProgram)
    }
    if let reason = linkingRefusal(instruction, Array(bytes)) {
      throw UnsupportedCode(
        address: address, bytes: Array(bytes.prefix(instruction.length)), reason: reason)
    }
    decoded[address] = instruction
    return instruction
  }

  /// Whether an instruction is a call of or a jump to what a reference names: a distance of four bytes at its end, or a
  /// whole one through the global offset table.
  private func isBranch(_ instruction: Instruction, to reference: UnresolvedReference) -> Bool {
    let end = reference.address + UInt64(reference.byteCount)
    guard end == instruction.end, reference.address >= instruction.address else { return false }
    switch instruction.form.family.flow {
    case .call, .jump: return reference.byteCount == 4
    case .indirectCall, .indirectJump: return reference.byteCount == 6
    case .sequential, .conditionalJump, .return, .trap: return false
    }
  }

  /// Why what an instruction does is for linkers to decide, if so.
  private func linkingRefusal(_ instruction: Instruction, _ bytes: [UInt8]) -> String? {
    let extent = instruction.address..<instruction.end
    let fields = code.fields(in: extent)
    for field in fields {
      guard extent.contains(field.address), field.range.upperBound <= extent.upperBound else {
        return "begins or ends in a field that linkers fill"
      }
      let offset = Int(field.address - extent.lowerBound)
      switch field.kind {
      case .load where field.range != extent: return "is not the load that linkers rewrite"
      case .displacement where !isDisplacement(at: offset, field.byteCount, of: instruction, bytes):
        return "computes with a distance that linkers decide"
      case .branch, .displacement, .load: break
      }
    }
    if !fields.contains(where: \.isMerged), reachesPlace(instruction) {
      return "reaches a mergeable constant without a relocation, and linkers decide where that is"
    }
    return nil
  }

  /// Whether a relative operand leads to a segment with a step of its own, or near it.
  private func reachesPlace(_ instruction: Instruction) -> Bool {
    guard !places.isEmpty else { return false }
    return instruction.operands.contains { operand in
      guard let address = operand.relativeAddress else { return false }
      return places.contains { $0.contains(address) }
    }
  }

  /// What to say of an instruction that does what the engine does not follow.
  func unsupported(_ instruction: Instruction, _ reason: String) -> UnsupportedCode {
    UnsupportedCode(
      address: instruction.address, bytes: bytes(of: instruction), reason: reason)
  }

  /// Whether `count` bytes from `offset` on of an instruction are the displacement of a PC-relative operand: changing the
  /// lowest bit then moves that operand by one, changing the next byte does not, and neither changes anything else.
  /// Where all instructions are as long, what a relocation may belong to is for the loader to say.
  private func isDisplacement(
    at offset: Int, _ count: Int, of instruction: Instruction, _ bytes: [UInt8]
  ) -> Bool {
    if architecture.instructionAlignment > 1 { return true }
    let next = offset + count
    return moved(instruction, bytes, at: offset) == 1
      && (next == instruction.length || moved(instruction, bytes, at: next) ?? 0 == 0)
  }

  /// By how much the relative operand moves if the lowest bit of a byte is changed; nil if anything else does.
  private func moved(_ instruction: Instruction, _ bytes: [UInt8], at offset: Int) -> UInt64? {
    var bytes = bytes
    bytes[offset] ^= 1
    guard let other = try? architecture.decode(bytes[...], at: instruction.address),
      other.form == instruction.form, other.length == instruction.length,
      other.operands.count == instruction.operands.count
    else { return nil }
    let changed = zip(instruction.operands, other.operands).filter { $0 != $1 }
    if changed.isEmpty { return 0 }
    guard changed.count == 1, let own = changed[0].0.relativeAddress,
      let moved = changed[0].1.relativeAddress
    else { return nil }
    return Int64(bitPattern: own &- moved).magnitude
  }

  /// Whether a linker may put a veneer between a branch and its target.
  func isThroughVeneer(_ instruction: Instruction) -> Bool {
    code.fields(in: instruction.address..<instruction.end).contains { $0.kind == .branch }
  }

  /// The bytes of an instruction of this stream.
  public func bytes(of instruction: Instruction) -> [UInt8] {
    guard let segment = code.segment(at: instruction.address) else { return [] }
    let start = Int(instruction.address - segment.address)
    return Array(segment.bytes[start..<start + instruction.length])
  }
}
