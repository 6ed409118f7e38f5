import MachineModel
import Terms
import Testing
import X86Model

extension Form: CustomTestStringConvertible {
  public var testDescription: String { "\(syntax) | \(encoding)" }
}

/// The bytes of hexadecimal text, spaces ignored.
func bytes(_ hex: String) -> [UInt8] {
  let digits = hex.compactMap(\.hexDigitValue)
  return stride(from: 0, to: digits.count - 1, by: 2).map {
    UInt8(digits[$0] * 16 + digits[$0 + 1])
  }
}

/// Hexadecimal text of bytes.
func hexText(_ bytes: [UInt8]) -> String {
  bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
}

/// The kind of error that decoding `hex` ends in; nil if it succeeds.
func failure(_ hex: String) -> DecodingError.Kind? {
  do throws(DecodingError) {
    _ = try X86().decode(bytes(hex)[...], at: 0x1000)
    return nil
  } catch {
    return error.kind
  }
}

/// The text of the instruction that `hex` is, which must take all of it.
func disassembled(_ hex: String) throws -> String {
  let code = bytes(hex)
  let instruction = try X86().decode(code[...], at: 0x1000)
  #expect(instruction.length == code.count, "\(hex)")
  #expect(try X86().encode(instruction) == code, "\(hex)")
  return X86().text(of: instruction)
}
