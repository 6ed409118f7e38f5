import ARM64Model
import FoundationEssentials
import Glibc
import MachineModel
import X86Model

// Decodes the instructions at given offsets of a file, for Benchmarks/decode.py:
//
//   DecodeBenchmark filter ISA CODE OFFSETS    writes the offsets that decode to standard output
//   DecodeBenchmark time ISA CODE OFFSETS      prints nanoseconds an instruction, operands included

/// The words of 32 bits of a file.
func words(_ path: String) throws -> [Int] {
  let bytes = try Data(contentsOf: URL(filePath: path))
  return stride(from: 0, to: bytes.count - 3, by: 4).map { start in
    (0..<4).reduce(0) { $0 | Int(bytes[bytes.startIndex + start + $1]) << (8 * $1) }
  }
}

/// Decodes at every offset; returns the number of operands, so that none is left out.
func operandCount<ISA: Architecture>(_ isa: ISA, _ code: [UInt8], _ offsets: [Int]) -> Int {
  let bytes = code.span.bytes
  return offsets.reduce(0) { count, offset in
    let rest = bytes.extracting(droppingFirst: offset)
    guard let instruction = try? isa.decode(rest, at: UInt64(offset)) else { return count }
    return count + instruction.operands.count
  }
}

/// The processor time that this process has taken, in nanoseconds.
func processorTime() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
}

func run<ISA: Architecture>(_ mode: String, _ isa: ISA, _ code: [UInt8], _ offsets: [Int]) {
  guard mode == "time" else {
    for offset in offsets
    where (try? isa.decode(code[offset..<min(offset + 16, code.count)], at: 0)) != nil {
      print(offset)
    }
    return
  }
  _ = operandCount(isa, code, offsets)
  let start = processorTime()
  let count = operandCount(isa, code, offsets)
  let time = (processorTime() - start) / Double(offsets.count)
  print(time, count)
}

let arguments = CommandLine.arguments
guard arguments.count == 5 else {
  print("DecodeBenchmark filter|time x86-64|arm64 CODE OFFSETS")
  throw CocoaError(.featureUnsupported)
}
let code = [UInt8](try Data(contentsOf: URL(filePath: arguments[3])))
let offsets = try words(arguments[4])
if arguments[2] == "arm64" {
  run(arguments[1], ARM64(), code, offsets)
} else {
  run(arguments[1], X86(), code, offsets)
}
