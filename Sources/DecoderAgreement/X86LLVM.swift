import FoundationEssentials
import MachineModel
import X86Model

/// LLVM's disassembler: validity, length and text.
///
/// `llvm-mc` reads one stream of instructions. After each code stand fifteen no-ops, so that LLVM is
/// in step again after a code that it reads as longer than it is, and a marker that counts.
package struct X86LLVM: DecoderOracle {
  package let name: String
  private static let marker = 0x5AFE_0000_0000_0000
  private static let command =
    "llvm-mc -disassemble -triple=x86_64 -mattr=+bmi,+bmi2,+adx,+crc32,+lzcnt,+popcnt,+movbe,"
    + "+sse4.2,+avx2,+avx512f,+avx512bw,+avx512dq,+avx512vl --output-asm-variant=1 $INPUT"

  package init() {
    let version = Command.firstLine("llvm-mc --version | grep -o 'version.*'")
    name = "LLVM " + version.dropFirst("version ".count)
  }

  package func outcomes(_ codes: [[UInt8]]) throws -> [Outcome] {
    let results = codes.map { code in
      Result { () throws(DecodingError) in try X86().decode(code[...], at: 0) }
    }
    let given = zip(codes, results).map { code, result in
      (try? result.get()).map { Array(code.prefix($0.length)) } ?? code
    }
    let readings = try read(given)
    return codes.indices.map { outcome(given[$0], results[$0], readings[$0]) }
  }

  private func outcome(
    _ code: [UInt8], _ result: Result<Instruction, DecodingError>, _ reading: Reading
  ) -> Outcome {
    switch result {
    case .failure(let error):
      if reading.isInvalid { return .bothRefuse }
      if error.kind == .unsupported { return .notInTables }
      if let rule = X86LLVMRules.accepting(code, reading.lines) { return .explained(rule) }
      return .different("\(hexText(code)): \(error.reason), LLVM: \(reading.lines.first ?? "")")
    case .success(let instruction):
      let ours = X86().text(of: instruction)
      if !reading.hasWarning, X86LLVMText.areAlike(ours, reading.lines, instruction) {
        return .same
      }
      if let rule = X86LLVMRules.reading(instruction, code) { return .explained(rule) }
      if !reading.hasWarning, X86LLVMRules.hasLockAmongPrefixes(code),
        X86LLVMText.areAlikeButForPrefixes(ours, reading.lines, instruction)
      {
        return .explained(X86LLVMRules.repeatedLock)
      }
      let theirs = reading.hasWarning ? "invalid" : reading.lines.joined(separator: "; ")
      return .different("\(hexText(code)): \(ours), LLVM: \(theirs)")
    }
  }

  // MARK: Running LLVM

  private struct Reading {
    var lines: [String] = []
    /// Whether LLVM refuses the first byte already.
    var isInvalid = false
    /// Whether LLVM refuses anything.
    var hasWarning = false

    /// Takes away the 15 no-ops that follow each code.
    mutating func takeNoOperations() {
      let count = lines.reversed().prefix { $0 == "nop" }.count
      if count < 15 { hasWarning = true }
      lines.removeLast(min(15, count))
    }
  }

  /// What LLVM makes of each code, one line of its input each with a marker after it.
  private func read(_ codes: [[UInt8]]) throws -> [Reading] {
    let padding = String(repeating: "0x90,", count: 15) + "0x49,0xbf,"
    var input = ""
    for (index, code) in codes.enumerated() {
      let marker = UInt64(Self.marker + index)
      input += code.map { "0x" + String($0, radix: 16) }.joined(separator: ",") + "\n" + padding
      for shift in 0..<8 {
        input += "0x" + String(marker >> UInt64(8 * shift) & 255, radix: 16)
        input += shift == 7 ? "\n" : ","
      }
    }
    let (output, errors) = try Command.run(Self.command, input: Array(input.utf8))
    var result = [Reading](repeating: Reading(), count: codes.count)
    take(output, into: &result)
    for line in errors.split(separator: "\n") where line.contains("invalid instruction") {
      let parts = line.split(separator: ":")
      if parts.count > 2, let number = Int(parts[1]), number % 2 == 1 {
        result[number / 2].hasWarning = true
        if parts[2] == "1" { result[number / 2].isInvalid = true }
      }
    }
    return result
  }

  private func take(_ output: String, into result: inout [Reading]) {
    var index = 0
    for line in output.split(separator: "\n").dropFirst() where index < result.count {
      // After the instruction LLVM says what a shuffle does.
      let code = line.prefix { $0 != "#" }
      let text = code.split { $0 == "\t" || $0 == " " }.joined(separator: " ")
      if text.hasPrefix("movabs r15, "), text == "movabs r15, \(Self.marker + index)" {
        result[index].takeNoOperations()
        index += 1
      } else {
        result[index].lines.append(text)
      }
    }
  }
}
