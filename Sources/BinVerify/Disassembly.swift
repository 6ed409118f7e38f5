import MachineModel

/// A line of a disassembly: an instruction, or bytes that are none.
public struct DisassemblyLine: Sendable, Hashable {
  public let address: UInt64
  public let bytes: [UInt8]
  /// The instruction in the manual's syntax; `.byte` and the bytes where there is none.
  public let text: String
  /// Nil where the bytes are no instruction of the tables.
  public let instruction: Instruction?
  /// Why the bytes are no instruction; nil where they are one.
  public let reason: String?
  /// The line of source that the instruction comes from, if the file tells.
  public let source: SourceLine?
}

/// The instructions of `code`'s extent from its first byte to its last, one after the other.
///
/// Where bytes are no instruction of `cpu`, the next attempt is one instruction alignment further.
public func disassemble(
  _ code: LoadedCode, cpu: CPUProfile = .any
) throws(UnknownArchitecture) -> [DisassemblyLine] {
  let architecture = try architecture(named: code.isa).restricted(to: cpu)
  guard let segment = code.code.segment(at: code.code.extent.lowerBound) else { return [] }
  let end = min(code.code.extent.upperBound, segment.end)
  var lines: [DisassemblyLine] = []
  var address = code.code.extent.lowerBound
  while address < end {
    let start = Int(address - segment.address)
    let rest = segment.bytes[start..<min(start + 15, Int(end - segment.address))]
    let line = line(rest, at: address, architecture, code.code.lines[address])
    lines.append(line)
    address += UInt64(line.bytes.count)
  }
  return lines
}

/// The line for the start of `bytes`, which stand at `address`.
private func line(
  _ bytes: ArraySlice<UInt8>, at address: UInt64, _ architecture: any Architecture,
  _ source: SourceLine?
) -> DisassemblyLine {
  do {
    let instruction = try architecture.decode(bytes, at: address)
    return DisassemblyLine(
      address: address, bytes: Array(bytes.prefix(instruction.length)),
      text: architecture.text(of: instruction), instruction: instruction, reason: nil,
      source: source)
  } catch {
    let skipped = Array(bytes.prefix(architecture.instructionAlignment))
    let text = skipped.map { "0x" + String($0, radix: 16) }.joined(separator: ", ")
    return DisassemblyLine(
      address: address, bytes: skipped, text: ".byte \(text)", instruction: nil,
      reason: error.reason, source: source)
  }
}
