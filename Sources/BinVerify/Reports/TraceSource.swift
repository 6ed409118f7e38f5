import Contracts
import MachineModel
import Terms
import Verification

/// What a trace's instructions were read from: gives their bytes, text and source lines.
package struct TraceSource {
  package let code: Code
  package let architecture: any Architecture

  package init(code: Code, architecture: any Architecture) {
    self.code = code
    self.architecture = architecture
  }

  /// The registers and flags that nothing defines at entry and that decide what the code does on an input of
  /// `contract`.
  package func undefined(
    _ input: ConcreteInput, _ contract: Contract
  ) -> [ConcreteInput.Container] {
    (try? RegisterInfluence(code, architecture, contract))?.registers(of: input) ?? []
  }

  /// The bytes of an instruction of the code.
  package func bytes(of instruction: Instruction) -> [UInt8] {
    guard let segment = code.segment(at: instruction.address) else { return [] }
    let start = Int(instruction.address - segment.address)
    return Array(segment.bytes[start..<min(start + instruction.length, segment.bytes.count)])
  }
}

/// `0x` and lower-case digits.
package func hexadecimal(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }

/// Bytes as pairs of hexadecimal digits with spaces between them.
package func digits(_ bytes: [UInt8], separator: String = " ") -> String {
  bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: separator)
}

/// A value as C prints it; a vector is one unsigned number.
package func decimal(_ value: BitVector, _ type: ValueType?) -> String {
  if type?.kind == .floating {
    return value.width == 32
      ? "\(Float(bitPattern: UInt32(truncatingIfNeeded: value.low)))"
      : "\(Double(bitPattern: value.low))"
  }
  return type?.isSigned == true ? value.signedDecimal : value.decimal
}
