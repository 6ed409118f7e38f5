import MachineModel

/// Code that the engine cannot follow: the reason why there is no verdict.
public struct UnsupportedCode: Error, Sendable, Hashable {
  public let address: UInt64
  /// The bytes at the address, as many as there are up to 15.
  public let bytes: [UInt8]
  public let reason: String

  public init(address: UInt64, bytes: [UInt8], reason: String) {
    self.address = address
    self.bytes = bytes
    self.reason = reason
  }
}

/// The instructions of a `Code`, each decoded once.
public final class InstructionStream {
  public let code: Code
  public let architecture: any Architecture
  private var decoded: [UInt64: Instruction] = [:]
  /// The addresses of the fields that linkers fill, by kind.
  private let displacements: Set<UInt64>
  private let veneers: Set<UInt64>

  public init(_ code: Code, _ architecture: any Architecture) {
    self.code = code
    self.architecture = architecture
    let fields = Dictionary(grouping: code.linkedFields, by: \.kind)
    displacements = Set(fields[.displacement, default: []].map(\.address))
    veneers = Set(fields[.branch, default: []].map(\.address))
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
      throw UnsupportedCode(
        address: address, bytes: Array(bytes.prefix(instruction.length)),
        reason: "refers to \(reference.text)")
    }
    for offset in 0..<instruction.length where displacements.contains(address &+ UInt64(offset)) {
      guard isDisplacement(at: offset, of: instruction, Array(bytes)) else {
        throw UnsupportedCode(
          address: address, bytes: Array(bytes.prefix(instruction.length)),
          reason: "computes with the distance to a mergeable constant, which linkers decide")
      }
    }
    decoded[address] = instruction
    return instruction
  }

  /// What to say of an instruction that does what the engine does not follow.
  func unsupported(_ instruction: Instruction, _ reason: String) -> UnsupportedCode {
    UnsupportedCode(
      address: instruction.address, bytes: bytes(of: instruction), reason: reason)
  }

  /// Whether the byte at `offset` of an instruction is the lowest of the displacement of a PC-relative
  /// operand: changing its lowest bit then moves that operand by one and changes nothing else.
  private func isDisplacement(
    at offset: Int, of instruction: Instruction, _ bytes: [UInt8]
  ) -> Bool {
    var bytes = bytes
    bytes[offset] ^= 1
    guard let other = try? architecture.decode(bytes[...], at: instruction.address),
      other.form == instruction.form, other.length == instruction.length,
      other.operands.count == instruction.operands.count
    else { return false }
    let changed = zip(instruction.operands, other.operands).filter { $0 != $1 }
    guard changed.count == 1, case .memory(let own) = changed[0].0,
      case .memory(let moved) = changed[0].1
    else { return false }
    return own.isRelative && moved.isRelative
      && (own.displacement &- moved.displacement).magnitude == 1
  }

  /// Whether a linker may put a veneer between a branch and its target.
  func isThroughVeneer(_ instruction: Instruction) -> Bool {
    veneers.contains(instruction.address)
  }

  /// The bytes of an instruction of this stream.
  public func bytes(of instruction: Instruction) -> [UInt8] {
    guard let segment = code.segment(at: instruction.address) else { return [] }
    let start = Int(instruction.address - segment.address)
    return Array(segment.bytes[start..<start + instruction.length])
  }
}
