import ARM64Model
import FoundationEssentials
import MachineModel

/// LLVM's disassembler for A64: which words are instructions, and which ones.
package struct ARM64LLVM: DecoderOracle {
  package let name: String
  private static let command =
    "llvm-mc -disassemble -triple=aarch64 -mattr=+v8.5a,+spe,+aes,+sha2,+sha3,+sm4,+mte $INPUT"

  package init() {
    let version = Command.firstLine("llvm-mc --version | grep -o 'version.*'")
    name = "LLVM " + version.dropFirst("version ".count)
  }

  package func outcomes(_ codes: [[UInt8]]) throws -> [Outcome] {
    zip(codes, try texts(codes)).map { code, theirs in
      ARM64Comparison(code: code, address: 0, theirs: theirs, rules: .llvm).outcome
    }
  }

  /// LLVM's text of each word, nil where it says invalid. A `brk` after each word tells where the
  /// next one begins, which is why there is none among the words.
  private func texts(_ codes: [[UInt8]]) throws -> [String?] {
    var input = ""
    for code in codes {
      input += code.map { "0x" + String($0, radix: 16) }.joined(separator: " ")
      input += "\n0x00 0x00 0x20 0xd4\n"
    }
    var result: [String?] = []
    var pending: String?
    let output = try Command.run(Self.command, input: Array(input.utf8)).output
    for line in output.split(separator: "\n") {
      let text = line.split(separator: "\t").joined(separator: " ")
      if text == "brk #0" {
        result.append(pending)
        pending = nil
      } else if text != ".text" {
        pending = ARM64Comparison.withoutComment(text, "/")
      }
    }
    guard result.count == codes.count else { throw CocoaError(.fileReadCorruptFile) }
    return result
  }
}

/// The disassembler of the GNU binutils for A64.
package struct ARM64Objdump: DecoderOracle {
  package let name: String
  private let program: String

  /// - Parameter program: `objdump`, or one that is only for AArch64.
  package init(program: String = "aarch64-linux-gnu-objdump") {
    self.program = program
    let version = Command.firstLine("\(program) --version")
    name = "objdump " + (version.split(separator: " ").last.map(String.init) ?? "")
  }

  package func outcomes(_ codes: [[UInt8]]) throws -> [Outcome] {
    let output = try Command.run(
      "\(program) -D -z -b binary -m aarch64 $INPUT", input: codes.flatMap { $0 }
    ).output
    var theirs = [String?](repeating: nil, count: codes.count)
    var lines = 0
    for line in output.split(separator: "\n") {
      // `   8:	d65f03c0 	ret`
      let parts = line.split(separator: "\t")
      guard parts.count >= 3, let place = Int(parts[0].dropLast().drop { $0 == " " }, radix: 16),
        place / 4 < codes.count
      else { continue }
      lines += 1
      let text = parts.dropFirst(2).joined(separator: " ")
      if !text.hasPrefix(".inst") { theirs[place / 4] = Self.plain(text) }
    }
    guard lines == codes.count else { throw CocoaError(.fileReadCorruptFile) }
    return codes.indices.map { index in
      ARM64Comparison(
        code: codes[index], address: UInt64(4 * index), theirs: theirs[index], rules: .objdump
      ).outcome
    }
  }

  /// The text without comments and the names of places.
  private static func plain(_ text: String) -> String {
    ARM64Comparison.withoutComment(ARM64Comparison.withoutComment(text, "/"), "<")
  }
}
